/// Where people, keys and spend are kept.
///
/// Two backends implement it, and one test-suite holds both to it.
///
/// Never called on a lane: every method may wait for a disk or a network.
package protocol Store: RecordStore, CallStore {
    /// `sqlite` or `postgres`, for people.
    var backend: String { get }
    /// Opens the database and brings its schema up to date; safe when several replicas do so at once, and when it is
    /// done again.
    func prepare() async throws(StoreError)
    /// Whether the database answers.
    func ping() async throws(StoreError)
    func close() async
}

/// Why the store could not do what it was asked.
package struct StoreError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The database is not there, does not answer in time, or the connection broke: worth another try.
        case unavailable
        /// The record was changed by somebody else meanwhile.
        case conflict
        /// A record with this id exists, or with this alias.
        case duplicate
        /// Another record still points to this one.
        case inUse
        /// What is stored cannot be read.
        case corrupt
        /// The database refused for a reason of its own.
        case refused
    }

    package var kind: Kind
    /// For the log; may name tables and columns, never values.
    package var detail: String

    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
}

/// A record as it was read, with the version a change must name.
package struct Versioned<Record: StoredRecord>: Sendable, Equatable {
    package var record: Record
    package var version: Int64

    package init(record: Record, version: Int64) {
        self.record = record
        self.version = version
    }
}

/// One step of a change; the steps of one change are made all together or not at all.
package struct Mutation: Sendable {
    package enum Step: Sendable {
        /// Must not exist yet.
        case insert(any StoredRecord)
        /// Must exist in this version.
        case update(any StoredRecord, version: Int64)
        /// Inserts or replaces, whatever is there: for what the file declares.
        case put(any StoredRecord)
        /// Must exist, in this version unless that is nil.
        case delete(RecordKind, id: String, version: Int64?)
    }

    package var steps: [Step]
    package var audit: [AuditEntry]

    package init(_ steps: [Step], audit: [AuditEntry]) {
        self.steps = steps
        self.audit = audit
    }
}

/// Every record that the request path may need.
package struct RecordSet: Sendable {
    /// The number of the last change that it holds.
    package var revision: Int64 = 0
    package var keys: [VirtualKey] = []
    package var users: [User] = []
    package var teams: [Team] = []
    package var organizations: [Organization] = []
    package var endUsers: [EndUser] = []
    package var budgets: [Budget] = []
    package var tags: [Tag] = []
    package var models: [StoredModel] = []

    package init() {}
}

/// What has changed since a revision.
package struct ChangeSet: Sendable {
    package var revision: Int64
    /// Records as they are, of those that were inserted or changed.
    package var changed = RecordSet()
    package var deleted: [(kind: RecordKind, id: String)] = []
    /// The changes can no longer be told apart: everything must be loaded anew.
    package var needsReload = false

    package init(revision: Int64) {
        self.revision = revision
    }
}

/// Which records to list.
package struct RecordQuery: Sendable {
    /// All must hold; nil is no condition.
    ///
    /// Compared exactly.
    package var userID: String?
    package var teamID: String?
    package var organizationID: String?
    package var alias: String?
    /// Ids, none of which need exist; nil is no condition.
    package var ids: [String]?
    /// Part of the id or the alias, in any case; `%` and `_` mean themselves.
    package var search: String?
    package var sort: Sort = .createdAt
    package var descending = true
    /// Begins at 1.
    package var page = 1
    package var size = 50

    package enum Sort: String, Sendable, CaseIterable {
        case id
        case alias
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    package init() {}
}

/// One page of a list.
package struct Page<Element: Sendable>: Sendable {
    package var items: [Element]
    /// Of all pages.
    package var total: Int

    package init(items: [Element], total: Int) {
        self.items = items
        self.total = total
    }
}

package protocol RecordStore: Sendable {
    func find<Record: StoredRecord>(_ type: Record.Type, id: String) async throws(StoreError) -> Versioned<Record>?
    func list<Record: StoredRecord>(
        _ type: Record.Type,
        _ query: RecordQuery
    ) async throws(StoreError) -> Page<Versioned<Record>>
    /// Makes a change and its audit record, and gives the number of the change.
    @discardableResult
    func apply(_ mutation: Mutation) async throws(StoreError) -> Int64
    /// Everything, consistently. Keys, of which there may be very many, are handed to `key` one by one and are not in
    /// the set.
    func loadAll(_ key: @escaping @Sendable (VirtualKey) -> Void) async throws(StoreError) -> RecordSet
    /// What has changed after `revision`; cheap when nothing has.
    func changes(after revision: Int64) async throws(StoreError) -> ChangeSet
    func audit(_ query: AuditQuery) async throws(StoreError) -> Page<AuditEntry>
}

package struct AuditQuery: Sendable {
    package var id: String?
    package var actor: String?
    package var actorKey: KeyHash?
    package var action: String?
    package var kind: RecordKind?
    package var object: String?
    package var from: WallTime?
    /// Not included.
    package var to: WallTime?
    package var page = 1
    package var size = 50

    package init() {}
}
