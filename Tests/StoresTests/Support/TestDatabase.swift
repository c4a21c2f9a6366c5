import Domain
import Foundation
import PostgresClient
import Stores
import Synchronization
import TestSupport
import Testing

/// The databases that one suite of tests holds to one contract.
enum Backend: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case sqlite
    case postgres

    var testDescription: String { self.rawValue }
}

struct FixedClock: WallClock {
    // 2026-11-25T12:34:56Z
    var now = WallTime(milliseconds: 1_795_610_096_000)
}

/// An empty database of one test's own; each store of it is another replica.
final class TestDatabase: Sendable {
    let backend: Backend
    private let place: String
    private let opened = Mutex<[any SQLDatabase]>([])

    init(_ backend: Backend) throws {
        self.backend = backend
        switch backend {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-stores-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            self.place = folder.path
        case .postgres:
            let server = try PostgresServer.shared()
            self.place = server.url(database: try server.makeDatabase())
        }
    }

    /// A connection of its own, as another process has it.
    func database() throws -> any SQLDatabase {
        let database: any SQLDatabase
        switch self.backend {
        case .sqlite:
            database = SQLiteDatabase(SQLiteLocation(path: self.place + "/test.db"), busySeconds: 30)
        case .postgres:
            var options = PostgresOptions(try PostgresURL(self.place))
            options.size = 2
            database = PostgresDatabase(options)
        }
        self.opened.withLock { $0.append(database) }
        return database
    }

    func store() throws -> SQLStore {
        SQLStore(try self.database(), clock: FixedClock())
    }

    /// A store whose schema is there.
    func prepared() async throws -> SQLStore {
        let store = try self.store()
        try await store.prepare()
        return store
    }

    /// Runs a statement past the store.
    func run(_ sql: String, _ values: [SQLValue] = []) async throws {
        let database = try self.database()
        try await database.write { (session: any SQLSession) throws(StoreError) in
            _ = try session.run(sql, values)
        }
    }

    func integers(_ sql: String) async throws -> [Int64] {
        let database = try self.database()
        return try await database.read { (session: any SQLSession) throws(StoreError) in
            var numbers: [Int64] = []
            try session.query(sql, []) { (row: any SQLRow) throws(StoreError) in numbers.append(row.integer(0)) }
            return numbers
        }
    }

    func close() async {
        let opened = self.opened.withLock { opened in
            defer { opened = [] }
            return opened
        }
        for database in opened { await database.close() }
        if self.backend == .sqlite { try? FileManager.default.removeItem(atPath: self.place) }
    }
}

/// Runs a test with a database of its own.
func withDatabase(_ backend: Backend, _ body: (TestDatabase) async throws -> Void) async throws {
    let database = try TestDatabase(backend)
    do {
        try await body(database)
    } catch {
        await database.close()
        throw error
    }
    await database.close()
}

/// What kind of error `body` throws; nil for none.
func failure<Result>(_ body: () async throws(StoreError) -> Result) async -> StoreError.Kind? {
    do throws(StoreError) {
        _ = try await body()
        return nil
    } catch {
        return error.kind
    }
}

extension KeyHash {
    /// Hash number `number` of a test.
    init(_ number: UInt64) {
        self.init(words: (number, number &* 3, 7, number))
    }
}

extension VirtualKey {
    init(_ number: UInt64, alias: String? = nil) {
        self.init(hash: KeyHash(number), name: "sk-...\(number)")
        self.alias = alias
    }
}

extension RecordStore {
    @discardableResult
    func insert(_ records: any StoredRecord...) async throws(StoreError) -> Int64 {
        try await self.apply(Mutation(records.map { .insert($0) }, audit: []))
    }
}
