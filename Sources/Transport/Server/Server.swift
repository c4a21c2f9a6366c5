import Domain
package import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What all client connections of a server share.
final class ServerCore: Sendable {
    let handler: any RequestHandler
    let limits: ServerLimits
    private let connections = Atomic<Int>(0)

    init(handler: any RequestHandler, limits: ServerLimits) {
        self.handler = handler
        self.limits = limits
    }

    /// Counts a connection in; false when it is one too many.
    func connectionOpened() -> Bool {
        self.connections.add(1, ordering: .relaxed).newValue <= self.limits.maximumConnections
    }

    func connectionClosed() {
        self.connections.subtract(1, ordering: .relaxed)
    }

    var openConnections: Int { self.connections.load(ordering: .relaxed) }
}

/// The listener, and the lanes its connections are spread over.
package final class Server: Sendable {
    package let lanes: [Lane]
    private let core: ServerCore
    private let channel: any Channel

    private init(lanes: [Lane], core: ServerCore, channel: any Channel) {
        self.lanes = lanes
        self.core = core
        self.channel = channel
    }

    /// The address that was bound: with port 0 it tells which one it became.
    package var localAddress: SocketAddress? { self.channel.localAddress }

    package var openConnections: Int { self.core.openConnections }

    /// Binds and begins to accept.
    ///
    /// - Throws: NIO's `IOError` when the address cannot be bound.
    package static func start(
        host: String,
        port: Int,
        on group: LaneGroup,
        handler: any RequestHandler,
        limits: ServerLimits
    ) throws -> Server {
        let core = ServerCore(handler: handler, limits: limits)
        let lanes = group.lanes
        let laneOfLoop = Dictionary(uniqueKeysWithValues: lanes.map { (ObjectIdentifier($0.loop), $0) })
        let bootstrap = ServerBootstrap(group: group.loops)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let lane = laneOfLoop[ObjectIdentifier(channel.eventLoop)] else { return }
                    try channel.pipeline.syncOperations.addHandler(ClientConnection(lane: lane, server: core))
                }
            }
        let channel = try bootstrap.bind(host: host, port: port).wait()
        return Server(lanes: lanes, core: core, channel: channel)
    }

    /// Stops accepting and lets the requests in flight finish.
    ///
    /// Blocks the calling thread, which must not be a loop's.
    ///
    /// - Parameters:
    ///   - grace: how long to wait; what is not done then is cut.
    ///   - isHurried: asked now and then; true ends the wait at once.
    /// - Returns: how many connections had to be cut.
    package func shutDown(grace: Duration, isHurried: () -> Bool) -> Int {
        // Closing a listener that is closed already is what was wanted.
        try? self.channel.close().wait()
        for lane in self.lanes { lane.loop.execute { lane.drain() } }
        let clock = ContinuousClock()
        let end = clock.now + grace
        while self.core.openConnections > 0, clock.now < end, !isHurried() { Self.pause() }
        let left = self.core.openConnections
        for lane in self.lanes { lane.loop.execute { lane.cutClients() } }
        for lane in self.lanes {
            // A loop that is gone has no connections left to cut.
            try? lane.loop.submit {}.wait()
        }
        return left
    }

    private static func pause() {
        usleep(10_000)
    }
}
