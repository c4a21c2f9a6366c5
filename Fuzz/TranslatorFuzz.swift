import Domain
import NIOCore
import Providers
import WireFormats

/// Whatever an upstream answers, the client gets JSON and whole events, or an error.
enum TranslatorFuzz {
    enum Vendor {
        case anthropic
        case openai
    }

    static func run(_ input: ByteBuffer, provider vendor: Vendor) {
        let provider: any Provider = vendor == .anthropic ? AnthropicProvider() : OpenAIProvider()
        guard let translator = provider.translator(for: .chatCompletions) else {
            preconditionFailure("no translator for chat")
        }
        var input = input
        let choice = input.readInteger(as: UInt8.self) ?? 0
        let call = self.call(isStream: choice & 1 == 1, wantsUsage: choice & 2 == 2)
        let context = TranslationContext(answerTool: choice & 4 == 4 ? "answer" : nil)
        if call.isStream {
            self.stream(input, translator.streamDecoder(for: call, context: context))
        } else if let answer = try? translator.answer(input, to: call, context: context) {
            precondition((try? JSONValue(parsing: answer.body)) != nil, "an answer that is no JSON")
        }
        _ = translator.failure(status: 400 + Int(choice), headers: NoHeaders(), body: input)
    }

    private struct NoHeaders: HeaderLookup {
        func value(_ name: StaticString) -> String? { nil }
    }

    private static func call(isStream: Bool, wantsUsage: Bool) -> ModelCall {
        let body = ByteBuffer(string: "{\"model\":\"m\",\"messages\":[]}")
        var members = JSONMembers()
        guard (try? members.scan(body.readableBytesUInt8Span)) != nil else { preconditionFailure("the call is JSON") }
        return ModelCall(
            operation: .chatCompletions,
            body: body,
            members: members,
            model: "m",
            isStream: isStream,
            wantsUsage: wantsUsage,
            id: "fuzz",
            created: 1
        )
    }

    private static func stream(_ input: ByteBuffer, _ decoder: any StreamDecoder) {
        var decoder = decoder
        var output = ByteBuffer()
        var parser = SSEParser()
        parser.append(input)
        do {
            while let event = try parser.next() { try decoder.decode(event, into: &output) }
            decoder.finish(into: &output)
        } catch {
            // Refusing is right; what was written before must still be whole.
        }
        self.checkEvents(output)
    }

    private static func checkEvents(_ output: ByteBuffer) {
        var parser = SSEParser()
        parser.append(output)
        while let event = try? parser.next() {
            guard let data = event.data, !event.isDone else { continue }
            precondition((try? JSONValue(parsing: data)) != nil, "an event that is no JSON: \(String(buffer: data))")
        }
        precondition(!parser.hasPartialEvent, "an event without its end")
    }
}
