import Domain
import Stores
import Testing
import WireFormats

@testable import Admin

@Suite struct TagTests {
    @Test func `a tag is made, changed, told about and deleted`() async throws {
        try await withOffice { office in
            let made = await office.send(.post, "/tag/new", #"{"name":"nightly","description":"Jobs","max_budget":0}"#)
            #expect(made["message"]?.string == "Tag nightly created successfully")
            #expect(made["tag"]?["max_budget"]?.spelling == "0.0")
            #expect(await office.send(.post, "/tag/new", #"{"name":"nightly"}"#).status == 409)
            let update = await office.send(.post, "/tag/update", #"{"name":"nightly","max_budget":null}"#)
            #expect(update["tag"]?["max_budget"]?.isNull == true)
            #expect(update["tag"]?["description"]?.string == "Jobs")
            let info = await office.send(.post, "/tag/info", #"{"names":["nightly","batch"]}"#)
            #expect(info["nightly"]?["name"]?.string == "nightly")
            #expect(info["batch"]?["name"]?.string == "batch")
            #expect(await office.send(.post, "/tag/info", #"{"names":["none"]}"#).status == 404)
            #expect(NarrowingTests.ids(await office.send(.get, "/tag/list"), "name") == ["batch", "nightly"])
            #expect(await office.send(.get, "/tag/list?page_size=1").json.array?.count == 1)
            #expect(await office.send(.post, "/tag/delete", #"{"name":"nightly"}"#).status == 200)
            #expect(await office.send(.post, "/tag/delete", #"{"name":"nightly"}"#).status == 404)
        }
    }

    @Test func `tags known from requests are listed, with their spend`() async throws {
        try await withOffice { office in
            var call = CallRecord(
                id: "1",
                callID: "1",
                startedAt: office.clock.now,
                finishedAt: office.clock.now,
                operation: .chatCompletions,
                isStream: false,
                requestedModel: "gpt-4o",
                status: 200,
                outcome: .success
            )
            call.caller.tags = ["seen"]
            call.cost.total = NanoDollars(exactly: "0.25")
            _ = try await office.store.book([call])
            let row = await office.send(.get, "/tag/list").json.array?.first { $0["name"]?.string == "seen" }
            #expect(row?["total_spend"]?.spelling == "0.25")
        }
    }
}
