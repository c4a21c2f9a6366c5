import Domain
import Foundation
import Logging
import NIOCore
import Stores
import Synchronization
import Testing
import WireFormats

@testable import Admin

/// A clock that stands still until a test moves it.
final class TestClock: WallClock {
    private let time = Mutex(WallTime(seconds: 1_790_000_000))

    var now: WallTime { self.time.withLock { $0 } }

    func advance(seconds: Int64) {
        self.time.withLock { $0 = $0.advanced(bySeconds: seconds) }
    }
}

struct NoSealing: Sealer {
    func seal(_ text: String, purpose: String) -> String? { nil }
    func open(_ sealed: String, purpose: String) -> Secret<String>? { nil }
}

/// The management API over a real database, with people in it (``World``).
final class Office: Sendable {
    let management: Management
    let store: SQLStore
    let clock = TestClock()
    private let folder: URL

    init(state: (any GatewayState)? = nil, sealer: any Sealer = NoSealing()) async throws {
        self.folder = FileManager.default.temporaryDirectory.appending(path: "martlet-admin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        let file = self.folder.appending(path: "martlet.db")
        try await World.template(self.clock).write(to: file)
        let database = SQLiteDatabase(SQLiteLocation(path: file.path))
        self.store = SQLStore(database, clock: self.clock)
        self.management = Management(
            store: self.store,
            state: state,
            sealer: sealer,
            clock: self.clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    deinit {
        // What is left behind in a temporary folder is no failure.
        try? FileManager.default.removeItem(at: self.folder)
    }

    func send(
        _ method: RouteKey.Method,
        _ target: String,
        _ body: String = "",
        as caller: ManagementCaller? = .master
    ) async -> Reply {
        let answer = await self.management.answer(
            ManagementRequest(
                method: method.rawValue,
                target: target,
                body: ByteBuffer(string: body),
                caller: caller,
                id: "request",
                origin: "192.0.2.1"
            )
        )
        return Reply(answer)
    }

    func audit(_ query: AuditQuery = AuditQuery()) async throws -> [AuditEntry] {
        var query = query
        query.size = 1000
        return try await self.store.audit(query).items
    }

    /// A record as it is stored; nil where there is none.
    func find<Record: StoredRecord>(_ type: Record.Type, _ id: String) async -> Record? {
        do {
            return try await self.store.find(type, id: id)?.record
        } catch {
            Issue.record("the store failed: \(error)")
            return nil
        }
    }

    func insert(_ records: any StoredRecord...) async throws {
        _ = try await self.store.apply(Mutation(records.map { .insert($0) }, audit: []))
    }

    func close() async {
        await self.store.close()
    }
}

/// An answer, read.
struct Reply: Sendable {
    let status: Int
    let text: String
    let json: JSONValue
    let headers: [(name: String, value: String)]

    init(_ answer: ManagementAnswer) {
        self.status = answer.status
        self.text = String(buffer: answer.body)
        self.json = (try? JSONValue(parsing: answer.body)) ?? .null
        self.headers = answer.headers
    }

    subscript(key: String) -> JSONValue? { self.json[key] }

    /// The words of an error.
    var message: String { self.json["error"]?["message"]?.string ?? "" }
    var param: String? { self.json["error"]?["param"]?.string }
    var isGranted: Bool { (200..<300).contains(self.status) }
}

extension JSONValue {
    /// A number as it is spelled.
    var spelling: String? { if case .number(let number) = self { String(buffer: number.spelling) } else { nil } }
    var texts: [String] { self.array?.compactMap(\.string) ?? [] }
}

/// Runs a test with an office of its own.
func withOffice(
    state: (any GatewayState)? = nil,
    sealer: any Sealer = NoSealing(),
    _ body: (Office) async throws -> Void
) async throws {
    let office = try await Office(state: state, sealer: sealer)
    do {
        try await body(office)
    } catch {
        await office.close()
        throw error
    }
    await office.close()
}
