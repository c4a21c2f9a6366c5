import Domain
import NIOCore
import Providers
import Testing
import WireFormats

/// What the fixtures cannot say: that bytes are left alone.
@Suite struct PassThroughTests {
    private func translator() throws -> any CallTranslator {
        try #require(TestCall.catalog.provider(named: "openai")?.translator(for: .chatCompletions))
    }

    @Test func keepsEveryByteAroundTheModel() throws {
        let body =
            #"{ "a" : 1.50 , "model":"openai/x" ,"messages":[ {"role":"user","content":"\u00e9\/"} ], "big":1e400 }"#
        let request = try self.translator().request(
            TestCall.make(body),
            model: "x",
            deployment: TestCall.deployment()
        )
        #expect(String(buffer: request.body) == body.replacing("openai/x", with: "x"))
    }

    @Test func keepsEveryByteOfTheAnswer() throws {
        let body = #"{"id" : "c", "model":"up", "choices":[ ], "x":1.0 }"#
        let answer = try self.translator().answer(
            ByteBuffer(string: body),
            to: TestCall.make(#"{"model":"a\"b","messages":[]}"#),
            context: .none
        )
        #expect(String(buffer: answer.body) == #"{"id" : "c", "model":"a\"b", "choices":[ ], "x":1.0 }"#)
    }

    @Test func copiesEventsThatNeedNothing() throws {
        let event = "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
        let call = try TestCall.make(#"{"model":"m","messages":[],"stream":true}"#)
        let played = try TestCall.play([ByteBuffer(string: event)], self.translator(), call, .none)
        #expect(String(buffer: played.output) == event)
        #expect(!played.isComplete)
    }

    @Test func addedOptionsMakeNoSecondKey() throws {
        for options in ["", #","stream_options":null"#, #","stream_options":{"include_usage":true}"#] {
            let call = try TestCall.make(#"{"model":"m","stream":true,"messages":[]\#(options)}"#)
            let request = try self.translator().request(call, model: "m", deployment: TestCall.deployment())
            let sent = try TestCall.make(request.body)
            let range = sent.members.value(of: "stream_options", in: sent.body.readableBytesUInt8Span)
            let value = try #require(range)
            let text = request.body.getString(at: request.body.readerIndex + value.lowerBound, length: value.count)
            #expect(text == #"{"include_usage":true}"#)
        }
    }
}
