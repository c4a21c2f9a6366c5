import Domain
import Foundation
import NIOCore
import Providers
import Testing
import WireFormats

/// Walks the folder of fixtures: a new vendor needs data there, and no code here.
@Suite struct GoldenTests {
    @Test func foldersHoldCases() {
        #expect(FixtureCase.all.count > 40)
    }

    @Test(arguments: FixtureCase.all) func sendsWhatTheVendorWants(_ fixture: FixtureCase) throws {
        guard fixture.bytes("request.json") != nil else { return }
        let prepared = try FixtureCall(fixture)
        do {
            let request = try prepared.translator.request(
                prepared.call,
                model: prepared.upstreamModel,
                deployment: prepared.deployment
            )
            try #require(fixture.bytes("refused.json") == nil, "was not refused")
            guard let expected = try fixture.json("sent") else {
                Recorder.record(fixture, "sent.json", request.body)
                return
            }
            let actual = try JSONValue(parsing: request.body)
            #expect(JSONComparison.difference(actual, expected) == nil, "\(String(buffer: request.body))")
            if let headers = try fixture.json("headers")?.object {
                for member in headers.members {
                    #expect(request.headers.first { $0.name == member.key }?.value == member.value.string)
                }
            }
        } catch let error as GatewayError {
            let expected = try #require(try fixture.json("refused"), "\(error)")
            ErrorComparison.expect(error, expected)
        }
    }

    @Test(arguments: FixtureCase.all) func makesTheVendorsAnswerOpenAIs(_ fixture: FixtureCase) throws {
        guard let upstream = fixture.bytes("upstream.json") else { return }
        let prepared = try FixtureCall(fixture)
        if let failure = try fixture.json("failure"), let status = failure["upstream_status"]?.integer, status != 200 {
            let headers = failure["headers"]?.object?.members.map { ($0.key, $0.value.string ?? "") } ?? []
            let lookup = FewHeaders(values: Dictionary(uniqueKeysWithValues: headers))
            let error = prepared.translator.failure(status: status, headers: lookup, body: upstream)
            ErrorComparison.expect(error, failure)
            return
        }
        do {
            var call = prepared.call
            call.dropBody()
            let answer = try prepared.translator.answer(upstream, to: call, context: prepared.context)
            try #require(fixture.bytes("failure.json") == nil, "was taken for an answer")
            try UsageComparison.expect(answer.usage, fixture)
            guard let expected = try fixture.json("answer") else {
                Recorder.record(fixture, "answer.json", answer.body)
                return
            }
            let actual = try JSONValue(parsing: answer.body)
            #expect(JSONComparison.difference(actual, expected) == nil, "\(String(buffer: answer.body))")
        } catch let error as GatewayError {
            ErrorComparison.expect(error, try #require(try fixture.json("failure"), "\(error)"))
        }
    }

    @Test(arguments: FixtureCase.all) func makesTheVendorsStreamOpenAIs(_ fixture: FixtureCase) throws {
        guard let upstream = fixture.bytes("upstream.sse") else { return }
        let prepared = try FixtureCall(fixture)
        let played = try TestCall.play([upstream], prepared.translator, prepared.call, prepared.context)
        if let failure = try fixture.json("failure") {
            ErrorComparison.expect(try #require(played.error), failure)
        } else {
            #expect(played.error == nil)
            try UsageComparison.expect(played.usage, fixture)
        }
        if let expected = fixture.bytes("answer.sse") {
            let actual = try JSONComparison.events(played.output)
            let difference = JSONComparison.difference(.array(actual), .array(try JSONComparison.events(expected)))
            #expect(difference == nil, "\(String(buffer: played.output))")
        } else if fixture.bytes("failure.json") == nil {
            Recorder.record(fixture, "answer.sse", played.output)
        }
    }

    @Test(arguments: FixtureCase.all) func streamsAreTheSameWhereverTheReadsEnd(_ fixture: FixtureCase) throws {
        guard let upstream = fixture.bytes("upstream.sse") else { return }
        let prepared = try FixtureCall(fixture)
        let context = prepared.context
        let whole = try TestCall.play([upstream], prepared.translator, prepared.call, context)
        for position in 0...upstream.readableBytes {
            let pieces = [0..<position, position..<upstream.readableBytes].map { range in
                upstream.getSlice(at: upstream.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
            }
            let split = try TestCall.play(pieces, prepared.translator, prepared.call, context)
            guard split != whole else { continue }
            Issue.record("differs when split at byte \(position): \(String(buffer: split.output))")
            return
        }
        let single = upstream.readableBytesView.map { ByteBuffer(bytes: [$0]) }
        #expect(try TestCall.play(single, prepared.translator, prepared.call, context) == whole)
    }
}

/// Writes what came out into the folder named by `RECORD_FIXTURES`, to be looked at and made a fixture.
private enum Recorder {
    static func record(_ fixture: FixtureCase, _ kind: String, _ bytes: ByteBuffer) {
        guard let folder = ProcessInfo.processInfo.environment["RECORD_FIXTURES"] else {
            Issue.record("\(fixture.testDescription) has no \(kind); the output was \(String(buffer: bytes))")
            return
        }
        let directory = URL(fileURLWithPath: folder).appendingPathComponent(fixture.vendor)
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            let url = directory.appendingPathComponent("\(fixture.name).\(kind)")
            try Data(bytes.readableBytesView).write(to: url)
        } catch {
            Issue.record(error)
        }
    }
}

private enum ErrorComparison {
    static func expect(_ error: GatewayError, _ expected: JSONValue) {
        if let status = expected["status"]?.integer { #expect(error.status == status, "\(error)") }
        if let type = expected["type"]?.string { #expect(error.type == type, "\(error)") }
        if let code = expected["code"] { #expect(error.code == code.string, "\(error)") }
        if let param = expected["param"]?.string { #expect(error.param == param, "\(error)") }
        if let text = expected["message"]?.string { #expect(error.message.contains(text), "\(error)") }
        if let text = expected["not_in_message"]?.string { #expect(!error.message.contains(text), "\(error)") }
        if let wait = expected["retry_after_ms"]?.integer { #expect(error.retryAfterMilliseconds == wait) }
    }
}

private enum UsageComparison {
    static func expect(_ usage: TokenUsage?, _ fixture: FixtureCase) throws {
        guard let expected = try fixture.json("usage") else { return }
        guard let usage else {
            #expect(expected.isNull, "no usage")
            return
        }
        let actual: [String: Int] = [
            "prompt": usage.prompt, "completion": usage.completion, "cache_read": usage.cacheRead,
            "cache_write": usage.cacheWrite, "cache_write_1h": usage.cacheWriteOneHour, "reasoning": usage.reasoning,
            "audio_input": usage.audioInput, "audio_output": usage.audioOutput, "searches": usage.searches,
        ]
        for (name, count) in actual { #expect((expected[name]?.integer ?? 0) == count, "\(name): \(usage)") }
    }
}
