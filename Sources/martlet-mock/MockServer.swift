internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Listens, and gives each connection its handlers.
struct MockServer {
    let state: MockState
    let threads: Int
    let verbose: Bool

    /// Serves until the process is told to stop.
    ///
    /// - Throws: `IOError` if the address cannot be had.
    func serve(host: String, port: Int) throws {
        StopSignals.install()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: self.threads)
        let state = self.state
        let router = Router(state: state, verbose: self.verbose)
        let channel = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
                    try pipeline.addHandler(ConnectionHandler(state: state, router: router))
                }
            }
            .bind(host: host, port: port)
            .wait()
        let boundPort = channel.localAddress?.port ?? port
        let shownHost = host.contains(":") ? "[\(host)]" : host
        StandardStream.output.write("martlet-mock listening on http://\(shownHost):\(boundPort)\n")
        try channel.closeFuture.wait()
    }
}
