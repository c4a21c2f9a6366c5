import Domain
import NIOCore
import Transport
import WireFormats

/// One try against one deployment.
///
/// Lane-confined.
///
/// What the answer's headers tell of the try is kept here, so that an error can tell it too.
final class Attempt {
    /// The call; its body is let go of when the upstream has begun to answer, as a stream may last for minutes.
    private(set) var call: ModelCall
    let target: PlanCall.Target
    private let exchange: Exchange
    private let identity: CallIdentity
    private let settings: RequestSettings
    private let settlement: Settlement
    /// The upstream's answer headers, once there are any.
    private(set) var upstreamFields: HeaderFields?
    /// How long the upstream was waited for.
    private(set) var upstreamTime = TimeAmount.zero
    init(
        _ call: ModelCall,
        _ target: PlanCall.Target,
        exchange: Exchange,
        identity: CallIdentity,
        settings: RequestSettings,
        settlement: Settlement
    ) {
        self.call = call
        self.target = target
        self.exchange = exchange
        self.identity = identity
        self.settings = settings
        self.settlement = settlement
    }

    /// Sends the request and gives the client the answer.
    ///
    /// - Throws: `GatewayError` as long as the client has been sent nothing; later failures end the stream by an event.
    func run(_ route: PreparedRoute) async throws(GatewayError) {
        do throws(GatewayError) {
            try await self.carryOut(route)
        } catch {
            throw self.target.prepared.deployment.endpoint.scrubbed(error)
        }
    }

    private func carryOut(_ route: PreparedRoute) async throws(GatewayError) {
        let deployment = self.target.prepared.deployment
        var request = try route.translator.request(self.call, model: self.target.model, deployment: deployment)
        let connection: UpstreamConnection
        let head: ResponseHead
        do throws(UpstreamError) {
            (connection, head) = try await self.send(self.requestBytes(route, request), request.body)
        } catch {
            throw self.describe(error)
        }
        self.call.dropBody()
        request.body = ByteBuffer()
        guard (200..<300).contains(head.status) else {
            let body = try await self.collect(connection, limit: Self.maximumErrorBody)
            throw route.translator.failure(status: head.status, headers: UpstreamHeaderLookup(head.fields), body: body)
        }
        if self.call.isStream {
            try await self.relay(connection, head, route, request.context)
        } else {
            try await self.answer(connection, route, request.context)
        }
    }

    private static let maximumErrorBody = 1 << 20

    /// Books an answer that was made without an upstream.
    func settle(_ usage: TokenUsage) {
        self.settlement.settle(usage, .success, status: 200)
    }

    // MARK: Request

    /// Up to this size a body is copied behind its head, so that both are one buffer; a larger one is not copied.
    private static let joinedBody = 32 * 1024

    /// The request: the prepared head, what differs, the body, if it is small.
    private func requestBytes(_ route: PreparedRoute, _ request: TranslatedRequest) -> ByteBuffer {
        let head = route.requestHead.reveal()
        var output = ByteBuffer()
        let isJoined = request.body.readableBytes <= Self.joinedBody
        output.reserveCapacity(head.readableBytes + (isJoined ? request.body.readableBytes : 0) + 64)
        output.writeImmutableBuffer(head)
        for header in request.headers { output.writeString("\(header.name): \(header.value)\r\n") }
        output.writeStaticString("content-length: ")
        AnswerHeaders.writeDecimal(request.body.readableBytes, into: &output)
        output.writeStaticString("\r\n\r\n")
        if isJoined { output.writeImmutableBuffer(request.body) }
        return output
    }

    /// Sends on a kept connection; if that one turns out to be dead, once more on a new one.
    ///
    /// A server may close a kept connection at any time. No byte of an answer means, as near as can be known, that the
    /// request was not worked on.
    private func send(
        _ bytes: ByteBuffer,
        _ body: ByteBuffer
    ) async throws(UpstreamError) -> (UpstreamConnection, ResponseHead) {
        let large = body.readableBytes > Self.joinedBody ? body : nil
        do throws(UpstreamError) {
            return try await self.send(bytes, large, fresh: false)
        } catch {
            guard error == .closedBeforeAnswer, self.wasReused else { throw error }
            return try await self.send(bytes, large, fresh: true)
        }
    }

    private var wasReused = false

    private func send(
        _ bytes: ByteBuffer,
        _ large: ByteBuffer?,
        fresh: Bool
    ) async throws(UpstreamError) -> (UpstreamConnection, ResponseHead) {
        let deployment = self.target.prepared.deployment
        let timeouts = deployment.settings.timeouts
        let lane = self.exchange.lane
        let pool = lane.upstreams.pool(for: deployment.endpoint.origin, lane: lane)
        let started = NIODeadline.now()
        defer { self.upstreamTime = self.upstreamTime + (NIODeadline.now() - started) }
        let connection = try await pool.connection(connectTimeout: timeouts.connect, fresh: fresh)
        self.wasReused = connection.requests > 0
        guard !self.exchange.isClientGone else {
            connection.giveBackUnused()
            throw .cancelled
        }
        self.exchange.upstream = connection
        connection.send(bytes, body: large, timeouts: timeouts, isStream: self.call.isStream)
        let head = try await connection.head()
        self.upstreamFields = head.fields
        return (connection, head)
    }

    // MARK: Answer

    private func collect(_ connection: UpstreamConnection, limit: Int) async throws(GatewayError) -> ByteBuffer {
        let started = NIODeadline.now()
        defer { self.upstreamTime = self.upstreamTime + (NIODeadline.now() - started) }
        do throws(UpstreamError) {
            return try await connection.collect(limit: limit)
        } catch {
            throw self.describe(error)
        }
    }

    private func answer(
        _ connection: UpstreamConnection,
        _ route: PreparedRoute,
        _ context: TranslationContext
    ) async throws(GatewayError) {
        let body = try await self.collect(connection, limit: self.settings.maximumAnswer)
        let answer = try route.translator.answer(body, to: self.call, context: context)
        let usage = answer.usage ?? self.settlement.estimate(answerBytes: answer.body.readableBytes)
        self.settlement.settle(usage, .success, status: 200)
        let headers = self.successHeaders(contentType: "application/json")
        self.exchange.respond(status: 200, headers: headers, body: answer.body)
    }

    private func relay(
        _ connection: UpstreamConnection,
        _ head: ResponseHead,
        _ route: PreparedRoute,
        _ context: TranslationContext
    ) async throws(GatewayError) {
        guard Self.isEventStream(head.fields) else {
            let body = try await self.collect(connection, limit: Self.maximumErrorBody)
            // Some servers report a failure as plain JSON with status 200; the translator finds it.
            _ = try route.translator.answer(body, to: self.call, context: context)
            throw GatewayError(
                .upstream,
                "\(self.target.prepared.providerName) gave no event stream although one was asked for.",
                code: "bad_upstream"
            )
        }
        let relay = StreamRelay(
            exchange: self.exchange,
            connection: connection,
            decoder: route.translator.streamDecoder(for: self.call, context: context),
            pingInterval: self.target.prepared.deployment.settings.pingInterval ?? self.settings.pingInterval
        ) {
            self.settlement.answerBegins()
            return self.successHeaders(contentType: "text/event-stream; charset=utf-8")
        } settle: { [settlement = self.settlement] outcome, usage, relayed in
            settlement.settleStream(usage, relayed, outcome)
        }
        let outcome = await relay.run()
        switch outcome {
        case .done: return
        case .failed(let error): try relay.end(with: self.target.prepared.deployment.endpoint.scrubbed(error))
        case .upstreamFailed(let error): try relay.end(with: self.describe(error))
        }
    }

    private static func isEventStream(_ fields: HeaderFields) -> Bool {
        guard let range = fields.range("content-type") else { return false }
        let bytes = fields.bytes.readableBytesUInt8Span
        return range.count >= 17
            && HeaderFields.isNamed(bytes, range.lowerBound..<range.lowerBound + 17, "text/event-stream")
    }

    /// The head of a good answer.
    func successHeaders(contentType: StaticString) -> ByteBuffer {
        var output = ByteBuffer()
        output.reserveCapacity(1024)
        AnswerHeaders.writeCommon(self.identity, contentType: contentType, into: &output)
        output.writeImmutableBuffer(self.target.prepared.answerHeaders)
        if self.call.isStream {
            output.writeStaticString("cache-control: no-cache\r\nx-accel-buffering: no\r\n")
        }
        AnswerHeaders.writeDurations(
            total: NIODeadline.now() - self.exchange.received,
            upstream: self.upstreamTime,
            into: &output
        )
        self.settlement.writeHeaders(into: &output)
        if let upstreamFields {
            UpstreamHeaders.write(upstreamFields, withRateLimits: !self.settlement.hasRateLimits, into: &output)
        }
        return output
    }

    private func describe(_ error: UpstreamError) -> GatewayError {
        error.error(
            provider: self.target.prepared.providerName,
            model: self.call.model,
            timeouts: self.target.prepared.deployment.settings.timeouts,
            isStream: self.call.isStream
        )
    }
}

/// An upstream's headers as translators read them.
struct UpstreamHeaderLookup: HeaderLookup {
    private let fields: HeaderFields

    init(_ fields: HeaderFields) {
        self.fields = fields
    }

    func value(_ name: StaticString) -> String? {
        self.fields.value(name)
    }
}

extension Attempt {
    /// The headers that tell of a failed try.
    func writeFailureHeaders(into output: inout ByteBuffer) {
        output.writeImmutableBuffer(self.target.prepared.answerHeaders)
        AnswerHeaders.writeDurations(
            total: NIODeadline.now() - self.exchange.received,
            upstream: self.upstreamTime,
            into: &output
        )
        self.settlement.writeHeaders(into: &output)
        if let upstreamFields {
            UpstreamHeaders.write(upstreamFields, withRateLimits: !self.settlement.hasRateLimits, into: &output)
        }
    }
}
