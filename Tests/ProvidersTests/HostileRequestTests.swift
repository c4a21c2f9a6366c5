import Domain
import NIOCore
import Providers
import Testing
import WireFormats

/// Requests made to cost more than they should: translation stays linear and shallow.
@Suite struct HostileRequestTests {
    private func translate(_ body: String, options: JSONValue = [:]) throws -> JSONValue {
        let provider = try #require(TestCall.catalog.provider(named: "anthropic"))
        let translator = try #require(provider.translator(for: .chatCompletions))
        let request = try translator.request(
            TestCall.make(body),
            model: "m",
            deployment: TestCall.deployment(options: options)
        )
        return try JSONValue(parsing: request.body, maximumDepth: 2000)
    }

    @Test(.timeLimit(.minutes(1))) func manyCallsWithoutResults() throws {
        let calls = (0..<5_000).map { #"{"id":"c\#($0)","type":"function","function":{"name":"f"}}"# }
        let results = (0..<5_000).map { #"{"role":"tool","tool_call_id":"x\#($0)","content":""}"# }
        let body = #"""
            {"model":"m","messages":[{"role":"assistant","tool_calls":[\#(calls.joined(separator: ","))]},
            \#(results.joined(separator: ","))]}
            """#
        let sent = try self.translate(body)
        #expect(sent["messages"]?.array?.last?["content"]?.array?.count == 5_000)
    }

    @Test(.timeLimit(.minutes(1))) func manyToolsThatBecomeOneName() throws {
        let tools = (UInt16(0)..<3000).compactMap { index -> String? in
            UnicodeScalar(0x4e00 + index).map { #"{"type":"function","function":{"name":"\#($0)"}}"# }
        }
        let sent = try self.translate(#"{"model":"m","messages":[],"tools":[\#(tools.joined(separator: ","))]}"#)
        let names = Set((sent["tools"]?.array ?? []).compactMap { $0["name"]?.string })
        #expect(names.count == 3000)
    }

    @Test(.timeLimit(.minutes(1))) func referencesThatMultiply() throws {
        let definitions = (0..<60).map { index in
            ##""d\##(index)":{"type":"object","properties":{"a":{"$ref":"#/$defs/d\##(index + 1)"},"b":{"$ref":"#/$defs/d\##(index + 1)"}}}"##
        }
        let schema =
            ##"{"type":"object","properties":{"x":{"$ref":"#/$defs/d0"}},"$defs":{\##(definitions.joined(separator: ","))}}"##
        let format = #"{"type":"json_schema","json_schema":{"name":"n","schema":\#(schema)}}"#
        let sent = try self.translate(
            #"{"model":"m","messages":[],"response_format":\#(format)}"#,
            options: ["capabilities": ["native_structured_output": true]]
        )
        #expect(sent.serialized.readableBytes < 1 << 20)
    }

    @Test(.timeLimit(.minutes(1))) func contentNestedToTheLimit() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        let sent = try self.translate(
            #"{"model":"m","messages":[{"role":"user","content":"x"}],"thinking":{"type":"x","y":\#(deep)}}"#
        )
        #expect(sent["thinking"] != nil)
    }
}
