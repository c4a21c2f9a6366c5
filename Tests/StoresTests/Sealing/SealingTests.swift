import Domain
import Foundation
import Stores
import Testing

@Suite struct SealingTests {
    private static let sealer = SecretSealer(SealingKey(Secret("sk-salt")))

    @Test(arguments: ["", "{}", #"{"api_key": "sk-é\u0000"}"#, "nul\0", String(repeating: "long ", count: 100_000)])
    func opensWhatItSealed(text: String) throws {
        let sealed = try #require(Self.sealer.seal(text, purpose: "model"))
        #expect(!sealed.contains("api_key"))
        #expect(Self.sealer.open(sealed, purpose: "model")?.reveal() == text)
        // Equal texts are not to be told by their seals.
        #expect(Self.sealer.seal(text, purpose: "model") != sealed)
    }

    @Test func opensNothingElse() throws {
        let sealed = try #require(Self.sealer.seal("secret", purpose: "model"))
        #expect(Self.sealer.open(sealed, purpose: "other") == nil)
        #expect(SecretSealer(SealingKey(Secret("sk-other"))).open(sealed, purpose: "model") == nil)
        for text in ["", "AA==", "AQ==", "no base64!", "secret", String(sealed.dropLast(4)), sealed + "AAAA"] {
            #expect(Self.sealer.open(text, purpose: "model") == nil)
        }
        let bytes = try #require(Data(base64Encoded: sealed))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(Self.sealer.open(changed.base64EncodedString(), purpose: "model") == nil, "byte \(index)")
        }
    }

    /// What is sealed lasts longer than a version of the program: made with the `cryptography` package of Python.
    @Test func opensWhatAnotherProgramSealed() {
        let sealed = "AQABAgMEBQYHCAkKCwV1bYonueVFDjjBNNI9uDREr/kS7naK4EmV1CNcrpdA73EAPLlhxO53uQ=="
        #expect(Self.sealer.open(sealed, purpose: "model")?.reveal() == #"{"model": "openai/gpt-4o"}"#)
    }
}

@Suite struct LastGoodTests {
    private static let key = SealingKey(Secret("sk-salt"))

    private static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-good-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private static var records: RecordSet {
        var records = RecordSet()
        records.revision = 77
        var user = User(id: "anna")
        user.alias = "Änna"
        user.allowance.maxBudget = NanoDollars(1)
        records.users = [user, User(id: "bob")]
        records.teams = [Team(id: "red")]
        records.organizations = [Organization(id: "acme")]
        records.endUsers = [EndUser(id: "e")]
        records.budgets = [Budget(id: "b")]
        records.tags = [Tag(id: "t")]
        records.models = [StoredModel(id: "m", name: "gpt", sealedParameters: "AAAA")]
        return records
    }

    private static let keys = (1...50).map { VirtualKey(UInt64($0), alias: "secret name \($0)") }

    @Test func comesBackAsItWas() async throws {
        try await Self.withFolder { folder in
            let path = folder + "/last-good.sealed"
            let file = LastGoodFile(
                path: path,
                spendPath: path + "-spend",
                key: Self.key,
                database: "postgresql://***@db/x"
            )
            #expect(try await file.load()?.revision == nil)
            for count in [3, 50] {
                try await file.save(Self.records) { each in Self.keys.prefix(count).forEach(each) }
                let found = try #require(try await file.load())
                #expect(found.keys == Array(Self.keys.prefix(count)))
                #expect(found.revision == 77)
                #expect(found.users == Self.records.users)
                #expect(found.teams == Self.records.teams)
                #expect(found.organizations == Self.records.organizations)
                #expect(found.endUsers == Self.records.endUsers)
                #expect(found.budgets == Self.records.budgets)
                #expect(found.tags == Self.records.tags)
                #expect(found.models == Self.records.models)
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["last-good.sealed"])
            let bytes = try #require(FileManager.default.contents(atPath: path))
            #expect(bytes.firstRange(of: Data("secret name".utf8)) == nil)
            #expect(bytes.firstRange(of: Data(Self.keys[0].id.utf8)) == nil)
        }
    }

    @Test func spendComesBackAsItWas() async throws {
        try await Self.withFolder { folder in
            let path = folder + "/last-good.sealed"
            let file = LastGoodFile(path: path, spendPath: path + "-spend", key: Self.key, database: "one")
            #expect(try await file.loadSpend() == [])
            let spend = [
                KeptSpend(.key, "k", period: nil, start: .distantPast, spent: NanoDollars(.max)),
                KeptSpend(
                    .team,
                    "é",
                    model: "gpt",
                    period: BudgetPeriod("30d"),
                    start: FixedClock().now,
                    spent: NanoDollars(1)
                ),
            ]
            try await file.saveSpend(spend)
            #expect(try await file.loadSpend() == spend)
            #expect(try await file.load()?.revision == nil)
            let other = LastGoodFile(path: path, spendPath: path + "-spend", key: Self.key, database: "two")
            #expect(await failure { () throws(StoreError) in try await other.loadSpend() } == .corrupt)
        }
    }

    @Test func whatIsNotItsOwnIsCorrupt() async throws {
        try await Self.withFolder { folder in
            let path = folder + "/last-good.sealed"
            let file = LastGoodFile(path: path, spendPath: path + "-spend", key: Self.key, database: "one")
            try await file.save(Self.records) { _ in }
            let whole = try #require(FileManager.default.contents(atPath: path))
            let others = [
                LastGoodFile(
                    path: path,
                    spendPath: path + "-spend",
                    key: SealingKey(Secret("sk-other")),
                    database: "one"
                ),
                LastGoodFile(path: path, spendPath: path + "-spend", key: Self.key, database: "two"),
            ]
            for other in others {
                #expect(await failure { () throws(StoreError) in try await other.load() } == .corrupt)
            }
            for broken in [Data(), whole.prefix(10), whole.dropLast(), whole + Data([0])] {
                try broken.write(to: URL(filePath: path))
                #expect(await failure { () throws(StoreError) in try await file.load() } == .corrupt)
            }
            // And it is written anew over whatever is there.
            try await file.save(Self.records) { _ in }
            #expect(try await file.load()?.users.count == 2)
        }
    }

    @Test func aFolderThatIsGoneIsUnavailable() async throws {
        let file = LastGoodFile(path: "/nowhere/at/all", spendPath: "/nowhere", key: Self.key, database: "one")
        #expect(await failure { () throws(StoreError) in try await file.save(Self.records) { _ in } } == .unavailable)
        #expect(try await file.load()?.revision == nil)
    }
}
