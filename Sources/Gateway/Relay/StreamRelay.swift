import Domain
import NIOCore
import Transport
import WireFormats

/// Carries a streamed answer from an upstream connection to a client, event by event, without a task.
///
/// Lane-confined.
///
/// The client is sent nothing before the first good event, so that a failure until then has a true status. From then on
/// each read of the upstream becomes one write to the client; a client that reads slowly slows the upstream down.
final class StreamRelay: UpstreamSink {
    enum Outcome {
        case done
        /// The provider reported a failure in its stream, or sent what is no event of its format.
        case failed(GatewayError)
        /// The stream broke.
        case upstreamFailed(UpstreamError)
    }

    private let exchange: Exchange
    private let connection: UpstreamConnection
    private var decoder: any StreamDecoder
    private let headers: () -> ByteBuffer
    /// Books the call: how it ended, what the provider said it used, and what was relayed.
    ///
    /// Called once, before the last bytes of the answer are handed over.
    private let settle: (CallOutcome, TokenUsage?, RelayedText) -> Void
    private let pingInterval: Duration
    private var parser = SSEParser()
    private var output = ByteBuffer()
    private var hasStarted = false
    /// What was relayed, for streams that end before the provider has said what they used.
    private var relayed = RelayedText()
    private var outcome: Outcome?
    private var waiter: UnsafeContinuation<Void, Never>?

    /// A relay that has not begun; `headers` makes the answer's headers at the moment they are sent, `settle` books the
    /// call.
    init(
        exchange: Exchange,
        connection: UpstreamConnection,
        decoder: any StreamDecoder,
        pingInterval: Duration,
        headers: @escaping () -> ByteBuffer,
        settle: @escaping (CallOutcome, TokenUsage?, RelayedText) -> Void
    ) {
        self.exchange = exchange
        self.connection = connection
        self.decoder = decoder
        self.headers = headers
        self.settle = settle
        self.pingInterval = pingInterval
        ChunkFrame.begin(&self.output, minimumCapacity: 2048)
    }

    /// Relays until the stream's end, whichever way it ends.
    func run() async -> Outcome {
        self.connection.relay(to: self)
        if self.outcome == nil {
            await withUnsafeContinuation { self.waiter = $0 }
        }
        return self.outcome ?? .done
    }

    /// Tells the client of a failure: by an event when the stream has begun, else by throwing.
    func end(with error: GatewayError) throws(GatewayError) {
        guard self.hasStarted else { throw error }
        self.settle(self.exchange.isClientGone ? .cancelled : .failure, self.decoder.usage, self.relayed)
        self.output.writeImmutableBuffer(ErrorBody.openAIEvent(error))
        self.send()
        self.exchange.finish()
    }

    // MARK: The upstream's side

    func upstreamBytes(_ bytes: ByteBuffer) {
        guard self.outcome == nil else { return }
        self.parser.append(bytes)
        do {
            while let event = try self.parser.next() {
                let before = self.output.readableBytes
                try self.decoder.decode(event, into: &self.output)
                self.relayed.note(self.output.readableBytes - before)
            }
        } catch {
            self.fail(error)
        }
    }

    func upstreamReadComplete() {
        guard self.outcome == nil, self.output.readableBytes > 0 else { return }
        self.send()
    }

    func upstreamEnded() {
        guard self.outcome == nil else { return }
        do {
            if let event = self.parser.finish() { try self.decoder.decode(event, into: &self.output) }
        } catch {
            self.fail(error)
            return
        }
        guard self.decoder.isComplete else {
            self.conclude(.upstreamFailed(.cut))
            return
        }
        self.decoder.finish(into: &self.output)
        self.settle(.success, self.decoder.usage, self.relayed)
        self.send()
        self.exchange.finish()
        self.conclude(.done)
    }

    func upstreamFailed(_ error: UpstreamError) {
        guard self.outcome == nil else { return }
        // What came whole before the failure is the client's all the same.
        if self.output.readableBytes > 0, error != .cancelled { self.send() }
        self.conclude(.upstreamFailed(error))
    }

    private func fail(_ error: any Error) {
        let failure =
            error as? GatewayError
            ?? GatewayError(.upstream, "The provider sent an event that is too large.", code: "bad_upstream")
        self.conclude(.failed(failure))
        self.connection.cancel()
    }

    private func send() {
        if !self.hasStarted {
            self.hasStarted = true
            self.exchange.startStream(status: 200, headers: self.headers())
            self.keepAlive()
        }
        self.exchange.write(&self.output)
        self.exchange.flush()
        ChunkFrame.begin(&self.output)
    }

    /// Sends a comment when the stream has been silent for a while, so that nobody between takes the line for dead.
    private func keepAlive() {
        guard self.pingInterval > .zero else { return }
        self.exchange.setSilenceLimit(self.pingInterval) { [weak self] in
            guard let self, self.outcome == nil else { return }
            SSEWriter.writePing(into: &self.output)
            self.send()
        }
    }

    private func conclude(_ outcome: Outcome) {
        self.outcome = outcome
        let waiter = self.waiter
        self.waiter = nil
        waiter?.resume()
    }
}
