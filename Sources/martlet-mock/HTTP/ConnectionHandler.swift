internal import NIOCore
internal import NIOHTTP1

/// Reads requests from one connection and answers them in order.
///
/// Lives on the connection's event loop. Answers are written as raw bytes: only so can they be wrong on purpose, and
/// a plain answer is one write.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    /// The largest request body, in bytes.
    static let bodyLimit = 200 * 1024 * 1024

    private let state: MockState
    private let router: Router
    private let connectionNumber: Int
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var waiting: [ReceivedRequest] = []
    private var running: RunningRequest?
    private var closing = false
    /// Reused for every plain answer: writes are flushed at once, so the storage is ours again afterwards.
    private var output = ByteBuffer()

    init(state: MockState, router: Router) {
        self.state = state
        self.router = router
        self.connectionNumber = state.connectionOpened()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body = ByteBuffer()
            if head.headers.contains(name: "expect") {
                context.writeAndFlush(NIOAny(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            }
        case .body(var bytes):
            self.receive(&bytes, context: context)
        case .end:
            guard let head = self.head, !self.closing else { return }
            self.head = nil
            let request = ReceivedRequest(head: head, body: self.body)
            self.body = ByteBuffer()
            if self.running == nil { self.answer(request, context: context) } else { self.waiting.append(request) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.closing = true
        if let running = self.running {
            self.running = nil
            running.playback?.cancel()
            self.state.finished(running.record, .clientClosed)
        }
        self.state.connectionClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, !self.closing, self.running == nil else { return context.close(promise: nil) }
        self.closing = true
        let text: StaticString = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        context.writeAndFlush(NIOAny(ByteBuffer(staticString: text)), promise: nil)
        context.close(promise: nil)
    }

    private func receive(_ bytes: inout ByteBuffer, context: ChannelHandlerContext) {
        guard let head = self.head else { return }
        if self.body.readableBytes == 0 {
            self.body = bytes
        } else {
            self.body.writeBuffer(&bytes)
        }
        guard self.body.readableBytes > Self.bodyLimit else { return }
        self.head = nil
        self.body = ByteBuffer()
        let request = ReceivedRequest(head: head, body: ByteBuffer())
        let answer = self.router.refusal(of: request, ProviderError(status: 413))
        self.play(answer, to: request, record: nil, closing: true, context: context)
    }

    private func answer(_ request: ReceivedRequest, context: ChannelHandlerContext) {
        var request = request
        let record = request.isControl ? nil : self.state.started(&request, connection: self.connectionNumber)
        let answer = self.router.answer(request)
        self.play(answer, to: request, record: record, closing: !request.head.isKeepAlive, context: context)
    }

    private func play(
        _ answer: Answer,
        to request: ReceivedRequest,
        record: RequestRecord?,
        closing: Bool,
        context: ChannelHandlerContext
    ) {
        if case .complete(let body) = answer.body, answer.directive == nil, !closing {
            self.output.clear()
            answer.writeHead(framing: .length(body.readableBytes), announceClose: false, into: &self.output)
            self.output.writeImmutableBuffer(body)
            context.writeAndFlush(NIOAny(self.output), promise: nil)
            if let record { self.state.finished(record, .complete) }
            return self.proceed(.keep, context: context)
        }
        if case .events = answer.body, let record { self.state.streamStarted(record) }
        let playback = AnswerPlayback(
            answer,
            closing: closing,
            isHTTP10: request.head.version == .http1_0,
            context: context
        ) { [weak self] aftermath in
            guard let self else { return }
            if let running = self.running { self.state.finished(running.record, .complete) }
            self.running = nil
            self.proceed(aftermath, context: context)
        }
        self.running = RunningRequest(record: record, playback: playback)
        playback.start()
    }

    private func proceed(_ aftermath: AnswerPlayback.Aftermath, context: ChannelHandlerContext) {
        switch aftermath {
        case .keep:
            guard !self.waiting.isEmpty, !self.closing else { return }
            self.answer(self.waiting.removeFirst(), context: context)
        case .close:
            self.closing = true
            context.close(promise: nil)
        case .closeSilently(let delay):
            self.closing = true
            context.eventLoop.assumeIsolated().scheduleTask(in: delay) { context.close(promise: nil) }
        }
    }
}

/// A request whose answer is not sent completely yet.
private struct RunningRequest {
    let record: RequestRecord?
    let playback: AnswerPlayback?
}
