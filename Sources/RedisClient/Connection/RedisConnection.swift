import NIOCore
import NIOPosix
import NIOSSL

/// One connection to a server, on which commands are pipelined.
struct RedisConnection: Sendable {
    /// What a connection is opened with, besides the address.
    struct Recipe: Sendable {
        var credentials: RedisCredentials?
        var database = 0
        var clientName: String
        var tls: NIOSSLContext?
        var timing: RedisConfiguration.Timing
    }

    let endpoint: RedisEndpoint
    private let channel: any Channel
    private let handler: NIOLoopBound<ConnectionHandler>

    var closeFuture: EventLoopFuture<Void> { self.channel.closeFuture }

    /// Connects, and introduces us.
    ///
    /// The future fails with a `RedisError`.
    static func open(
        _ endpoint: RedisEndpoint,
        _ recipe: Recipe,
        on loop: any EventLoop
    ) -> EventLoopFuture<RedisConnection> {
        let deadline = NIODeadline.now() + TimeAmount(recipe.timing.connect)
        let stall = recipe.timing.stall
        let tls = recipe.tls
        return ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(recipe.timing.connect))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try RedisTLS.handler(tls, host: endpoint.host)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(stall: stall))
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
            .flatMapErrorThrowing { error in throw RedisError.connectionFailed("\(error)") }
            .flatMapThrowing { channel in
                let handler = try channel.pipeline.syncOperations.handler(type: ConnectionHandler.self)
                return RedisConnection(
                    endpoint: endpoint,
                    channel: channel,
                    handler: NIOLoopBound(handler, eventLoop: loop)
                )
            }
            .flatMap { connection in
                Handshake(connection: connection, recipe: recipe, deadline: deadline, loop: loop).run()
                    .map { connection }
                    .flatMapErrorThrowing { error in
                        connection.close()
                        throw error
                    }
            }
    }

    func send(_ call: RedisCall) {
        let loop = self.handler.eventLoop
        let handler = self.handler
        if loop.inEventLoop {
            handler.value.send(call)
        } else {
            loop.execute { handler.value.send(call) }
        }
    }

    func send(_ command: RedisCommand, deadline: NIODeadline) -> EventLoopFuture<RedisReply> {
        let promise = self.handler.eventLoop.makePromise(of: RedisReply.self)
        self.send(RedisCall(command, deadline: deadline) { promise.completeWith($0.mapError { $0 as any Error }) })
        return promise.futureResult
    }

    /// Ends it; commands that wait fail with `.connectionLost`.
    func close(_ reason: String = "closed") {
        let handler = self.handler
        self.handler.eventLoop.execute { handler.value.fail(.connectionLost(reason)) }
    }
}
