package import NIOCore
import NIOPosix

/// The loops of the lanes, one thread each.
package struct LaneGroup: Sendable {
    package let lanes: [Lane]
    private let group: MultiThreadedEventLoopGroup

    package init(threads: Int, upstream: UpstreamSettings) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        self.group = group
        var lanes: [Lane] = []
        for (index, loop) in group.makeIterator().enumerated() {
            lanes.append(Lane(loop: loop, index: index, upstream: upstream))
        }
        self.lanes = lanes
    }

    /// What a server's bootstrap spreads connections over.
    package var loops: any EventLoopGroup { self.group }

    package func shutDown() {
        // Nothing can be done about a loop that does not end while the process does.
        try? self.group.syncShutdownGracefully()
    }
}
