import Domain
import NIOCore
import TestSupport
import Testing

@testable import Routing

/// A deployment of which only what a table looks at is given.
private func deployment(
    _ group: String,
    id: String? = nil,
    model: String = "m",
    weight: Double = 1,
    order: Int = 0
) -> Deployment {
    let timeouts = UpstreamTimeouts(
        connect: .seconds(1),
        firstByte: .seconds(1),
        betweenChunks: .seconds(1),
        total: .seconds(1),
        streamTotal: .seconds(1)
    )
    return Deployment(
        id: id ?? "\(group)/\(model)/\(weight)/\(order)",
        group: group,
        provider: "openai",
        upstreamModel: model,
        endpoint: Deployment.Endpoint(
            origin: Origin(host: "a", port: 1, isTLS: false),
            basePath: "",
            displayBase: "",
            headers: Secret(ByteBuffer())
        ),
        capabilities: ModelCapabilities(),
        settings: Deployment.Settings(timeouts: timeouts, weight: weight, order: order)
    )
}

private func alias(_ name: String, _ target: String, hidden: Bool = false) -> ModelAlias {
    ModelAlias(name: name, target: target, isHidden: hidden)
}

struct ModelTableTests {
    @Test func findsGroupsAliasesAndIDs() {
        let table = ModelTable(
            deployments: [deployment("a", id: "one"), deployment("a", id: "two"), deployment("b", id: "three")],
            aliases: [alias("c", "a"), alias("d", "two"), alias("e", "nobody")]
        )
        #expect(table.match("a")?.group.deployments.map(\.id) == ["one", "two"])
        #expect(table.match("two")?.group.deployments.map(\.id) == ["two"])
        #expect(table.match("two")?.group.name == "a")
        #expect(table.match("c")?.group.name == "a")
        #expect(table.match("d")?.group.deployments.map(\.id) == ["two"])
        #expect(table.match("e") == nil)
        #expect(table.match("A") == nil)
        #expect(table.match("") == nil)
        #expect(table.names == ["a", "b"])
        #expect(table.deployments(ofGroup: "b").map(\.id) == ["three"])
        #expect(table.deployments(ofGroup: "three").isEmpty)
    }

    @Test func anAliasWinsOverAGroupAndAGroupOverAnID() {
        let table = ModelTable(
            deployments: [deployment("a", id: "b"), deployment("b", id: "x")],
            aliases: [alias("a", "b")]
        )
        #expect(table.match("a")?.group.name == "b")
        #expect(table.match("b")?.group.deployments.map(\.id) == ["x"])
    }

    @Test func theLastOfTwoAliasesOfANameHolds() {
        let table = ModelTable(
            deployments: [deployment("a"), deployment("b")],
            aliases: [alias("x", "a"), alias("x", "b")]
        )
        #expect(table.match("x")?.group.name == "b")
    }

    @Test func listsVisibleAliasesBehindTheGroups() {
        let table = ModelTable(
            deployments: [deployment("b"), deployment("a"), deployment("b", id: "2")],
            aliases: [alias("z", "a"), alias("y", "a"), alias("h", "a", hidden: true), alias("a", "b")]
        )
        #expect(table.listed == ["b", "a", "y", "z"])
        #expect(table.match("h") != nil)
    }

    @Test func namesNearOnes() {
        let table = ModelTable(
            deployments: [deployment("gpt-4o"), deployment("claude-sonnet")],
            aliases: [alias("gpt-4-secret", "gpt-4o", hidden: true)]
        )
        #expect(table.nearest(to: "gpt-4") == ["gpt-4o"])
        #expect(table.nearest(to: "Claude-Sonett") == ["claude-sonnet"])
        #expect(table.nearest(to: "llama").isEmpty)
    }

    // MARK: Wildcards

    @Test(arguments: [
        ("openai/*", "openai/gpt-4o", ["gpt-4o"]), ("openai/*", "openai/", [""]),
        ("*", "anything/at:all", ["anything/at:all"]),
        ("*", "", [""]), ("a*b", "ab", [""]), ("a*b", "axxb", ["xx"]), ("*/x", "p/x", ["p"]),
        ("a*-*", "ab-c-d", ["b", "c-d"]),
        ("*a*", "banana", ["b", "nana"]), ("x/*/y/*", "x/1/y/2", ["1", "2"]), ("a**b", "acb", ["", "c"]),
        ("é*", "é1", ["1"]),
    ])
    func wildcardsCapture(_ pattern: String, _ name: String, _ captures: [String]) {
        #expect(WildcardPattern(pattern).captures(of: name) == captures)
    }

    @Test(arguments: [
        ("openai/*", "openai"), ("openai/*", "xopenai/a"), ("openai/*", "Openai/a"), ("a*b", "a"), ("a*b", "b"),
        ("a*b", "abc"),
        ("aa*aa", "aaa"), ("x/*/y/*", "x/1/2"), ("plain", "plain"), ("", ""), ("a.*", "ab"), ("?*", "ab"),
    ])
    func wildcardsDoNotMatch(_ pattern: String, _ name: String) {
        #expect(WildcardPattern(pattern).captures(of: name) == nil)
    }

    @Test func thePatternWithMoreFixedTextComesFirst() {
        let names = ["*", "openai/*", "openai/gpt-*", "openai/gpt-4*", "*-mini"]
        for order in [names, names.reversed()] {
            let table = ModelTable(deployments: order.map { deployment($0) }, aliases: [])
            #expect(table.match("openai/gpt-4o")?.group.name == "openai/gpt-4*")
            #expect(table.match("openai/gpt-5")?.group.name == "openai/gpt-*")
            #expect(table.match("openai/o3")?.group.name == "openai/*")
            #expect(table.match("o3-mini")?.group.name == "*-mini")
            #expect(table.match("o3")?.group.name == "*")
        }
    }

    @Test func anExactNameComesBeforeEveryPattern() {
        let table = ModelTable(deployments: [deployment("*"), deployment("gpt")], aliases: [alias("big", "openai/x")])
        #expect(table.match("gpt")?.captures == [])
        #expect(table.match("*")?.captures == [])
        #expect(table.match("big")?.captures == ["openai/x"])
    }

    @Test(arguments: [
        ("openai/*", "*", "openai/gpt-4o", "gpt-4o"), ("*", "*", "a/b", "a/b"),
        ("my-*", "gpt-*-x", "my-4o", "gpt-4o-x"),
        ("*/*", "*:*", "a/b", "a:b"), ("*", "fixed", "a", "fixed"), ("a*", "*-*", "ab", "b-*"),
        ("plain", "m", "plain", "m"),
        ("plain", "m*", "plain", "m*"),
    ])
    func theProviderIsAskedForTheFilledName(_ group: String, _ model: String, _ asked: String, _ sent: String) throws {
        let table = ModelTable(deployments: [deployment(group, model: model)], aliases: [])
        let match = try #require(table.match(asked))
        #expect(match.upstreamModel(of: match.group.deployments[0]) == sent)
    }

    @Test func aPatternOfManyStarsIsNoTrap() {
        let pattern = WildcardPattern(String(repeating: "*a", count: 200) + "*b")
        #expect(pattern.captures(of: String(repeating: "a", count: 20_000)) == nil)
    }

    // MARK: Choice

    private func shares(_ deployments: [Deployment], rounds: Int = 20_000) throws -> [String: Double] {
        let group = try #require(ModelTable(deployments: deployments, aliases: []).match("g")).group
        var random = SeededRandom(seed: 42)
        var counts: [String: Int] = [:]
        for _ in 0..<rounds { counts[try #require(group.pick(using: &random)).id, default: 0] += 1 }
        return counts.mapValues { Double($0) / Double(rounds) }
    }

    @Test func picksByWeight() throws {
        let shares = try self.shares([
            deployment("g", id: "a", weight: 1), deployment("g", id: "b", weight: 3),
            deployment("g", id: "c", weight: 0),
            deployment("g", id: "d", weight: 6),
        ])
        #expect(abs((shares["a"] ?? 0) - 0.1) < 0.02)
        #expect(abs((shares["b"] ?? 0) - 0.3) < 0.02)
        #expect(abs((shares["d"] ?? 0) - 0.6) < 0.02)
        #expect(shares["c"] == nil)
    }

    @Test func picksOnlyFromTheLowestOrder() throws {
        let shares = try self.shares([
            deployment("g", id: "a", order: 2), deployment("g", id: "b", order: 1), deployment("g", id: "c", order: 1),
        ])
        #expect(shares.keys.sorted() == ["b", "c"])
    }

    @Test func withoutAnyWeightTheFirstIsPicked() throws {
        #expect(
            try self.shares([deployment("g", id: "a", weight: 0), deployment("g", id: "b", weight: 0)]) == ["a": 1]
        )
    }
}
