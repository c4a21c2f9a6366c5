import Settings
import TestSupport
import Testing

/// Any text gives a report: no crash, no hang, no unbounded work.
struct HostileInputTests {
    @Test func refusesABillionLaughs() {
        var yaml = "x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            yaml += "x-\(level): &a\(level) [\(aliases)]\n"
        }
        let report = Loading.load(yaml)
        #expect(report.errors.count == 1)
        #expect(report.errors.first?.message.contains("more than 200000 values") == true)
    }

    @Test func refusesABillionLaughsInKeys() {
        var yaml = "x-0: &a0 [lol, lol]\n"
        for level in 1...60 { yaml += "x-\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(Loading.load(yaml + "? *a15\n: 1\n").configuration == nil)
        #expect(Loading.load("x-1: &a [1]\n? *a\n: 1\n").errors.first?.message.contains("a key must be") == true)
    }

    @Test(
        arguments: [
            "\u{0}", "a: \u{7F}",
            "\u{FEFF}general_settings: {}", "a: *b", "a: &a [*a]", "<<: [1]", "<<: {<<: {}}", "%YAML 9.9\n---\n",
            "a: !!python/object:os.system x", "--- a\n--- b\n", "a:\n\tb: 1", "'", "\"\\uD800\"", "- a\n- b", "text",
            "? [a, b]\n: c", "a: 1\na: 2\na: 3\n", ": x", "model_list: {}", "model_list: [null, 1, [], {}]",
            "include: [\"\"]", "include: config.yaml", "include: [.]", "server: {port: 99999999999999999999999}",
        ]
    )
    func survives(_ yaml: String) {
        let report = Loading.load(yaml)
        #expect(report.configuration != nil || !report.errors.isEmpty)
    }

    @Test func refusesFilesThatAreTooLargeOrNotText() {
        let large = Loading.load(String(repeating: "#\n", count: 9 << 20))
        #expect(large.lines == ["config.yaml: error: the file is larger than 16 MB"])
        #expect(Loading.loader().load(path: "/dev/zero").lines == ["/dev/zero: error: the file is larger than 16 MB"])
        #expect(Loading.loader().load(path: "a\u{0}b").configuration == nil)
        #expect(Loading.loader().load(path: "").configuration == nil)
        #expect(Loading.loader().load(path: "/bin/sh").errors.first?.message == "the file is not UTF-8 text")
    }

    @Test func doesNotQuoteAVariablesValue() {
        let key = "os.environ/OPENAI_API_KEY"
        let fields = [
            "general_settings: {log_level: \(key), litellm_key_header_name: \(key)}",
            "general_settings: {database_url: \(key), max_request_size_mb: \(key)}",
            "litellm_settings: {callbacks: [\(key)], cache_params: {type: \(key)}}",
            "user_config: [{user_id: \(key)}, {user_id: \(key)}]",
            "model_list: [{model_name: a, litellm_params: {model: \(key)}}]",
            "model_list: [{model_name: a, litellm_params: {model: gpt-4, api_base: \(key)}}]",
            "include: [\(key)]",
        ]
        for field in fields {
            let report = Loading.load(field)
            #expect(report.configuration == nil)
            #expect(!ProblemRenderer(color: true).render(report.problems).contains("0123456789"), "\(field)")
        }
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "!", "&a ", "a: [", "\"", "a:\n ", "#", "|\n", "a\n", "'a': ", "\n"])
    func survivesRepetition(_ unit: String) {
        let report = Loading.load(String(repeating: unit, count: 100_000))
        #expect(report.configuration != nil || !report.errors.isEmpty)
    }

    @Test func placesASyntaxError() {
        let report = Loading.load("model_list:\n  - model_name: a\n   broken: [1\n")
        #expect(report.errors.count == 1)
        #expect(report.errors.first?.position == SourcePosition(file: "config.yaml", line: 3, column: 4))
    }

    @Test func keepsOnlySoManyProblems() {
        let yaml = (0..<5000).map { "nonsense\($0): 1\n" }.joined()
        let report = Loading.load(yaml)
        #expect(report.problems.count == 501)
        #expect(report.problems.last?.message.contains("further problems") == true)
    }

    @Test(
        arguments: [
            "chapter-7/configuration-file.yaml", "chapter-7/authentication.yaml", "chapter-7/caching.yaml",
            "litellm/full.yaml", "martlet/server.yaml",
        ]
    )
    func survivesMutations(_ name: String) throws {
        let original = Array(try Loading.fixture(name).utf8)
        var random = SeededRandom(seed: 20_261_122)
        for _ in 0..<400 {
            let mutant = Mutation.mutate(original, &random)
            let report = Loading.load(String(decoding: mutant, as: UTF8.self))
            #expect((report.configuration == nil) == !report.errors.isEmpty)
            var shown = ProblemRenderer(color: false).render(report.problems)
            if let configuration = report.configuration { shown += ConfigurationSummary(configuration).render() }
            // Every secret of the test environment has this in it: none may be shown, wherever damage moved it.
            #expect(!shown.contains("0123456789"))
        }
    }
}

/// Small damage of the kinds that parsers dislike.
private enum Mutation {
    private static let tokens = [
        "[", "]", "{", "}", ":", "- ", "\n", "  ", "&a ", "*a", "!!str ", "<<: ", "\"", "'", "#", "|", ">", "? ", "~",
        "-1", "1e999", "os.environ/X", "\u{0}", "\u{85}", "\u{1F600}", "\t", "%", "---\n", ",",
    ]

    static func mutate(_ original: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let length = min(bytes.count - place, Int.random(in: 0...24, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeSubrange(place..<place + length)
            case 1: bytes.insert(contentsOf: self.tokens.randomElement(using: &random)?.utf8 ?? "".utf8, at: place)
            case 2: bytes.insert(contentsOf: Array(bytes[place..<place + length]), at: 0)
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            }
        }
        return bytes
    }
}
