import NIOCore
import NIOSSL

/// Sends commands in order and gives each the reply that is its turn.
///
/// A command whose deadline has passed keeps its place, so that its late reply is dropped instead of being taken for
/// the next command's. Used on the channel's event loop only.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A command that was sent.
    private final class Sent {
        let call: RedisCall?
        let since: NIODeadline
        var timer: Scheduled<Void>?
        var isTimedOut = false

        /// A prelude has no call: nobody waits for its reply.
        init(_ call: RedisCall?, since: NIODeadline) {
            self.call = call
            self.since = since
        }

        func finish(_ outcome: RedisCall.Outcome) {
            self.timer?.cancel()
            guard let call = self.call else { return }
            if self.isTimedOut { call.afterTimeout?(outcome) } else { call.completion(outcome) }
        }
    }

    private static let mostWaiting = 16384

    private let decoder: ReplyDecoder
    private let stall: TimeAmount
    private var context: ChannelHandlerContext?
    private var waiting = CircularBuffer<Sent>()
    private var end: RedisError?
    private var flushes = false
    private var watchesStall = false

    init(stall: Duration, maxReplyBytes: Int = 64 << 20) {
        self.decoder = ReplyDecoder(maxReplyBytes: maxReplyBytes)
        self.stall = TimeAmount(stall)
    }

    var waitingCount: Int { self.waiting.count }

    func send(_ call: RedisCall) {
        if let end = self.end { return call.completion(.failure(end)) }
        guard let context = self.context else { return call.completion(.failure(.notConnected)) }
        guard self.waiting.count < Self.mostWaiting else { return call.completion(.failure(.overloaded)) }
        let now = NIODeadline.now()
        guard now < call.deadline else { return call.completion(.failure(.timedOut)) }
        if let prelude = call.prelude {
            self.waiting.append(Sent(nil, since: now))
            context.write(Self.wrapOutboundOut(prelude.bytes), promise: nil)
        }
        let sent = Sent(call, since: now)
        let bound = NIOLoopBound((self, sent), eventLoop: context.eventLoop)
        sent.timer = context.eventLoop.scheduleTask(deadline: call.deadline) {
            let (handler, sent) = bound.value
            handler.timeOut(sent)
        }
        self.waiting.append(sent)
        context.write(Self.wrapOutboundOut(call.command.bytes), promise: nil)
        self.flushSoon(context)
    }

    /// One flush for all commands of a turn of the event loop.
    private func flushSoon(_ context: ChannelHandlerContext) {
        guard !self.flushes else { return }
        self.flushes = true
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute {
            bound.value.flushes = false
            bound.value.context?.flush()
        }
    }

    private func timeOut(_ sent: Sent) {
        guard !sent.isTimedOut, let call = sent.call, self.end == nil else { return }
        sent.isTimedOut = true
        self.watchStall()
        call.completion(.failure(.timedOut))
    }

    /// Looks again when the oldest command will have waited too long.
    private func watchStall() {
        guard !self.watchesStall, let context = self.context, let oldest = self.waiting.first else { return }
        self.watchesStall = true
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: oldest.since + self.stall) {
            let handler = bound.value
            handler.watchesStall = false
            guard let oldest = handler.waiting.first else { return }
            if oldest.since + handler.stall <= .now() {
                handler.fail(.connectionLost("no answer for a long time"))
            } else {
                handler.watchStall()
            }
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.fail(.connectionLost("closed"))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.end == nil else { return }
        do throws(RedisError) {
            try self.decoder.feed(Self.unwrapInboundIn(data))
            while let reply = try self.decoder.next() {
                if case .push = reply { continue }
                guard let sent = self.waiting.popFirst() else { throw .malformedReply("a reply that nobody waits for") }
                if case .error(let error) = reply {
                    sent.finish(.failure(.server(error)))
                } else {
                    sent.finish(.success(reply))
                }
            }
        } catch {
            self.fail(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail(.connectionLost("closed by the server"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOSSLError.uncleanShutdown: self.fail(.connectionLost("closed by the server"))
        case is NIOSSLError, is NIOSSLExtraError: self.fail(.connectionFailed("TLS: \(error)"))
        default: self.fail(.connectionLost("\(error)"))
        }
    }

    /// Ends the connection; everybody who waits hears why.
    func fail(_ error: RedisError) {
        guard self.end == nil else { return }
        self.end = error
        let waiting = self.waiting
        self.waiting.removeAll()
        self.context?.close(promise: nil)
        for sent in waiting { sent.finish(.failure(error)) }
    }
}
