import Domain
import NIOCore
import Policies
import Providers
import Routing
import Settings
import Testing

@testable import Gateway

struct SnapshotBuilderTests {
    private func model(_ lines: String..., name: String = "m") -> String {
        "  - model_name: \(name)\n    litellm_params:\n" + lines.map { "      \($0)\n" }.joined()
    }

    private func build(
        _ models: String...,
        environment: [String: String] = [:]
    ) throws -> (snapshot: Snapshot, notes: [String]) {
        try snapshot("model_list:\n" + models.joined(), environment: environment)
    }

    private func headers(_ snapshot: Snapshot, _ index: Int = 0) -> [String] {
        let buffer = snapshot.prepared[index].deployment.endpoint.headers.reveal()
        return String(buffer: buffer).split(separator: "\r\n").map(String.init)
    }

    // MARK: Ids

    @Test func idsAreTheSameAfterARestart() throws {
        let yaml = self.model("model: openai/gpt-4o", "api_key: k")
        let first = try self.build(yaml).snapshot.prepared[0].deployment.id
        #expect(try self.build(yaml).snapshot.prepared[0].deployment.id == first)
        #expect(first.count == 64 && first.allSatisfy { $0.isHexDigit })
        for other in ["model: openai/gpt-4", "model: anthropic/gpt-4o"] {
            #expect(try self.build(self.model(other, "api_key: k")).snapshot.prepared[0].deployment.id != first)
        }
        #expect(
            try self.build(self.model("model: openai/gpt-4o", "api_key: l")).snapshot.prepared[0].deployment.id != first
        )
        let elsewhere = self.model("model: openai/gpt-4o", "api_key: k", "api_base: http://a")
        #expect(try self.build(elsewhere).snapshot.prepared[0].deployment.id != first)
    }

    @Test func equalEntriesAreNumbered() throws {
        let yaml = self.model("model: openai/gpt-4o", "api_key: k")
        let ids = try self.build(yaml, yaml, yaml).snapshot.prepared.map(\.deployment.id)
        #expect(ids == [ids[0], "\(ids[0])-2", "\(ids[0])-3"])
    }

    @Test func anIDOfOnesOwnIsKept() throws {
        let own = self.model("model: openai/gpt-4o", "api_key: k") + "    model_info:\n      id: own\n"
        #expect(try self.build(own).snapshot.prepared[0].deployment.id == "own")
        #expect(throws: BadTestConfiguration.self) { try self.build(own, own) }
    }

    // MARK: Headers

    @Test(arguments: ["k\r\nX-Evil: 1", "k\nX-Evil: 1", "k\rX-Evil: 1", "k\0"])
    func aKeyCannotBecomeTwoHeaders(_ key: String) throws {
        let built = try self.build(self.model("model: openai/gpt-4o"), environment: ["OPENAI_API_KEY": key])
        let bytes = String(buffer: built.snapshot.prepared[0].deployment.endpoint.headers.reveal())
        #expect(!bytes.contains("Evil"))
        #expect(!bytes.contains("\0"))
        let head =
            built.snapshot.prepared[0].route(for: .chatCompletions).map { String(buffer: $0.requestHead.reveal()) }
            ?? ""
        #expect(head.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\nhost: api.openai.com\r\n"))
        #expect(!head.contains("Evil"))
    }

    @Test func extraHeadersCannotBecomeTwo() throws {
        let yaml = self.model(
            "model: openai/gpt-4o",
            "api_key: k",
            #"extra_headers: {"X-A": "b\r\nX-Evil: 1", "X-B\r\nX-Evil": "1", "X-C": "d"}"#
        )
        do {
            let lines = self.headers(try self.build(yaml).snapshot)
            #expect(lines.contains("X-C: d"))
            #expect(!lines.contains { $0.lowercased().hasPrefix("x-evil") })
        } catch is BadTestConfiguration {
            // Refused by the loader: just as good.
        }
    }

    @Test func extraHeadersWin() throws {
        let yaml = self.model(
            "model: openai/gpt-4o",
            "api_key: k",
            #"extra_headers: {"Authorization": "Own 1", "USER-AGENT": "mine", "X-A": "b"}"#
        )
        let lines = self.headers(try self.build(yaml).snapshot)
        #expect(lines.contains("Authorization: Own 1"))
        #expect(lines.contains("USER-AGENT: mine"))
        #expect(lines.contains("X-A: b"))
        #expect(lines.filter { $0.lowercased().hasPrefix("authorization:") }.count == 1)
        #expect(lines.filter { $0.lowercased().hasPrefix("user-agent:") }.count == 1)
    }

    /// The gateway frames requests itself: nobody else says where one ends.
    @Test(arguments: ["Content-Length: \"5\"", "Transfer-Encoding: chunked", "Host: evil", "Connection: close"])
    func extraHeadersDoNotFrame(_ header: String) throws {
        let yaml = self.model("model: openai/gpt-4o", "api_key: k", "extra_headers: {\(header)}")
        let name = header.prefix { $0 != ":" }.lowercased()
        do {
            let built = try self.build(yaml).snapshot
            let head =
                built.prepared[0].route(for: .chatCompletions).map { String(buffer: $0.requestHead.reveal()) } ?? ""
            let lines = head.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("\(name):") }
            #expect(lines.count <= (name == "host" ? 1 : 0), "\(lines)")
        } catch is BadTestConfiguration {
            // Refused by the loader: just as good.
        }
    }

    @Test func keysAreShownNowhere() throws {
        let built = try self.build(
            self.model("model: openai/gpt-4o", "api_key: sk-canary-1234567890", "api_base: http://a/p?key=canary")
        )
        let prepared = built.snapshot.prepared[0]
        #expect(!String(buffer: prepared.answerHeaders).contains("canary"))
        let infos = ModelInfoEndpoint.entries(snapshot: built.snapshot) { _ in true }
        #expect(!infos.isEmpty && infos.allSatisfy { !String(buffer: $0).contains("canary") })
        #expect(!"\(prepared.deployment.endpoint)".contains("canary"))
        var dumped = ""
        dump(prepared.deployment.endpoint, to: &dumped)
        #expect(!dumped.contains("canary"))
    }

    // MARK: Places and notes

    @Test func theBaseComesFromTheEntryThenTheEnvironmentThenTheProvider() throws {
        let environment = ["OPENAI_API_BASE": "http://env:1/x/"]
        let own = self.model("model: openai/gpt-4o", "api_key: k", "api_base: http://own:2/")
        let none = self.model("model: openai/gpt-4o", "api_key: k")
        #expect(
            try self.build(own, environment: environment).snapshot.prepared[0].deployment.endpoint.displayBase
                == "http://own:2"
        )
        let fromEnvironment = try self.build(none, environment: environment).snapshot.prepared[0].deployment.endpoint
        #expect(fromEnvironment.displayBase == "http://env:1/x")
        let usual = try self.build(none).snapshot.prepared[0].deployment.endpoint
        #expect(usual.displayBase == "https://api.openai.com/v1")
        #expect(usual.origin == Origin(host: "api.openai.com", port: 443, isTLS: true))
    }

    @Test func aBadBaseIsNamedWithItsPlace() throws {
        do {
            _ = try self.build(self.model("model: openai/gpt-4o", "api_key: k", "api_base: nowhere"))
            Issue.record("a base that is no URL was taken")
        } catch {
            #expect("\(error)".contains("test.yaml:"))
            #expect("\(error)".contains("nowhere"))
        }
    }

    @Test func aMissingKeyIsNoted() throws {
        let notes = try self.build(self.model("model: openai/gpt-4o")).notes
        #expect(notes.count == 1 && notes[0].contains("OPENAI_API_KEY"))
        #expect(try self.build(self.model("model: openai/gpt-4o"), environment: ["OPENAI_API_KEY": "k"]).notes.isEmpty)
        #expect(try self.build(self.model("model: openai/gpt-4o", "mock_response: hello")).notes.isEmpty)
    }

    @Test func settingsReachTheRequestPath() throws {
        let yaml = """
            model_list:
              - model_name: m
                litellm_params: {model: openai/gpt-4o, api_key: k, rpm: 7, timeout: 3, stream_timeout: 2}
            general_settings: {master_key: sk-1234, completion_model: m}
            server: {max_json_depth: 9, stream_ping_interval: 1, connect_timeout: 60}
            router_settings: {model_group_alias: {n: m, h: {model: m, hidden: true}}}
            litellm_settings: {ssl_verify: false}
            """
        let built = try snapshot(yaml).snapshot
        let deployment = built.prepared[0].deployment
        #expect(deployment.settings.weight == 7)
        #expect(deployment.settings.timeouts.total == .seconds(3))
        #expect(deployment.settings.timeouts.connect == .seconds(3))
        #expect(deployment.settings.timeouts.firstByte == .seconds(3))
        #expect(deployment.settings.timeouts.streamFirstByte == .seconds(2))
        #expect(deployment.endpoint.origin.certificates == .off)
        #expect(built.settings.maximumDepth == 9)
        #expect(built.settings.defaultModel == "m")
        #expect(built.settings.pingInterval == .seconds(1))
        #expect(built.authentication.needsKey)
        #expect(built.models.listed == ["m", "n"])
        #expect(built.models.match("h")?.group.name == "m")
    }
}
