/// A thing that the store keeps whole: its fields as one document, and beside it what it is looked for by.
package protocol StoredRecord: Codable, Sendable, Equatable {
    static var kind: RecordKind { get }
    /// Unique among its kind.
    var id: String { get }
    /// Another name for people; unique among its kind where `RecordKind/hasUniqueAlias` says so.
    var alias: String? { get }
    var userID: String? { get }
    var teamID: String? { get }
    var organizationID: String? { get }
    var stamp: RecordStamp { get set }
}

extension StoredRecord {
    package var alias: String? { nil }
    package var userID: String? { nil }
    package var teamID: String? { nil }
    package var organizationID: String? { nil }
}

/// When and by whom a record was made and last changed.
package struct RecordStamp: Sendable, Equatable, Codable {
    package var createdAt = WallTime.distantPast
    package var createdBy: String?
    package var updatedAt = WallTime.distantPast
    package var updatedBy: String?

    package init() {}
}

/// The kinds of records, each with a table of its own.
package enum RecordKind: String, Sendable, Hashable, Codable, CaseIterable {
    case key
    case user
    case team
    case organization
    case endUser = "end_user"
    case budget
    case tag
    case model

    package var hasUniqueAlias: Bool { self == .key }
}

/// Who declared a record.
package enum RecordOwner: String, Sendable, Equatable, Codable {
    /// The management API or the command line.
    case api
    /// `config.yaml`; the API cannot change what the file says.
    case file
}
