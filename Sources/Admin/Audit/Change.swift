import Domain
import NIOCore
import WireFormats

/// A change in the making: its steps, and for each an audit record.
struct Change: Sendable {
    /// Who makes it.
    struct Author: Sendable {
        let name: String
        let key: KeyHash?
        let origin: String
    }

    let author: Author
    let now: WallTime
    private let makeID: @Sendable () -> String
    private(set) var steps: [Mutation.Step] = []
    private(set) var audit: [AuditEntry] = []

    init(author: Author, now: WallTime, makeID: @escaping @Sendable () -> String) {
        self.author = author
        self.now = now
        self.makeID = makeID
    }

    /// Adds a record, stamped.
    @discardableResult
    mutating func insert<Record: Auditable>(_ record: Record, action: String = "created") -> Record {
        var record = record
        record.stamp.createdAt = self.now
        record.stamp.createdBy = self.author.name
        record.stamp.updatedAt = self.now
        record.stamp.updatedBy = self.author.name
        self.steps.append(.insert(record))
        self.note(action, Record.kind, record.id, before: nil, after: record.auditRow)
        return record
    }

    /// Changes a record as it was read; what stays as it is is no change.
    @discardableResult
    mutating func update<Record: Auditable>(
        _ old: Versioned<Record>,
        to record: Record,
        action: String = "updated"
    ) -> Record {
        guard record != old.record else { return record }
        var record = record
        record.stamp.updatedAt = self.now
        record.stamp.updatedBy = self.author.name
        self.steps.append(.update(record, version: old.version))
        self.note(action, Record.kind, record.id, before: old.record.auditRow, after: record.auditRow)
        return record
    }

    mutating func delete<Record: Auditable>(_ old: Versioned<Record>) {
        self.steps.append(.delete(Record.kind, id: old.record.id, version: old.version))
        self.note("deleted", Record.kind, old.record.id, before: old.record.auditRow, after: nil)
    }

    var mutation: Mutation { Mutation(self.steps, audit: self.audit) }

    private mutating func note(
        _ action: String,
        _ kind: RecordKind,
        _ object: String,
        before: JSONObject?,
        after: JSONObject?
    ) {
        var entry = AuditEntry(
            id: self.makeID(),
            at: self.now,
            actor: self.author.name,
            action: action,
            kind: kind,
            object: object
        )
        entry.actorKey = self.author.key
        entry.before = before.map { String(buffer: JSONValue.object($0).serialized) }
        entry.after = after.map { String(buffer: JSONValue.object($0).serialized) }
        entry.origin = self.author.origin
        self.audit.append(entry)
    }
}

extension Desk {
    /// How often a change is made anew when others change the same records meanwhile.
    private static let attempts = 5

    /// Reads, decides and changes; where somebody else changed a record between the reading and the change, all of it
    /// is done once more.
    ///
    /// Returns when requests on this replica see the change.
    ///
    /// - Throws: what `decide` throws; `duplicate` in place of the store's own words when an id or alias is taken.
    func change<Result>(
        _ call: ManagementCall,
        duplicate: GatewayError? = nil,
        _ decide: (inout Change) async throws(GatewayError) -> Result
    ) async throws(GatewayError) -> Result {
        for _ in 0..<Self.attempts {
            let desk = self
            var change = Change(author: call.author(self.settings), now: call.now, makeID: { desk.makeID() })
            let result = try await decide(&change)
            guard !change.steps.isEmpty else { return result }
            do {
                let revision = try await self.store.apply(change.mutation)
                await self.state?.catchUp(to: revision)
                return result
            } catch {
                switch error.kind {
                case .conflict: continue
                case .duplicate: throw duplicate ?? self.refused(error)
                default: throw self.refused(error)
                }
            }
        }
        throw GatewayError.store(StoreError(.conflict, "too many attempts"))
    }
}
