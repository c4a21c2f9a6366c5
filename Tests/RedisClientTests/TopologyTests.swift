import TestSupport
import Testing

@testable import RedisClient

@Suite(.serialized)
struct TopologyTests {
    @Test("A failover that Sentinels agree on is followed")
    func followsSentinels() async throws {
        let first = try RedisServer()
        let second = try RedisServer(settings: ["replicaof 127.0.0.1 \(first.port)"])
        let sentinel = try RedisServer(
            settings: [
                "sentinel monitor main 127.0.0.1 \(first.port) 1", "sentinel down-after-milliseconds main 500",
                "sentinel failover-timeout main 2000",
            ],
            isSentinel: true
        )
        // A master that has no replica when it dies has no successor.
        let isReplicated = await eventually {
            try first.command("INFO", "replication").contains("state=online")
                && sentinel.command("SENTINEL", "REPLICAS", "main").contains("\(second.port)")
        }
        #expect(isReplicated)
        let addresses = [
            RedisEndpoint(host: "127.0.0.1", port: 1), RedisEndpoint(host: "127.0.0.1", port: sentinel.port),
        ]
        try await withClient(RedisConfiguration(.sentinel(addresses: addresses, masterName: "main")), of: sentinel) {
            client,
            told in
            #expect(await client.ask("SET", "k", "1") == .status("OK"))
            first.interrupt()
            let isBack = await eventually { await client.ask("SET", "k", "2") == .status("OK") }
            #expect(isBack)
            let kept = try second.command("GET", "k")
            #expect(kept == "2\n")
            #expect(told.all.contains(.masterChanged(RedisEndpoint(host: "127.0.0.1", port: second.port))))
        }
    }

    @Test("A name no Sentinel knows is said, and calls fail")
    func missesMaster() async throws {
        let sentinel = try RedisServer(isSentinel: true)
        let addresses = [RedisEndpoint(host: "127.0.0.1", port: sentinel.port)]
        try await withClient(RedisConfiguration(.sentinel(addresses: addresses, masterName: "none")), of: sentinel) {
            client,
            told in
            #expect(await client.failure(of: RedisCommand("PING")) == .notConnected)
            #expect(told.all.count == 1)
        }
    }

    @Test("Each key's node of a cluster is found, also after its slot has moved")
    func followsCluster() async throws {
        let settings = ["cluster-enabled yes", "cluster-node-timeout 2000"]
        let nodes = try (0..<3).map { _ in try RedisServer(settings: settings) }
        try RedisServer.run(
            "redis-cli",
            ["--cluster", "create"] + nodes.map { "127.0.0.1:\($0.port)" } + ["--cluster-yes"]
        )
        let isWhole = await eventually {
            try nodes.allSatisfy { try $0.command("CLUSTER", "INFO").contains("cluster_state:ok") }
        }
        #expect(isWhole)
        let seeds = [RedisEndpoint(host: "127.0.0.1", port: nodes[0].port)]
        try await withClient(RedisConfiguration(.cluster(seeds: seeds)), of: nodes[0], nodes[1], nodes[2]) {
            client,
            _ in
            for number in 0..<60 {
                let key = "key-\(number)"
                #expect(await client.ask("SET", .text(key), .integer(Int64(number)), key: key) == .status("OK"))
            }
            try Self.move(HashSlot(key: "{away}"), among: nodes)
            #expect(await client.ask("SET", "{away}", "1", key: "{away}") == .status("OK"))
            for number in 0..<60 {
                let key = "key-\(number)"
                #expect(await client.ask("GET", .text(key), key: key)?.integer == Int64(number))
            }
        }
    }

    /// Gives a slot without keys to another node, of which the client learns by a redirection.
    private static func move(_ slot: HashSlot, among nodes: [RedisServer]) throws {
        let names = try nodes.map { try $0.command("CLUSTER", "MYID").split(separator: "\n").joined() }
        let owner = try nodes.firstIndex { node in
            try node.command("CLUSTER", "COUNTKEYSINSLOT", "\(slot.number)") == "0\n"
                && node.command("GET", "{away}").contains("MOVED") == false
        }
        let from = try #require(owner)
        let target = (from + 1) % nodes.count
        try nodes[target].command("CLUSTER", "SETSLOT", "\(slot.number)", "IMPORTING", names[from])
        try nodes[from].command("CLUSTER", "SETSLOT", "\(slot.number)", "MIGRATING", names[target])
        // Now the owner answers ASK for keys it does not have, and so the client goes on to the importer.
        for node in [nodes[target], nodes[from]] {
            try node.command("CLUSTER", "SETSLOT", "\(slot.number)", "NODE", names[target])
        }
    }
}
