package import Domain
package import NIOCore
import NIOTLS

/// Takes a streamed answer's bytes as they come.
///
/// Lane-confined.
package protocol UpstreamSink: AnyObject {
    func upstreamBytes(_ bytes: ByteBuffer)
    /// All bytes of one read have been given: the moment to flush.
    func upstreamReadComplete()
    func upstreamEnded()
    func upstreamFailed(_ error: UpstreamError)
}

/// A kept-alive connection to an upstream: one request at a time, in the order head, body, end.
///
/// Lane-confined.
package final class UpstreamConnection: ChannelInboundHandler, LaneTimed, @unchecked Sendable {
    // Unchecked: confined to `lane`'s loop, as Lane.swift says.
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum State {
        case idle
        case awaitingHead
        case readingBody
        /// The answer is whole; its taker has not come for it yet.
        case ended(keepsAlive: Bool)
        case closed
    }

    private let lane: Lane
    private let pool: UpstreamPool
    private let idleTime: TimeAmount
    private var context: ChannelHandlerContext?
    private var state = State.idle
    private var inbound = ByteBuffer()
    private var parser = AnswerParser()
    private(set) var deadline = NIODeadline.distantFuture

    private var exchange = UpstreamExchange()
    private(set) var failure: UpstreamError?
    private var isPaused = false
    /// Whether the TLS handshake is not over: it belongs to connecting, as far as time limits and failures go.
    private var isSecuring: Bool
    /// Requests this connection has carried: one that has carried some may have been closed by its server meanwhile.
    package private(set) var requests = 0

    init(lane: Lane, pool: UpstreamPool, idleTime: Duration, isTLS: Bool) {
        self.isSecuring = isTLS
        self.lane = lane
        self.pool = pool
        self.idleTime = TimeAmount(idleTime)
    }

    /// Whether the connection was ever made: then the pool also hears of its end.
    private(set) var wasOpened = false

    /// Whether the connection was made and has not ended.
    var isOpen: Bool { self.context?.channel.isActive == true }

    var isUsable: Bool {
        guard case .idle = self.state, let context else { return false }
        return context.channel.isActive
    }

    // MARK: The attempt's side

    /// Sends a request, for whose answer ``head()`` waits.
    ///
    /// `request` is the head with a small body behind it, `body` one too large to be worth a copy.
    package func send(_ request: ByteBuffer, body: ByteBuffer?, timeouts: UpstreamTimeouts, isStream: Bool) {
        let now = NIODeadline.now()
        self.requests += 1
        self.state = .awaitingHead
        self.exchange = UpstreamExchange()
        self.exchange.betweenChunks = TimeAmount(timeouts.betweenChunks)
        self.exchange.totalDeadline = now + TimeAmount(isStream ? timeouts.streamTotal : timeouts.total)
        self.exchange.firstByte = TimeAmount(isStream ? timeouts.streamFirstByte : timeouts.firstByte)
        self.exchange.phaseDeadline = now + (self.isSecuring ? TimeAmount(timeouts.connect) : self.exchange.firstByte)
        self.updateDeadline()
        guard self.isOpen else {
            self.fail(.closedBeforeAnswer)
            return
        }
        self.context?.write(Self.wrapOutboundOut(request), promise: nil)
        if let body { self.context?.write(Self.wrapOutboundOut(body), promise: nil) }
        self.context?.flush()
    }

    /// The answer's head, as soon as it is there.
    package func head() async throws(UpstreamError) -> ResponseHead {
        if self.exchange.head == nil, self.failure == nil {
            await withUnsafeContinuation { self.exchange.waiter = $0 }
        }
        if let head = self.exchange.head { return head }
        throw self.failure ?? .closedBeforeAnswer
    }

    /// The rest of the answer's body, of at most `limit` bytes.
    package func collect(limit: Int) async throws(UpstreamError) -> ByteBuffer {
        self.exchange.limit = limit
        if !self.hasEnded, self.failure == nil {
            self.exchange.isCollecting = true
            await withUnsafeContinuation { self.exchange.waiter = $0 }
        }
        if let failure = self.failure { throw failure }
        guard self.exchange.collected.readableBytes <= limit else {
            self.fail(.tooLarge(limit: limit))
            throw .tooLarge(limit: limit)
        }
        let body = self.exchange.collected
        self.exchange.collected = ByteBuffer()
        self.giveBack()
        return body
    }

    /// Hands the rest of the answer's body to `sink`, what has come already at once.
    package func relay(to sink: any UpstreamSink) {
        if let failure = self.failure {
            sink.upstreamFailed(failure)
            return
        }
        self.exchange.sink = sink
        let early = self.exchange.collected
        self.exchange.collected = ByteBuffer()
        if early.readableBytes > 0 { sink.upstreamBytes(early) }
        if self.hasEnded {
            self.endRelay()
        } else if early.readableBytes > 0 {
            sink.upstreamReadComplete()
        }
    }

    /// Stops or goes on reading from the upstream: the way a slow client's pace reaches it.
    package func setReading(_ isReading: Bool) {
        guard self.isPaused == isReading, let context else { return }
        self.isPaused = !isReading
        self.exchange.phaseDeadline = isReading ? .now() + self.exchange.betweenChunks : .distantFuture
        self.updateDeadline()
        // Setting an option fails only on a closed channel, which needs no reading.
        try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    /// Gives the attempt up: the upstream learns of it by the connection's end.
    package func cancel() {
        self.fail(.cancelled)
    }

    /// Gives a connection back that was taken and not used.
    package func giveBackUnused() {
        guard case .idle = self.state, self.isOpen else { return }
        self.deadline = .now() + self.idleTime
        self.pool.giveBack(self)
    }

    private var hasEnded: Bool { if case .ended = self.state { true } else { false } }

    // MARK: Channel events

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.wasOpened = true
        self.lane.watch(self)
        context.fireChannelActive()
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            self.isSecuring = false
            if case .awaitingHead = self.state {
                self.exchange.phaseDeadline = .now() + self.exchange.firstByte
                self.updateDeadline()
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        switch self.state {
        case .awaitingHead where self.isSecuring: self.fail(UpstreamTLS.brokenOff)
        case .readingBody where self.parser.endsWithConnection: self.end(keepsAlive: false)
        case .awaitingHead:
            self.fail(self.inbound.readableBytes > 0 ? .malformed : .closedBeforeAnswer)
        case .readingBody: self.fail(.cut)
        case .idle, .ended, .closed: break
        }
        if !self.hasEnded { self.state = .closed }
        self.lane.unwatch(self)
        self.pool.closed(self)
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let handshakeFailure = UpstreamTLS.failure(error) ?? (self.isSecuring ? UpstreamTLS.brokenOff : nil)
        switch self.state {
        case .awaitingHead:
            self.fail(handshakeFailure ?? (self.inbound.readableBytes > 0 ? .malformed : .closedBeforeAnswer))
        case .readingBody: self.fail(.cut)
        case .idle:
            self.failure = handshakeFailure
            context.close(promise: nil)
        case .ended, .closed: context.close(promise: nil)
        }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        switch self.state {
        case .awaitingHead, .readingBody:
            if self.inbound.readableBytes == 0 {
                self.inbound = bytes
            } else {
                self.inbound.writeBuffer(&bytes)
            }
            self.exchange.phaseDeadline = self.lane.now + self.exchange.betweenChunks
            self.updateDeadline()
            self.read()
        case .idle, .ended, .closed:
            // Bytes that nobody asked for: what would be read next from here could not be trusted.
            context.close(promise: nil)
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if self.exchange.head != nil, !self.exchange.isCollecting { self.wake() }
        if case .readingBody = self.state { self.exchange.sink?.upstreamReadComplete() }
    }

    // MARK: Reading an answer

    private func read() {
        do throws(HeadDefect) {
            while true {
                switch try self.parser.next(&self.inbound) {
                case .needsMore:
                    // Lets go of the read's memory, which the channel then uses again for the next one.
                    if self.inbound.readableBytes == 0 { self.inbound = ByteBuffer() }
                    return
                case .head(let head):
                    self.exchange.head = head
                    self.state = .readingBody
                case .data(let data):
                    self.take(data)
                    // The sink may have given the attempt up.
                    guard case .readingBody = self.state else { return }
                case .end:
                    self.end(keepsAlive: self.exchange.head?.keepsAlive == true && self.inbound.readableBytes == 0)
                    return
                }
            }
        } catch {
            self.fail(.malformed)
        }
    }

    private func take(_ data: ByteBuffer) {
        if let sink = self.exchange.sink {
            sink.upstreamBytes(data)
        } else if self.exchange.collected.readableBytes == 0 {
            self.exchange.collected = data
        } else {
            self.exchange.collected.writeImmutableBuffer(data)
            if self.exchange.collected.readableBytes > self.exchange.limit {
                self.fail(.tooLarge(limit: self.exchange.limit))
            }
        }
    }

    private func end(keepsAlive: Bool) {
        self.state = .ended(keepsAlive: keepsAlive)
        self.deadline = .distantFuture
        if self.exchange.sink != nil {
            self.endRelay()
        } else {
            self.wake()
        }
    }

    private func endRelay() {
        let sink = self.exchange.sink
        self.giveBack()
        sink?.upstreamEnded()
    }

    private func wake() {
        guard let waiter = self.exchange.waiter else { return }
        self.exchange.waiter = nil
        waiter.resume()
    }

    /// The answer was taken whole: the connection is free for the next request, or done.
    private func giveBack() {
        guard case .ended(let keepsAlive) = self.state else { return }
        if let head = self.exchange.head { self.parser.recycle(head) }
        self.exchange = UpstreamExchange()
        if keepsAlive, self.context?.channel.isActive == true {
            self.setReading(true)
            self.state = .idle
            self.deadline = .now() + self.idleTime
            self.pool.giveBack(self)
        } else {
            self.state = .closed
            self.context?.close(promise: nil)
        }
    }

    private func fail(_ error: UpstreamError) {
        switch self.state {
        case .idle, .closed: return
        case .awaitingHead, .readingBody, .ended: break
        }
        self.failure = error
        self.state = .closed
        self.deadline = .distantFuture
        let sink = self.exchange.sink
        self.exchange.sink = nil
        self.wake()
        self.context?.close(promise: nil)
        sink?.upstreamFailed(error)
    }

    // MARK: Time limits

    private func updateDeadline() {
        self.deadline = min(self.exchange.phaseDeadline, self.exchange.totalDeadline)
    }

    func deadlinePassed(now: NIODeadline) {
        switch self.state {
        case .idle: self.context?.close(promise: nil)
        case .awaitingHead where self.isSecuring: self.fail(.connectTimeout)
        case .awaitingHead where now >= self.exchange.totalDeadline: self.fail(.totalTimeout)
        case .awaitingHead: self.fail(.firstByteTimeout)
        case .readingBody where now >= self.exchange.totalDeadline: self.fail(.totalTimeout)
        case .readingBody: self.fail(.silenceTimeout)
        case .ended, .closed: break
        }
    }
}

/// What a connection knows of the request it carries.
private struct UpstreamExchange {
    var head: ResponseHead?
    var collected = ByteBuffer()
    var limit = Int.max
    var isCollecting = false
    /// Holds the relay until the answer has ended, one way or the other.
    var sink: (any UpstreamSink)?
    var waiter: UnsafeContinuation<Void, Never>?
    var firstByte = TimeAmount.seconds(300)
    var betweenChunks = TimeAmount.seconds(300)
    var phaseDeadline = NIODeadline.distantFuture
    var totalDeadline = NIODeadline.distantFuture
}
