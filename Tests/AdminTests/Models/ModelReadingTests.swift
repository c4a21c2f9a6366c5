import Domain
import NIOCore
import Stores
import Testing
import WireFormats

@testable import Admin

/// Which models somebody is told of.
@Suite struct ModelReadingTests {
    private func names(_ reply: Reply, _ field: String = "model_name") -> [String] {
        (reply["data"]?.array ?? []).compactMap { $0[field]?.string }
    }

    private func narrow<Record: StoredRecord>(
        _ office: Office,
        _ type: Record.Type,
        _ id: String,
        _ change: (inout Record) -> Void
    ) async throws {
        let old = try #require(try await office.store.find(type, id: id))
        var record = old.record
        change(&record)
        try await office.store.apply(Mutation([.update(record, version: old.version)], audit: []))
    }

    @Test func `everybody is told of what they may use`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            let all = ["gpt-4o", "gpt-4o-mini", "claude"]
            #expect(self.names(await office.send(.get, "/model/info", as: .wim)) == all)
            #expect(self.names(await office.send(.get, "/model/info", as: .olaf)) == all)
            try await self.narrow(office, VirtualKey.self, World.hash("olaf").hex) { $0.models = ["frontier"] }
            #expect(self.names(await office.send(.get, "/model/info", as: .olaf)) == ["gpt-4o", "claude"])
            try await self.narrow(office, User.self, "olaf") { $0.models = ["gpt-*"] }
            #expect(self.names(await office.send(.get, "/v2/model/info", as: .olaf)) == ["gpt-4o"])
            #expect(self.names(await office.send(.get, "/model_group/info", as: .olaf), "model_group") == ["gpt-4o"])
            let other = await office.send(.get, "/model/info?litellm_model_id=declared-3", as: .olaf)
            #expect(other.status == 400)
        }
    }

    @Test func `a team's key is told of what its team may use`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            var caller = ManagementCaller(credential: .key(World.hash("search")), userID: nil, role: nil)
            caller.teamID = "search"
            #expect(self.names(await office.send(.get, "/model/info", as: caller)) == ["gpt-4o", "gpt-4o-mini"])
            try await self.narrow(office, Organization.self, "acme") { $0.models = ["gpt-4o-mini"] }
            #expect(self.names(await office.send(.get, "/model/info", as: caller)) == ["gpt-4o-mini"])
            // A key that is not there may use nothing.
            let unknown = ManagementCaller(credential: .key(KeyHash(of: "sk-none")), userID: nil, role: nil)
            #expect(self.names(await office.send(.get, "/model/info", as: unknown)) == [])
        }
    }

    @Test func `models out of service are told to admins alone`() async throws {
        try await withOffice(state: TestGateway(), sealer: TestSealer()) { office in
            var model = StoredModel(id: "model-1", name: "fast", sealedParameters: "sealed")
            model.isBlocked = true
            try await office.insert(model)
            #expect(self.names(await office.send(.get, "/model/info", as: .ada)).contains("fast"))
            #expect(!self.names(await office.send(.get, "/model/info", as: .olaf)).contains("fast"))
            #expect(!self.names(await office.send(.get, "/model_group/info", as: .ada), "model_group").contains("fast"))
        }
    }

    @Test func `pages and filters`() async throws {
        try await withOffice(state: TestGateway()) { office in
            let page = await office.send(.get, "/v2/model/info?size=2&page=2")
            #expect(self.names(page) == ["claude"])
            #expect(page["total_count"]?.integer == 3 && page["total_pages"]?.integer == 2)
            #expect(self.names(await office.send(.get, "/v2/model/info?search=GPT")) == ["gpt-4o", "gpt-4o-mini"])
            #expect(self.names(await office.send(.get, "/v2/model/info?modelId=declared-3")) == ["claude"])
            #expect(self.names(await office.send(.get, "/v2/model/info?model=gpt-4o")) == ["gpt-4o"])
            #expect(await office.send(.get, "/v2/model/info?size=0").param == "size")
        }
    }

    @Test func `a group tells what its deployments have together`() {
        func deployment(_ provider: String, _ limit: JSONValue, _ price: String, rpm: Int) throws -> JSONObject {
            let price = try JSONValue(parsing: .init(string: price))
            return JSONObject([
                ("model_name", "fast"), ("litellm_params", ["rpm": .integer(rpm)]),
                (
                    "model_info",
                    [
                        "litellm_provider": .text(provider), "max_input_tokens": limit, "input_cost_per_token": price,
                        "supports_vision": .bool(provider == "azure"),
                    ]
                ),
            ])
        }
        #expect(throws: Never.self) {
            let row = ModelGroupRow.write(
                "fast",
                [
                    try deployment("openai", 128_000, "2.5e-06", rpm: 10),
                    try deployment("azure", .null, "1e-05", rpm: 5),
                    try deployment("openai", 16_000, "0", rpm: 1),
                ]
            )
            #expect(row["providers"]?.texts == ["openai", "azure"])
            #expect(row["max_input_tokens"]?.integer == 128_000)
            #expect(row["input_cost_per_token"]?.spelling == "1e-05")
            #expect(row["rpm"]?.integer == 16 && row["tpm"] == .null)
            #expect(row["supports_vision"]?.bool == true && row["supports_reasoning"]?.bool == false)
        }
    }
}
