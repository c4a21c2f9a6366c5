internal import NIOCore

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Sends one answer over a connection, in the time and the manner its directive asks for.
///
/// Lives on the connection's event loop. It holds at most one timer, which `cancel` stops.
final class AnswerPlayback {
    /// What becomes of the connection after the answer.
    enum Aftermath {
        case keep
        case close
        case closeSilently(after: TimeAmount)
    }

    private enum Ending {
        case complete
        case cut
        case reset
        case silence
    }

    private let answer: Answer
    private let directive: Directive
    private let context: ChannelHandlerContext
    private let framing: Answer.Framing
    private let announceClose: Bool
    private let ending: Ending
    private var pieces: WirePieces
    private var timer: Scheduled<Void>?
    private var cancelled = false
    private let finished: (Aftermath) -> Void

    /// - Parameters:
    ///   - answer: what to send.
    ///   - closing: whether the client asked to close after the answer.
    ///   - isHTTP10: whether the client speaks HTTP/1.0, which has no chunks.
    ///   - context: where to send it.
    ///   - finished: called once, when the last byte is written; not called for a stream that falls silent.
    init(
        _ answer: Answer,
        closing: Bool,
        isHTTP10: Bool,
        context: ChannelHandlerContext,
        finished: @escaping (Aftermath) -> Void
    ) {
        let directive = answer.directive ?? .plain
        self.answer = answer
        self.directive = directive
        self.context = context
        self.finished = finished
        switch answer.body {
        case .complete(let bytes):
            self.framing = .length(max(0, bytes.readableBytes + (directive.wrongLength ?? 0)))
            self.announceClose = closing || directive.close
        case .events:
            self.framing = isHTTP10 ? .untilClose : .chunked
            self.announceClose = closing || directive.close || directive.errorAfter != nil
        }
        let (ending, limit) = Self.ending(of: directive)
        self.ending = ending
        var chunked = false
        if case .chunked = self.framing { chunked = true }
        self.pieces = WirePieces(answer.body, following: directive, limit: limit, chunked: chunked)
    }

    /// How the answer breaks off, and after how many events or bytes.
    private static func ending(of directive: Directive) -> (Ending, Int?) {
        if let limit = directive.resetAfter { return (.reset, limit) }
        if let limit = directive.cutAfter { return (.cut, limit) }
        if let limit = directive.silenceAfter { return (.silence, limit) }
        return (.complete, nil)
    }

    func start() {
        guard self.directive.delay > 0 else { return self.begin() }
        self.schedule(.milliseconds(Int64(self.directive.delay))) { $0.begin() }
    }

    /// Stops the timers; nothing is sent any more.
    func cancel() {
        self.cancelled = true
        self.timer?.cancel()
        self.timer = nil
    }

    private func begin() {
        var buffer = self.context.channel.allocator.buffer(capacity: 1024)
        let breaksAtOnce = self.directive.resetAfter == 0 || self.directive.cutAfter == 0
        if !breaksAtOnce {
            self.answer.writeHead(framing: self.framing, announceClose: self.announceClose, into: &buffer)
        }
        self.send(after: buffer)
    }

    /// Sends what is due now behind the bytes given, then waits for the next turn or ends the answer.
    private func send(after bytes: ByteBuffer) {
        var buffer = bytes
        let paced = self.directive.tokenDelay > 0 || self.directive.split != nil
        if paced {
            if !self.pieces.isAtEnd { self.pieces.writeNext(into: &buffer) }
        } else {
            while !self.pieces.isAtEnd { self.pieces.writeNext(into: &buffer) }
        }
        guard self.pieces.isAtEnd else {
            self.context.writeAndFlush(NIOAny(buffer), promise: nil)
            return self.scheduleNextPiece()
        }
        self.end(after: buffer)
    }

    private func scheduleNextPiece() {
        // Even without a delay the pieces go out in separate turns of the loop, so that they are separate packets.
        self.schedule(.milliseconds(Int64(self.directive.tokenDelay))) { playback in
            playback.send(after: playback.context.channel.allocator.buffer(capacity: 512))
        }
    }

    private func end(after bytes: ByteBuffer) {
        var buffer = bytes
        if case .complete = self.ending, case .chunked = self.framing { buffer.writeStaticString("0\r\n\r\n") }
        let context = self.context
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(NIOAny(buffer), promise: written)
        let isolated = written.futureResult.assumeIsolated()
        switch self.ending {
        case .complete: isolated.whenComplete { _ in self.complete() }
        case .cut: isolated.whenComplete { _ in self.breakOff(reset: false) }
        case .reset: isolated.whenComplete { _ in self.breakOff(reset: true) }
        case .silence: break
        }
    }

    private func complete() {
        guard !self.cancelled else { return }
        if let delay = self.directive.silentCloseAfter {
            self.finished(.closeSilently(after: .milliseconds(Int64(delay))))
        } else if case .untilClose = self.framing {
            self.finished(.close)
        } else {
            self.finished(self.announceClose || self.directive.wrongLength != nil ? .close : .keep)
        }
    }

    /// Closes without finishing the answer; with a reset the peer gets an error instead of an end.
    private func breakOff(reset: Bool) {
        guard !self.cancelled else { return }
        guard reset, let socket = self.context.channel as? any SocketOptionProvider else {
            return self.finished(.close)
        }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in self.finished(.close) }
    }

    private func schedule(_ delay: TimeAmount, _ action: @escaping (AnswerPlayback) -> Void) {
        self.timer = self.context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, !self.cancelled else { return }
            action(self)
        }
    }
}
