import NIOCore
import TestSupport
import Testing

@testable import RedisClient

struct CodecTests {
    private static let samples: [(String, RedisReply)] = [
        ("+OK\r\n", .status("OK")),
        (":-42\r\n", .integer(-42)),
        ("$5\r\nab\r\nc\r\n", .bytes(ByteBuffer(string: "ab\r\nc"))),
        ("$-1\r\n", .null),
        ("*-1\r\n", .null),
        ("*0\r\n", .array([])),
        ("-MOVED 1 a:1\r\n", .error(RedisServerError(message: "MOVED 1 a:1"))),
        (
            "*3\r\n:1\r\n*2\r\n$1\r\na\r\n*0\r\n+x\r\n",
            .array([.integer(1), .array([.bytes(ByteBuffer(string: "a")), .array([])]), .status("x")])
        ),
    ]

    @Test("Replies are the same, however their bytes are cut")
    func survivesCuts() throws {
        let all = Self.samples.map(\.0).joined()
        for seed in 0..<200 {
            var random = SeededRandom(seed: UInt64(seed))
            let decoder = ReplyDecoder()
            var rest = Array(all.utf8)[...]
            var replies: [RedisReply] = []
            while !rest.isEmpty {
                let size = Int.random(in: 1...min(rest.count, 20), using: &random)
                try decoder.feed(ByteBuffer(bytes: rest.prefix(size)))
                rest = rest.dropFirst(size)
                while let reply = try decoder.next() { replies.append(reply) }
            }
            #expect(replies == Self.samples.map(\.1))
        }
    }

    @Test("Any bytes give replies or an error, and after an error nothing more")
    func survivesMutations() {
        let all = Array(Self.samples.map(\.0).joined().utf8)
        for seed in 0..<20_000 {
            var random = SeededRandom(seed: UInt64(seed))
            var bytes = all
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert("*$+-:0123456789\r\n".utf8.randomElement(using: &random) ?? 0, at: place)
                default: bytes.insert(contentsOf: "999999999".utf8, at: place)
                }
            }
            let decoder = ReplyDecoder(maxReplyBytes: 1 << 16)
            var hasFailed = false
            for start in stride(from: 0, to: bytes.count, by: 7) {
                do {
                    try decoder.feed(ByteBuffer(bytes: bytes[start..<min(start + 7, bytes.count)]))
                    while try decoder.next() != nil { #expect(!hasFailed) }
                } catch {
                    hasFailed = true
                }
            }
        }
    }

    @Test("A reply that never ends is given up")
    func boundsReplies() {
        let decoder = ReplyDecoder(maxReplyBytes: 1000)
        #expect(throws: RedisError.malformedReply("longer than 1000 bytes")) {
            try decoder.feed(ByteBuffer(string: "$500000000\r\n" + String(repeating: "x", count: 2000)))
            _ = try decoder.next()
        }
    }

    @Test("Commands, slots and digests are as the servers have them")
    func encodes() {
        #expect(String(buffer: RedisCommand("GET", "é").bytes) == "*2\r\n$3\r\nGET\r\n$2\r\né\r\n")
        #expect(HashSlot(key: "123456789").number == 0x31C3)
        #expect(HashSlot(key: "{user1000}.following") == HashSlot(key: "user1000"))
        #expect(HashSlot(key: "foo{}{bar}") != HashSlot(key: "bar"))
        #expect(RedisScript("return 1").digest == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
    }

    @Test(
        "URLs are read as redis-py reads them",
        arguments: [
            ("redis://", "localhost:6379", 0), ("redis://h/2", "h:6379", 2), ("redis://u:p%40@h:1", "h:1", 0),
            ("redis://[::1]:7/1?db=4", "[::1]:7", 4),
        ]
    )
    func readsURLs(url: String, address: String, database: Int) throws {
        let configuration = try RedisConfiguration(url: url)
        guard case .single(let endpoint) = configuration.topology else { return #expect(Bool(false)) }
        #expect("\(endpoint)" == address && configuration.database == database)
    }

    @Test("A URL that cannot be used says why without repeating it")
    func refusesURLs() {
        for url in ["http://canary", "redis://canary:x@h:99999", "redis://h/canary", "redis://h?canary=1"] {
            do {
                _ = try RedisConfiguration(url: url)
                Issue.record("accepted")
            } catch {
                #expect(!"\(error)".contains("canary"))
            }
        }
    }
}
