import Domain
import Stores
import Testing

@Suite struct RecordTests {
    @Test(arguments: Backend.allCases) func recordsComeBackAsTheyWere(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var key = VirtualKey(1, alias: "a key")
            key.userID = "anna"
            key.models = ["gpt-4o", "a/*"]
            key.aliases = ["x": "y"]
            key.allowance.maxBudget = NanoDollars(5_000_000_001)
            key.allowance.budgetPeriod = BudgetPeriod("30d")
            key.tags = ["ünï", "quote\"d"]
            key.permissions = ["get_spend_routes": true]
            key.metadata = #"{"a": [1, 2.50, "\u00e9\\"]}"#
            key.expiresAt = WallTime(milliseconds: 1)
            key.isBlocked = false
            key.lineage = KeyHash(9)
            key.stamp.createdBy = "bob"
            var team = Team(id: "red")
            team.members = [TeamMember(userID: "anna", role: .admin)]
            team.allowance.rpm = 0
            let model = StoredModel(id: "m", name: "gpt-4o", sealedParameters: "AAAA")
            try await store.insert(
                key,
                team,
                User(id: "anna"),
                Organization(id: "acme"),
                EndUser(id: "e"),
                Budget(id: "b"),
                Tag(id: "t"),
                model
            )
            #expect(try await store.find(VirtualKey.self, id: key.id) == Versioned(record: key, version: 1))
            #expect(try await store.find(Team.self, id: "red") == Versioned(record: team, version: 1))
            #expect(try await store.find(StoredModel.self, id: "m") == Versioned(record: model, version: 1))
            #expect(try await store.find(Tag.self, id: "t")?.record == Tag(id: "t"))
            #expect(try await store.find(User.self, id: "nobody") == nil)
        }
    }

    @Test(arguments: Backend.allCases) func insertionRefusesWhatIsThere(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            try await store.insert(VirtualKey(1, alias: "one"), User(id: "anna"))
            #expect(await failure { () throws(StoreError) in try await store.insert(VirtualKey(1)) } == .duplicate)
            #expect(
                await failure { () throws(StoreError) in
                    try await store.insert(VirtualKey(2, alias: "one"))
                } == .duplicate
            )
            // All of a change or nothing of it.
            #expect(
                await failure { () throws(StoreError) in
                    try await store.insert(User(id: "bob"), User(id: "anna"))
                } == .duplicate
            )
            #expect(try await store.find(User.self, id: "bob") == nil)
            // Only keys' aliases are unique, and no alias is not one.
            var user = User(id: "carl")
            user.alias = "one"
            var other = User(id: "dora")
            other.alias = "one"
            try await store.insert(user, other, VirtualKey(3), VirtualKey(4))
        }
    }

    @Test(arguments: Backend.allCases) func updateNeedsTheVersionThatWasRead(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            try await store.insert(VirtualKey(1, alias: "one"), VirtualKey(2, alias: "two"))
            var key = VirtualKey(1, alias: "first")
            try await store.apply(Mutation([.update(key, version: 1)], audit: []))
            #expect(try await store.find(VirtualKey.self, id: key.id) == Versioned(record: key, version: 2))
            func update(_ key: VirtualKey, version: Int64) async -> StoreError.Kind? {
                await failure { () throws(StoreError) in
                    try await store.apply(Mutation([.update(key, version: version)], audit: []))
                }
            }
            #expect(await update(key, version: 1) == .conflict)
            #expect(await update(VirtualKey(7), version: 1) == .conflict)
            key.alias = "two"
            #expect(await update(key, version: 2) == .duplicate)
            key.alias = nil
            #expect(await update(key, version: 2) == nil)
            #expect(try await store.find(VirtualKey.self, id: key.id)?.version == 3)
        }
    }

    @Test(arguments: Backend.allCases) func oneOfManyWritersOfAVersionWins(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            try await store.insert(User(id: "anna"))
            var stores: [SQLStore] = []
            for _ in 0..<3 { stores.append(try database.store()) }
            let ends = await withTaskGroup(of: StoreError.Kind?.self) { group in
                for number in 0..<12 {
                    let store = stores[number % stores.count]
                    group.addTask {
                        var user = User(id: "anna")
                        user.alias = "\(number)"
                        let step = Mutation.Step.update(user, version: 1)
                        return await failure { () throws(StoreError) in
                            try await store.apply(Mutation([step], audit: []))
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(ends.count { $0 == nil } == 1)
            #expect(ends.count { $0 == .conflict } == 11)
            #expect(try await store.find(User.self, id: "anna")?.version == 2)
        }
    }

    @Test(arguments: Backend.allCases) func putReplacesAndDeletionRemoves(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            var user = User(id: "anna")
            try await store.apply(Mutation([.put(user)], audit: []))
            user.role = .proxyAdmin
            try await store.apply(Mutation([.put(user)], audit: []))
            #expect(try await store.find(User.self, id: "anna") == Versioned(record: user, version: 2))
            try await store.insert(VirtualKey(1, alias: "one"))
            #expect(
                await failure { () throws(StoreError) in
                    try await store.apply(Mutation([.put(VirtualKey(2, alias: "one"))], audit: []))
                } == .duplicate
            )
            func delete(_ id: String, _ version: Int64?) async -> StoreError.Kind? {
                await failure { () throws(StoreError) in
                    try await store.apply(Mutation([.delete(.user, id: id, version: version)], audit: []))
                }
            }
            #expect(await delete("anna", 1) == .conflict)
            #expect(await delete("nobody", nil) == .conflict)
            #expect(await delete("anna", 2) == nil)
            #expect(try await store.find(User.self, id: "anna") == nil)
        }
    }
}
