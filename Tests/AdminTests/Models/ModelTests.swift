import Domain
import NIOCore
import Testing
import WireFormats

@testable import Admin

/// Models at run time: what is kept, what is shown, what cannot be.
@Suite struct ModelTests {
    private static let body = #"""
        {"model_name":"fast","litellm_params":{"model":"openai/gpt-4o","api_key":"sk-secret-upstream","rpm":100,
        "api_base":"https://user:hidden@api.example.com/v1?token=hidden","extra_headers":{"X-Key":"hidden"},
        "aws_secret_access_key":"hidden","input_cost_per_token":0.000001},"model_info":{"id":"model-1","mode":"chat"}}
        """#

    private func stored(_ office: Office) async throws -> StoredModel {
        try #require(await office.find(StoredModel.self, "model-1"))
    }

    private func parameters(_ office: Office) async throws -> JSONValue {
        let sealed = try await self.stored(office).sealedParameters
        let text = try #require(TestSealer().open(sealed, purpose: StoredModel.sealPurpose)).reveal()
        return try JSONValue(parsing: .init(string: text))
    }

    @Test func `credentials are kept sealed and never shown`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            let made = await office.send(.post, "/model/new", Self.body)
            #expect(made.status == 200, "\(made.text)")
            #expect(made["model_id"]?.string == "model-1" && made["model_name"]?.string == "fast")
            #expect(made["blocked"]?.bool == false && made["created_by"]?.string == "default_user_id")
            #expect(made["litellm_params"]?["rpm"]?.integer == 100)
            #expect(made["litellm_params"]?["api_base"]?.string == "https://api.example.com/v1")
            let kept = try await self.parameters(office)
            #expect(kept["api_key"]?.string == "sk-secret-upstream")
            let patched = await office.send(
                .patch,
                "/model/model-1/update",
                #"{"litellm_params":{"api_key":"sk-secret-2"}}"#
            )
            var texts = [made.text, patched.text]
            for target in ["/model/info", "/v2/model/info", "/model_group/info", "/audit"] {
                texts.append(await office.send(.get, target).text)
            }
            texts.append(await office.send(.post, "/model/block", #"{"id":"model-1"}"#).text)
            texts.append(await office.send(.post, "/model/delete", #"{"id":"model-1"}"#).text)
            for entry in try await office.audit() { texts += [entry.before ?? "", entry.after ?? ""] }
            for text in texts {
                #expect(!text.contains("secret") && !text.contains("hidden") && !text.contains("model:"), "\(text)")
            }
        }
    }

    @Test func `a change keeps what it does not name, and null takes away`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            _ = await office.send(.post, "/model/new", Self.body)
            let body = #"{"model_info":{"id":"model-1","max_tokens":5},"litellm_params":{"rpm":null,"tpm":9}}"#
            let changed = await office.send(.post, "/model/update", body)
            #expect(changed.status == 200, "\(changed.text)")
            let parameters = try await self.parameters(office)
            #expect(parameters["rpm"] == nil && parameters["tpm"]?.integer == 9)
            #expect(parameters["api_key"]?.string == "sk-secret-upstream")
            #expect(
                changed["model_info"]?["mode"]?.string == "chat" && changed["model_info"]?["max_tokens"]?.integer == 5
            )
            let renamed = await office.send(.patch, "/model/model-1/update", #"{"model_name":"faster"}"#)
            #expect(renamed["model_name"]?.string == "faster")
            let unchanged = try await self.parameters(office)
            #expect(unchanged["tpm"]?.integer == 9)
            // What a client read and sends back says nothing new.
            let sealed = try await self.stored(office).sealedParameters
            let info = #"{"model_info":{"id":"model-1","db_model":true,"created_at":"x","blocked":true}}"#
            _ = await office.send(.post, "/model/update", info)
            let after = try await self.stored(office).sealedParameters
            #expect(after == sealed)
            let again = #"{"model_id":"model-1","model_info":{"id":"model-2"}}"#
            #expect(await office.send(.post, "/model/update", again).status == 400)
        }
    }

    @Test func `a model is taken out of service and back, and deleted`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            _ = await office.send(.post, "/model/new", Self.body)
            office.clock.advance(seconds: 1)
            #expect(await office.send(.post, "/model/block", #"{"id":"model-1"}"#)["blocked"]?.bool == true)
            let blocked = try await self.stored(office)
            #expect(blocked.isBlocked == true)
            // Changes are told in the order of their times.
            office.clock.advance(seconds: 1)
            let row = await office.send(.get, "/model/info?litellm_model_id=model-1")["data"]?.array?.first
            #expect(row?["model_info"]?["blocked"]?.bool == true)
            #expect(await office.send(.post, "/model/unblock", #"{"model_id":"model-1"}"#)["blocked"]?.bool == false)
            office.clock.advance(seconds: 1)
            let deleted = await office.send(.post, "/model/delete", #"{"id":"model-1"}"#)
            #expect(deleted["message"]?.string == "Model: model-1 deleted successfully")
            #expect(await office.find(StoredModel.self, "model-1") == nil)
            let actions = try await office.audit().map(\.action)
            #expect(actions == ["deleted", "unblocked", "blocked", "created"])
        }
    }

    // What cannot be

    @Test func `nothing is kept that cannot be sealed`() async throws {
        try await withOffice(state: TestGateway()) { office in
            let reply = await office.send(.post, "/model/new", Self.body)
            #expect(reply.status == 400)
            #expect(reply.message.contains("MARTLET_SALT_KEY") && !reply.text.contains("secret"))
            #expect(await office.find(StoredModel.self, "model-1") == nil)
        }
    }

    @Test func `the gateway's own words say why a model cannot be served`() async throws {
        let state = TestGateway()
        state.refusal = GatewayError(
            .badRequest,
            "The model cannot be served: unknown provider",
            param: "litellm_params"
        )
        try await withOffice(state: state, sealer: TestSealer()) { office in
            let reply = await office.send(.post, "/model/new", Self.body)
            #expect(reply.status == 400 && reply.message.contains("unknown provider"))
            #expect(await office.find(StoredModel.self, "model-1") == nil)
            #expect(state.checked.count == 1)
        }
    }

    @Test func `what the file declares is changed in the file`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            let requests: [(RouteKey.Method, String, String)] = [
                (.post, "/model/new", Self.body.replacing("model-1", with: "declared-1")),
                (.post, "/model/update", #"{"model_info":{"id":"declared-1"},"model_name":"x"}"#),
                (.patch, "/model/declared-1/update", #"{"model_name":"x"}"#),
                (.post, "/model/delete", #"{"id":"declared-1"}"#),
                (.post, "/model/block", #"{"id":"declared-1"}"#),
            ]
            for (method, target, body) in requests {
                let reply = await office.send(method, target, body)
                #expect(reply.status == 409 && reply.message.contains("config.yaml"), "\(target): \(reply.text)")
            }
            let audit = try await office.audit()
            #expect(audit.isEmpty)
        }
    }

    @Test func `what is not there, stands twice or is not said is told`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            _ = await office.send(.post, "/model/new", Self.body)
            let requests: [(String, String, Int)] = [
                ("/model/new", Self.body, 409), ("/model/delete", #"{"id":"none"}"#, 404), ("/model/delete", "{}", 400),
                ("/model/update", #"{"model_name":"x"}"#, 400), ("/model/update", #"{"model_id":"none"}"#, 404),
                ("/model/new", #"{"model_name":"x"}"#, 400), ("/model/new", #"{"litellm_params":{}}"#, 400),
                ("/model/new", #"{"model_name":"x","litellm_params":"openai/gpt-4o"}"#, 400),
                ("/model/new", #"{"model_name":"x","litellm_params":{},"model_info":{"id":7}}"#, 400),
                ("/model/new", #"{"model_name":"","litellm_params":{}}"#, 400),
            ]
            for (target, body, status) in requests {
                let reply = await office.send(.post, target, body)
                #expect(reply.status == status, "\(target) \(body): \(reply.text)")
            }
            #expect(await office.send(.get, "/model/info?litellm_model_id=none").status == 400)
        }
    }

    @Test func `a seal that cannot be opened is told, not overwritten`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            try await office.insert(StoredModel(id: "model-1", name: "fast", sealedParameters: "another:key"))
            let reply = await office.send(.patch, "/model/model-1/update", #"{"litellm_params":{"rpm":1}}"#)
            #expect(reply.status == 409)
            #expect(await office.send(.post, "/model/delete", #"{"id":"model-1"}"#).status == 200)
        }
    }

    @Test(
        arguments: [
            ("https://api.example.com/v1", "https://api.example.com/v1"),
            ("https://u:p@api.example.com:8443/v1?k=1#f", "https://api.example.com:8443/v1"),
            ("https://a@b@c/path@x", "https://c/path@x"), ("user:pass@host", "***"), ("host/path?x=1", "host/path"),
            ("?key", ""), ("", ""),
        ]
    )
    func `addresses are shown without what is secret in them`(url: String, shown: String) {
        #expect(ShownParameters.address(url) == shown)
    }
}
