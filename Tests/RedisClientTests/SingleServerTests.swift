import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import RedisClient

@Suite(.serialized)
struct SingleServerTests {
    @Test("Commands sent together are answered each with its own reply")
    func pipelines() async throws {
        let server = try RedisServer()
        try await withClient(.single(server), of: server) { client, _ in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<2000 {
                    group.addTask { await client.ask("ECHO", .integer(Int64(number)))?.integer == Int64(number) }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test("Bytes of any kind and size come back as they were")
    func keepsBytes() async throws {
        let server = try RedisServer()
        try await withClient(.single(server), of: server) { client, _ in
            var random = SeededRandom(seed: 7)
            for size in [0, 1, 16_383, 1_000_000] {
                let bytes = ByteBuffer(bytes: (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) })
                #expect(await client.ask("SET", "k", .bytes(bytes)) == .status("OK"))
                #expect(await client.ask("GET", "k") == .bytes(bytes))
            }
        }
    }

    @Test("A password, a user of an access list and a database are used; a wrong one says so without naming it")
    func authenticates() async throws {
        let server = try RedisServer(settings: [
            "requirepass \"\(RedisServer.password)\"", "user app on \">sec ret\" ~* &* +@all",
        ])
        let url = "redis://:\(RedisServer.encodedPassword)@127.0.0.1:\(server.port)/3"
        try await withClient(try RedisConfiguration(url: url), of: server) { client, _ in
            #expect(await client.ask("SET", "k", "v") == .status("OK"))
            #expect(await client.ask("CLIENT", "INFO")?.text?.contains(" db=3 ") == true)
        }
        let byName = "redis://app:sec%20ret@127.0.0.1:\(server.port)"
        try await withClient(try RedisConfiguration(url: byName), of: server) { client, _ in
            #expect(await client.ask("ACL", "WHOAMI")?.text == "app")
        }
        let wrong = "redis://:canary@127.0.0.1:\(server.port)"
        try await withClient(try RedisConfiguration(url: wrong), of: server) { client, told in
            #expect(await client.failure(of: RedisCommand("PING")) == .notConnected)
            let isTold = await eventually { !told.all.isEmpty }
            #expect(isTold && !"\(told.all)".contains("canary") && "\(told.all)".contains("WRONGPASS"))
        }
    }

    @Test("TLS checks the server's certificate against the given roots, and its name")
    func usesTLS() async throws {
        let server = try RedisServer(usesTLS: true)
        let file = server.folder + "/cert.pem"
        let trusting = "rediss://localhost:\(server.port)?ssl_ca_certs=\(file)"
        try await withClient(try RedisConfiguration(url: trusting), of: server) { client, _ in
            #expect(await client.ask("PING") == .status("PONG"))
        }
        try await withClient(try RedisConfiguration(url: "rediss://localhost:\(server.port)"), of: server) {
            client,
            told in
            #expect(await client.failure(of: RedisCommand("PING")) == .notConnected)
            let isTold = await eventually { "\(told.all)".contains("TLS") }
            #expect(isTold)
        }
        let careless = "rediss://127.0.0.1:\(server.port)?ssl_cert_reqs=none"
        try await withClient(try RedisConfiguration(url: careless), of: server) { client, _ in
            #expect(await client.ask("PING") == .status("PONG"))
        }
    }

    @Test("A script the server does not know is sent by its text, once")
    func sendsScripts() async throws {
        let server = try RedisServer()
        try await withClient(.single(server), of: server) { client, _ in
            let script = RedisScript("return {KEYS[1], ARGV[1], redis.sha1hex('abc')}")
            for _ in 0..<3 {
                let reply = try await client.run(script, keys: ["k"], arguments: ["a"], within: .seconds(5))
                #expect(reply.elements?.map(\.text) == ["k", "a", "a9993e364706816aba3e25717850c26c9cd0d89d"])
            }
            let statistics = await client.ask("INFO", "commandstats")?.text ?? ""
            #expect(statistics.contains("cmdstat_eval:calls=1,"))
            #expect(await client.ask("SCRIPT", "FLUSH") == .status("OK"))
            let reply = try await client.run(script, keys: ["k"], arguments: ["a"], within: .seconds(5))
            #expect(reply.elements?.count == 3)
        }
    }

    @Test("A server that hangs costs each call its deadline, then nothing, and is used again when it answers")
    func breaksTheCircuit() async throws {
        let server = try RedisServer()
        var configuration = RedisConfiguration.single(server)
        configuration.timing.probeInterval = .milliseconds(50)
        configuration.timing.probeDeadline = .seconds(1)
        try await withClient(configuration, of: server) { client, told in
            _ = await client.ask("SET", "k", "1")
            server.freeze()
            for _ in 0..<5 {
                #expect(await client.failure(of: RedisCommand("GET", "k"), within: .milliseconds(5)) == .timedOut)
            }
            #expect(await client.failure(of: RedisCommand("GET", "k")) == .breakerOpen)
            server.thaw()
            let isBack = await eventually { await client.ask("GET", "k")?.text == "1" }
            #expect(isBack)
            #expect(told.all.filter { if case .suspended = $0 { true } else { false } }.count == 1)
            #expect(told.all.filter { if case .resumed = $0 { true } else { false } }.count == 1)
        }
    }

    @Test("An answer after the deadline is told, and never taken for the next call's")
    func tellsLateAnswers() async throws {
        let server = try RedisServer()
        try await withClient(.single(server), of: server) { client, _ in
            let script = RedisScript("return 42")
            _ = try await client.run(script, keys: ["k"], arguments: [], within: .seconds(5))
            server.freeze()
            let late = Mutex<RedisReply?>(nil)
            await #expect(throws: RedisError.timedOut) {
                _ = try await client.run(script, keys: ["k"], arguments: [], within: .milliseconds(20)) { reply in
                    late.withLock { $0 = reply }
                }
            }
            server.thaw()
            #expect(await client.ask("ECHO", "next")?.text == "next")
            #expect(late.withLock { $0 } == .integer(42))
        }
    }

    @Test("A connection that is lost is made again, and only the change is told")
    func reconnects() async throws {
        let server = try RedisServer()
        try await withClient(.single(server), of: server) { client, told in
            _ = await client.ask("SET", "k", "1")
            server.interrupt()
            let isNoticed = await eventually { await client.failure(of: RedisCommand("PING")) == .notConnected }
            #expect(isNoticed)
            // Long enough for several attempts.
            try await Task.sleep(for: .milliseconds(400))
            try server.start()
            let isBack = await eventually { await client.ask("GET", "k") == .null }
            #expect(isBack)
            #expect(told.all.count == 3, "\(told.all)")
        }
    }

    @Test("No server at all: calls fail at once, whatever their deadline")
    func failsWithoutServer() async throws {
        let server = try RedisServer()
        server.interrupt()
        try await withClient(.single(server), of: server) { client, _ in
            #expect(await client.failure(of: RedisCommand("PING")) == .notConnected)
            #expect(await client.ready(within: .milliseconds(50)) == false)
        }
    }
}
