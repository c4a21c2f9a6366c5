import Domain
import NIOCore

/// One client's connection: bytes in, whole requests out to the handler, answers back.
///
/// Lane-confined.
///
/// Requests are answered one at a time; what a client sends ahead waits in `inbound`.
final class ClientConnection: ChannelInboundHandler, LaneTimed {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case reading
        case answering(Exchange)
        /// The last answer is on its way; what still comes in is thrown away, so that no reset overtakes the answer.
        case lingering
        case closed
    }

    private let lane: Lane
    private let server: ServerCore
    private var state = State.reading
    private var parser: RequestParser
    private var inbound = ByteBuffer()
    private var context: ChannelHandlerContext?
    private var isParsing = false
    private var bodyStarted = NIODeadline.now()
    private var phase = RequestParser.Phase.idle
    /// Bytes that were written and not yet sent when this was last looked at.
    private var unsent = 0
    private(set) var deadline = NIODeadline.distantFuture

    /// How much a client may send ahead before its connection is not read any more.
    private static let maximumAhead = 256 * 1024
    private static let lingerTime = TimeAmount.seconds(2)
    private static let drainTime = TimeAmount.milliseconds(250)

    init(lane: Lane, server: ServerCore) {
        self.lane = lane
        self.server = server
        self.parser = RequestParser(limits: server.limits.head, maximumBody: server.limits.maximumBody)
    }

    /// The peer's address without its port, spelled out once a connection.
    lazy var remoteAddress: String? = self.context?.channel.remoteAddress?.ipAddress

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        guard self.server.connectionOpened() else {
            self.state = .closed
            self.server.connectionClosed()
            context.close(promise: nil)
            return
        }
        self.lane.add(self)
        self.setDeadline()
        if self.lane.isDraining { self.drain() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .closed = self.state { return }
        let last = self.state
        self.state = .closed
        self.deadline = .distantFuture
        self.lane.remove(self)
        self.server.connectionClosed()
        if case .answering(let exchange) = last {
            self.lane.counters.requestsInFlight -= 1
            self.lane.counters.clientsGone += 1
            exchange.clientGone()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset or a broken pipe: the connection is of no use; channelInactive does the rest.
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        switch self.state {
        case .reading:
            self.take(&bytes)
            self.readRequests()
        case .answering:
            self.take(&bytes)
            if self.inbound.readableBytes > Self.maximumAhead { self.setAutoRead(false) }
        case .lingering, .closed: break
        }
    }

    private func take(_ bytes: inout ByteBuffer) {
        if self.inbound.readableBytes == 0 {
            self.inbound = bytes
        } else {
            self.inbound.writeBuffer(&bytes)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .answering(let exchange) = self.state {
            let isWritable = context.channel.isWritable
            // A client that reads nothing at all may not hold an answer for ever.
            self.deadline = isWritable ? .distantFuture : .now() + TimeAmount(self.server.limits.idleTime)
            if isWritable { exchange.rearmSilence() }
            exchange.upstream?.setReading(isWritable)
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Requests

    /// Reads requests while there are whole ones and nobody is being answered.
    private func readRequests() {
        // An answer given at once, inside `handle`, comes back here: the loop goes on instead of recursing.
        guard !self.isParsing else { return }
        self.isParsing = true
        defer { self.isParsing = false }
        while case .reading = self.state {
            switch self.parser.next(&self.inbound) {
            case .needsMore:
                self.setDeadline()
                return
            case .sendContinue:
                self.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
                self.flush()
            case .request(let head, let body): self.begin(head, body)
            case .refused(let defect): self.refuse(defect.error)
            }
        }
    }

    private func begin(_ head: RequestHead, _ body: ByteBuffer) {
        let exchange = Exchange(lane: self.lane, connection: self, head: head, body: body)
        self.state = .answering(exchange)
        self.deadline = .distantFuture
        self.phase = .idle
        self.lane.counters.requests += 1
        self.lane.counters.requestsInFlight += 1
        self.server.handler.handle(exchange)
    }

    private func refuse(_ error: GatewayError) {
        let (headers, body) = self.server.handler.refusal(error, lane: self.lane)
        var output = ByteBuffer()
        output.writeStaticString("HTTP/1.1 ")
        output.writeImmutableBuffer(StatusLine.text(error.status))
        output.writeImmutableBuffer(self.lane.clock.dateLine)
        output.writeImmutableBuffer(headers)
        output.writeString("content-length: \(body.readableBytes)\r\nconnection: close\r\n\r\n")
        output.writeImmutableBuffer(body)
        self.write(output)
        self.flush()
        self.linger()
    }

    // MARK: Answers

    func write(_ bytes: ByteBuffer) {
        self.context?.write(Self.wrapOutboundOut(bytes), promise: nil)
    }

    func flush() {
        self.context?.flush()
    }

    /// The answer has been handed over whole.
    func exchangeEnded(_ exchange: Exchange, keepsAlive: Bool) {
        guard case .answering(let current) = self.state, current === exchange else { return }
        exchange.release()
        self.lane.counters.requestsInFlight -= 1
        guard keepsAlive, !self.lane.isDraining else {
            self.linger()
            return
        }
        self.state = .reading
        self.parser.recycle(exchange.head)
        if self.inbound.readableBytes > 0 {
            self.setAutoRead(true)
            self.readRequests()
        }
        if case .reading = self.state { self.setDeadline() }
    }

    private func linger() {
        self.state = .lingering
        self.inbound = ByteBuffer()
        self.deadline = .now() + Self.lingerTime
        self.setAutoRead(true)
        self.context?.close(mode: .output, promise: nil)
    }

    /// Ends the connection now.
    func cut() {
        self.context?.close(promise: nil)
    }

    /// The server is going down: an idle connection has a moment left, in case a request is on its way.
    func drain() {
        guard case .reading = self.state, self.parser.phase(buffered: self.inbound.readableBytes) == .idle else {
            return
        }
        self.deadline = .now() + Self.drainTime
    }

    private func setAutoRead(_ value: Bool) {
        guard let options = self.context?.channel.syncOptions else { return }
        // Setting an option fails only on a closed channel, which needs no reading.
        try? options.setOption(.autoRead, value: value)
    }

    // MARK: Time limits

    /// Sets the limit for what the connection waits for; called whenever bytes came or an answer ended.
    private func setDeadline() {
        let now = NIODeadline.now()
        let phase = self.parser.phase(buffered: self.inbound.readableBytes)
        defer { self.phase = phase }
        switch phase {
        case .idle:
            self.deadline = now + (self.lane.isDraining ? Self.drainTime : TimeAmount(self.server.limits.idleTime))
        case .head where self.phase != .head:
            // Set once a request, at its first byte; later bytes do not win more time.
            self.deadline = now + TimeAmount(self.server.limits.headerTime)
        case .body where self.phase != .body:
            self.bodyStarted = now
            let isLimited = self.server.limits.minimumBodyRate > 0
            self.deadline = isLimited ? now + TimeAmount(self.server.limits.bodyGrace) : .distantFuture
        case .head, .body: break
        }
    }

    /// An answer's stream was written to: silence begins anew.
    ///
    /// The lane's clock is fine enough, and costs nothing.
    func extendSilence(_ limit: TimeAmount) {
        guard self.context?.channel.isWritable == true else { return }
        self.deadline = self.lane.now + limit
    }

    func deadlinePassed(now: NIODeadline) {
        if self.isStillSending(now) { return }
        switch self.state {
        case .reading:
            switch self.parser.phase(buffered: self.inbound.readableBytes) {
            case .idle: self.cut()
            case .head:
                self.refuse(GatewayError(.requestTimeout, "The request's head took too long to arrive."))
            case .body: self.checkBodyRate(now)
            }
        case .answering(let exchange) where self.context?.channel.isWritable == true:
            self.deadline = .distantFuture
            exchange.silencePassed()
        case .answering, .lingering: self.cut()
        case .closed: break
        }
    }

    /// Whether the client is taking what was written, if slowly: then it has more time.
    ///
    /// Answers are handed over whole, so that a large one may be on its way long after its exchange has ended.
    private func isStillSending(_ now: NIODeadline) -> Bool {
        // A closed channel has no options, and nothing to send.
        let options = self.context?.channel.syncOptions
        let left = (try? options?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
        defer { self.unsent = left }
        guard left > 0, left != self.unsent else { return false }
        self.deadline = now + TimeAmount(self.server.limits.idleTime)
        return true
    }

    private func checkBodyRate(_ now: NIODeadline) {
        let elapsed = (now - self.bodyStarted).nanoseconds
        let (seconds, _) = self.server.limits.bodyGrace.components
        let due = (elapsed / 1_000_000_000 - seconds) * Int64(self.server.limits.minimumBodyRate)
        if Int64(self.parser.bodyBytes) < max(due, 1) {
            self.refuse(GatewayError(.requestTimeout, "The request's body arrived too slowly."))
        } else {
            self.deadline = now + .seconds(1)
        }
    }
}
