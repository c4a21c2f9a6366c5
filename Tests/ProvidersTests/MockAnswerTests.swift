import Domain
import NIOCore
import Providers
import Testing
import WireFormats

@Suite struct MockAnswerTests {
    private func call(_ body: String, _ operation: Domain.Operation = .chatCompletions) throws -> ModelCall {
        try TestCall.make(body, operation: operation)
    }

    @Test func fixedTextIsTheAnswer() throws {
        let call = try self.call(#"{"model":"g","messages":[],"n":2}"#)
        let answer = try MockAnswer(call: call, text: "Hi \"you\"").answer()
        let body = try JSONValue(parsing: answer.body)
        #expect(body["choices"]?.array?.count == 2)
        #expect(body["choices"]?.array?.last?["message"]?["content"] == "Hi \"you\"")
        #expect(body["model"] == "g")
        #expect(body["usage"]?["total_tokens"] == 30)
        #expect(answer.usage == TokenUsage(prompt: 10, completion: 20))
    }

    @Test func builtInMockRepeatsTheLastUserMessage() throws {
        let call = try self.call(
            #"{"model":"g","messages":[{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"Ahoy"}]}]}"#
        )
        let body = try JSONValue(parsing: MockAnswer(call: call, text: nil).answer().body)
        let text = try #require(body["choices"]?.array?.first?["message"]?["content"]?.string)
        #expect(text.contains("built-in mock"))
        #expect(text.contains("Ahoy"))
        #expect(text.contains("model_list"))
    }

    @Test func piecesOfAStreamMakeTheText() throws {
        let call = try self.call(
            #"{"model":"g","messages":[],"stream":true,"stream_options":{"include_usage":true}}"#
        )
        let events = try MockAnswer(call: call, text: "Grüße, Welt").events()
        var stream = ByteBuffer()
        for event in events { stream.writeImmutableBuffer(event) }
        let values = try JSONComparison.events(stream)
        #expect(values.count == events.count)
        #expect(values.last == "[DONE]")
        #expect(values.dropLast().last?["usage"]?["total_tokens"] == 30)
        let pieces = values.compactMap { $0["choices"]?.array?.first?["delta"]?["content"]?.string }
        #expect(pieces == ["", "Grü", "ße,", " We", "lt"])
    }

    @Test(arguments: [
        ("litellm.RateLimitError", 429, "rate_limit_exceeded"),
        ("litellm.ContextWindowExceededError", 400, "context_length_exceeded"),
        ("litellm.InternalServerError", 500, nil),
        ("Exception: content_filter_policy", 400, "content_policy_violation"),
    ])
    func specialStringsRaise(_ text: String, _ status: Int, _ code: String?) throws {
        let call = try self.call(#"{"model":"g","messages":[]}"#)
        let error = #expect(throws: GatewayError.self) { try MockAnswer(call: call, text: text) }
        #expect(error?.status == status)
        #expect(error?.code == code)
    }

    @Test func completionsHaveAChoiceForEachPrompt() throws {
        let call = try self.call(#"{"model":"g","prompt":["a","b"],"n":2}"#, .completions)
        let body = try JSONValue(parsing: MockAnswer(call: call, text: "x").answer().body)
        #expect(body["object"] == "text_completion")
        #expect(body["choices"]?.array?.map { $0["index"] } == [0, 1, 2, 3])
    }

    @Test func embeddingsDependOnTheTextAlone() throws {
        let one = try self.call(#"{"model":"g","input":["a","b"],"dimensions":3}"#, .embeddings)
        let two = try self.call(#"{"input":"a","model":"other","dimensions":3}"#, .embeddings)
        let first = try JSONValue(parsing: MockAnswer(call: one, text: nil).answer().body)["data"]?.array
        let second = try JSONValue(parsing: MockAnswer(call: two, text: nil).answer().body)["data"]?.array
        #expect(first?.count == 2)
        #expect(first?.first?["embedding"]?.array?.count == 3)
        #expect(first?.first?["embedding"] == second?.first?["embedding"])
        #expect(first?.first?["embedding"] != first?.last?["embedding"])
    }

    @Test func embeddingsAsBase64HaveFourBytesANumber() throws {
        let call = try self.call(
            #"{"model":"g","input":[1,2],"dimensions":2,"encoding_format":"base64"}"#,
            .embeddings
        )
        let data = try JSONValue(parsing: MockAnswer(call: call, text: nil).answer().body)["data"]?.array
        #expect(data?.count == 1)
        #expect(data?.first?["embedding"]?.string?.utf8.count == 12)
    }

    @Test func tooManyChoicesAreRefused() throws {
        let call = try self.call(#"{"model":"g","messages":[],"n":1000000}"#)
        #expect(throws: GatewayError.self) { try MockAnswer(call: call, text: "x") }
    }
}
