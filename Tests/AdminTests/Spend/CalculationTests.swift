import Domain
import Stores
import Testing
import WireFormats

@testable import Admin

@Suite struct CalculationTests {
    @Test(
        arguments: [
            (#"{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}"#, "0.00007"),
            (
                #"{"completion_response":{"model":"gpt-4o","usage":{"prompt_tokens":9,"completion_tokens":3}}}"#,
                "0.00012"
            ),
            (#"{"model":"gpt-4o-mini","completion_response":{"model":"x","usage":{"prompt_tokens":1}}}"#, "0.00001"),
        ]
    )
    func `a call's price is told`(body: String, cost: String) async throws {
        try await withOffice(state: TestGateway()) { office in
            let reply = await office.send(.post, "/spend/calculate", body)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply["cost"]?.spelling == cost)
        }
    }

    @Test(
        arguments: [
            (#"{"messages":[]}"#, "model"), (#"{"model":"gpt-4o"}"#, "messages"),
            (#"{"model":"claude","messages":[]}"#, "model"), (#"{"model":"nothing","messages":[]}"#, "model"),
            (#"{"completion_response":{"model":"gpt-4o"}}"#, "completion_response"),
            (#"{"completion_response":{"model":"gpt-4o","usage":{"prompt_tokens":-1}}}"#, "completion_response"),
            (#"{"completion_response":{"model":"gpt-4o","usage":{"prompt_tokens":1e30}}}"#, "completion_response"),
            (#"{"model":"gpt-4o","messages":"Hello"}"#, "messages"),
        ]
    )
    func `what has no price is told as such`(body: String, param: String) async throws {
        try await withOffice(state: TestGateway()) { office in
            let reply = await office.send(.post, "/spend/calculate", body)
            #expect(reply.status == 400 && reply.param == param, "\(reply.text)")
        }
    }

    @Test func `prices of models that somebody may not use are not told`() async throws {
        try await withOffice(state: TestGateway()) { office in
            let key = try #require(try await office.store.find(VirtualKey.self, id: World.hash("olaf").hex))
            var narrowed = key.record
            narrowed.models = ["gpt-4o-mini"]
            try await office.store.apply(Mutation([.update(narrowed, version: key.version)], audit: []))
            let body = #"{"model":"gpt-4o","messages":[]}"#
            #expect(await office.send(.post, "/spend/calculate", body, as: .olaf).status == 400)
            let other = #"{"model":"gpt-4o-mini","messages":[]}"#
            #expect(await office.send(.post, "/spend/calculate", other, as: .olaf).status == 200)
        }
    }
}
