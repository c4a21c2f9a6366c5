import Domain
import Stores
import Testing

@Suite struct ListTests {
    private static func ids(_ store: SQLStore, _ change: (inout RecordQuery) -> Void) async throws -> [String] {
        var query = RecordQuery()
        query.sort = .id
        query.descending = false
        change(&query)
        return try await store.list(User.self, query).items.map(\.record.id)
    }

    private static func user(
        _ id: String,
        alias: String? = nil,
        organization: String? = nil,
        made: Int64 = 0,
        changed: Int64 = 0
    ) -> User {
        var user = User(id: id)
        user.alias = alias
        user.organizationID = organization
        user.stamp.createdAt = WallTime(milliseconds: made)
        user.stamp.updatedAt = WallTime(milliseconds: changed)
        return user
    }

    @Test(arguments: Backend.allCases) func everyFilterHolds(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            try await store.insert(
                Self.user("a", alias: "Anna", organization: "acme"),
                Self.user("b", alias: "anna", organization: "acme"),
                Self.user("c", organization: "other")
            )
            #expect(try await Self.ids(store) { _ in } == ["a", "b", "c"])
            #expect(try await Self.ids(store) { $0.organizationID = "acme" } == ["a", "b"])
            #expect(try await Self.ids(store) { $0.alias = "anna" } == ["b"])
            #expect(try await Self.ids(store) { $0.ids = ["c", "nobody", "a", "x'; --"] } == ["a", "c"])
            #expect(try await Self.ids(store) { $0.ids = [] } == [])
            #expect(
                try await Self.ids(store) {
                    $0.ids = ["a", "c"]
                    $0.organizationID = "acme"
                } == ["a"]
            )
            var key = VirtualKey(1)
            (key.userID, key.teamID) = ("a", "red")
            var other = VirtualKey(2)
            (other.userID, other.teamID) = ("a", "blue")
            try await store.insert(key, other)
            var query = RecordQuery()
            query.userID = "a"
            #expect(try await store.list(VirtualKey.self, query).total == 2)
            query.teamID = "red"
            #expect(try await store.list(VirtualKey.self, query).items.map(\.record) == [key])
        }
    }

    @Test(arguments: Backend.allCases) func searchTakesEveryCharacterForItself(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            try await store.insert(
                Self.user("a", alias: "100% sure"),
                Self.user("b", alias: "snake_case"),
                Self.user("c", alias: #"back\slash"#),
                Self.user("d", alias: "O'Brien"),
                Self.user("e", alias: "zero\0byte"),
                Self.user("f", alias: "ÜBER"),
                Self.user("g")
            )
            let expected = [
                "%": ["a"], "100%": ["a"], "_": ["b"], "e_c": ["b"], #"\"#: ["c"], "'": ["d"], "o'b": ["d"],
                "\0": ["e"], "über": ["f"], "G": ["g"], "": ["a", "b", "c", "d", "e", "f", "g"], "1_0": [], "?": [],
            ]
            for (search, ids) in expected {
                #expect(try await Self.ids(store) { $0.search = search } == ids, "\(search.debugDescription)")
            }
            // What a database cannot hold is replaced on the way in, in filters as in records.
            #expect(try await Self.ids(store) { $0.alias = "zero\0byte" } == ["e"])
            try await store.insert(Self.user("nul\0"))
            #expect(try await store.find(User.self, id: "nul\0") != nil)
            #expect(try await Self.ids(store) { $0.ids = ["nul\0"] }.count == 1)
        }
    }

    @Test(arguments: Backend.allCases) func sortsTheSameInBothDatabases(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            try await store.insert(
                Self.user("b", alias: "é", made: 3, changed: 1),
                Self.user("B", alias: "a", made: 2, changed: 5),
                Self.user("a", made: 2, changed: 4),
                Self.user("ä", alias: "Z", made: 1, changed: 9)
            )
            func sorted(_ sort: RecordQuery.Sort, _ descending: Bool) async throws -> [String] {
                try await Self.ids(store) {
                    $0.sort = sort
                    $0.descending = descending
                }
            }
            let ascending: [RecordQuery.Sort: [String]] = [
                .id: ["B", "a", "b", "ä"], .alias: ["a", "ä", "B", "b"], .createdAt: ["ä", "B", "a", "b"],
                .updatedAt: ["b", "a", "B", "ä"],
            ]
            for (sort, ids) in ascending {
                #expect(try await sorted(sort, false) == ids)
                #expect(try await sorted(sort, true) == ids.reversed())
            }
        }
    }

    @Test(arguments: Backend.allCases) func pagesHoldEveryRecordOnce(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let store = try await database.prepared()
            let users = (0..<25).map { Self.user("u\($0)", made: Int64($0 / 10)) }
            try await store.apply(Mutation(users.map { .insert($0) }, audit: []))
            var query = RecordQuery()
            query.size = 10
            var seen: [String] = []
            for page in 1...4 {
                query.page = page
                let found = try await store.list(User.self, query)
                #expect(found.total == 25)
                #expect(found.items.count == [10, 10, 5, 0][page - 1])
                seen += found.items.map(\.record.id)
            }
            #expect(Set(seen).count == 25)
            for (page, size, count) in [(0, 10, 10), (-5, 3, 3), (1, 0, 0), (1, -1, 0), (.max, .max, 0), (1, .max, 25)]
            {
                (query.page, query.size) = (page, size)
                #expect(try await store.list(User.self, query).items.count == count, "page \(page) of \(size)")
            }
        }
    }
}
