import Domain
import NIOCore
import Policies

/// Tells a caller its limits: OpenAI's headers for the ones nearest to their end, LiteLLM's for each.
enum LimitHeaders {
    static func write(_ reservation: Reservation, into output: inout ByteBuffer) {
        self.openAI("requests", reservation.tightestRequests, into: &output)
        self.openAI("tokens", reservation.tightestTokens, into: &output)
        reservation.forEachLimit { resource, left in
            let unit: StaticString =
                switch resource {
                case .tokens: "tokens: "
                case .parallel: "max_parallel_requests: "
                case .requests, .budget: "requests: "
                }
            // The gateway's and the deployments' limits are nobody's business but the operator's.
            guard left.subject.kind != .global, left.subject.kind != .deployment, left.subject.kind != .provider else {
                return
            }
            let scope = left.subject.scope
            self.line(scope, "-limit-", unit, left.limit, into: &output)
            self.line(scope, "-remaining-", unit, left.remaining, into: &output)
        }
    }

    /// Piece by piece: a text put together first would cost an allocation a line.
    private static func line(
        _ scope: String,
        _ name: StaticString,
        _ unit: StaticString,
        _ value: Int64,
        into output: inout ByteBuffer
    ) {
        output.writeStaticString("x-ratelimit-")
        output.writeString(scope)
        output.writeStaticString(name)
        output.writeStaticString(unit)
        AnswerHeaders.writeDecimal(Int(clamping: value), into: &output)
        output.writeStaticString("\r\n")
    }

    /// The limit that refused a call.
    static func write(_ limit: GatewayError.ReachedLimit, into output: inout ByteBuffer) {
        output.writeString("x-ratelimit-limit-\(limit.unit): \(limit.limit)\r\n")
        output.writeString("x-ratelimit-remaining-\(limit.unit): \(limit.remaining)\r\n")
        output.writeString("x-ratelimit-reset-\(limit.unit): ")
        self.writeDuration(limit.resetMilliseconds, into: &output)
        output.writeStaticString("\r\n")
    }

    private static func openAI(_ unit: StaticString, _ left: LimitLeft?, into output: inout ByteBuffer) {
        guard let left, left.subject.kind != .deployment, left.subject.kind != .provider else { return }
        self.line("limit", unit, left.limit, into: &output)
        self.line("remaining", unit, max(0, left.remaining), into: &output)
        guard let reset = left.resetMilliseconds else { return }
        output.writeStaticString("x-ratelimit-reset-")
        output.writeStaticString(unit)
        output.writeStaticString(": ")
        self.writeDuration(reset, into: &output)
        output.writeStaticString("\r\n")
    }

    private static func line(_ name: StaticString, _ unit: StaticString, _ value: Int64, into output: inout ByteBuffer)
    {
        output.writeStaticString("x-ratelimit-")
        output.writeStaticString(name)
        output.writeStaticString("-")
        output.writeStaticString(unit)
        output.writeStaticString(": ")
        AnswerHeaders.writeDecimal(Int(clamping: value), into: &output)
        output.writeStaticString("\r\n")
    }

    /// A duration as OpenAI spells it: `120ms`, `6.5s`, `1m0s`.
    static func writeDuration(_ milliseconds: Int64, into output: inout ByteBuffer) {
        let milliseconds = max(0, milliseconds)
        guard milliseconds >= 1000 else {
            AnswerHeaders.writeDecimal(Int(milliseconds), into: &output)
            output.writeStaticString("ms")
            return
        }
        let seconds = Int((milliseconds + 999) / 1000)
        if seconds >= 60 {
            AnswerHeaders.writeDecimal(seconds / 60, into: &output)
            output.writeStaticString("m")
        }
        AnswerHeaders.writeDecimal(seconds % 60, into: &output)
        output.writeStaticString("s")
    }
}
