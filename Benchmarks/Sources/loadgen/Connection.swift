import NIOCore
import NIOPosix

/// One keep-alive connection that sends the run's request and hands the answer's parts to its owner.
///
/// Confined to the event loop, like its owner; the requests of a connection follow one another.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let request: ByteBuffer
    private let receive: (Connection, Result<ResponseParser.Part, LoadError>) -> Void
    private var parser = ResponseParser()
    private var pending = ByteBuffer()
    private var context: ChannelHandlerContext?

    /// `receive` is called for each part of an answer, and once with the failure that ended the connection.
    init(request: ByteBuffer, receive: @escaping (Connection, Result<ResponseParser.Part, LoadError>) -> Void) {
        self.request = request
        self.receive = receive
    }

    /// Whether another request may be sent after the present answer has ended.
    var keepsAlive: Bool { self.parser.keepsAlive }

    func send() {
        self.context?.writeAndFlush(NIOAny(self.request), promise: nil)
    }

    /// Closes without a report to the owner.
    func close() {
        let context = self.context
        self.context = nil
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        if self.pending.readableBytes > 0 {
            self.pending.writeBuffer(&bytes)
            swap(&self.pending, &bytes)
        }
        do throws(LoadError) {
            while let part = try self.parser.next(&bytes) {
                self.receive(self, .success(part))
            }
            self.pending = bytes
        } catch {
            self.fail(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail(.failed("the connection was closed"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.fail(.failed("\(error)"))
    }

    private func fail(_ error: LoadError) {
        guard self.context != nil else { return }
        self.close()
        self.receive(self, .failure(error))
    }
}

extension Options {
    /// Opens a connection on the given event loop and hands it out there.
    func connect(
        on eventLoop: any EventLoop,
        receive: @escaping (Connection, Result<ResponseParser.Part, LoadError>) -> Void,
        opened: @escaping (Result<Connection, LoadError>) -> Void
    ) {
        ClientBootstrap(group: eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .connect(host: self.host, port: self.port)
            .assumeIsolated()
            .whenComplete { result in
                do {
                    let connection = Connection(request: self.request, receive: receive)
                    try result.get().pipeline.syncOperations.addHandler(connection)
                    opened(.success(connection))
                } catch {
                    opened(.failure(.failed("cannot connect: \(error)")))
                }
            }
    }
}
