import Domain
import NIOCore
import Providers
import TestSupport
import Testing
import WireFormats

/// Breaks fixtures at random: whatever comes in, something comes out, and nothing traps.
@Suite struct MutationTests {
    private static let rounds = 2000

    @Test func requestsNeverTrap() throws {
        let cases = FixtureCase.all.filter { $0.bytes("request.json") != nil }
        var random = SeededRandom(seed: 1)
        for _ in 0..<Self.rounds {
            let fixture = try #require(cases.randomElement(using: &random))
            let prepared = try FixtureCall(fixture)
            let body = random.mutated(prepared.call.body)
            guard let call = try? TestCall.make(body, operation: prepared.call.operation) else { continue }
            let request = try? prepared.translator.request(call, model: "m", deployment: prepared.deployment)
            if let request { _ = try JSONValue(parsing: request.body) }
        }
    }

    @Test func answersNeverTrap() throws {
        let cases = FixtureCase.all.filter { $0.bytes("upstream.json") != nil }
        var random = SeededRandom(seed: 2)
        for round in 0..<Self.rounds {
            let fixture = try #require(cases.randomElement(using: &random))
            let prepared = try FixtureCall(fixture)
            let body = random.mutated(try #require(fixture.bytes("upstream.json")))
            let answer = try? prepared.translator.answer(body, to: prepared.call, context: prepared.context)
            if let answer { _ = try JSONValue(parsing: answer.body) }
            let statuses = [400, 401, 403, 404, 408, 418, 422, 429, 500, 503, 529, 599, 302]
            let error = prepared.translator.failure(
                status: statuses[round % statuses.count],
                headers: FewHeaders(),
                body: body
            )
            #expect((400..<600).contains(error.status))
        }
    }

    @Test func streamsNeverTrapAndStayEvents() throws {
        let cases = FixtureCase.all.filter { $0.bytes("upstream.sse") != nil }
        var random = SeededRandom(seed: 3)
        for _ in 0..<Self.rounds {
            let fixture = try #require(cases.randomElement(using: &random))
            let prepared = try FixtureCall(fixture)
            let body = random.mutated(try #require(fixture.bytes("upstream.sse")))
            let played = try TestCall.play([body], prepared.translator, prepared.call, prepared.context)
            _ = try JSONComparison.events(played.output)
        }
    }
}

extension SeededRandom {
    /// `bytes` with a few of them changed, left out, doubled or moved; sometimes cut short.
    mutating func mutated(_ bytes: ByteBuffer) -> ByteBuffer {
        var list = Array(bytes.readableBytesView)
        guard !list.isEmpty else { return bytes }
        let telling = Array(#"{}[]":,\0n-te "#.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            guard !list.isEmpty else { break }
            let place = Int.random(in: 0..<list.count, using: &self)
            switch Int.random(in: 0..<6, using: &self) {
            case 0: list[place] = UInt8.random(in: 0...255, using: &self)
            case 1: list[place] = telling.randomElement(using: &self) ?? 0
            case 2: list.remove(at: place)
            case 3: list.insert(telling.randomElement(using: &self) ?? 0, at: place)
            case 4:
                let length = Int.random(in: 0..<min(40, list.count - place), using: &self)
                list.removeSubrange(place..<place + length)
            default: list.insert(contentsOf: list[place..<min(place + 20, list.count)], at: place)
            }
        }
        if Int.random(in: 0..<8, using: &self) == 0 { list.removeLast(Int.random(in: 0...list.count, using: &self)) }
        return ByteBuffer(bytes: list)
    }
}
