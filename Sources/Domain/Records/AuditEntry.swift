/// One change that management made.
package struct AuditEntry: Sendable, Equatable, Codable {
    package var id: String
    package var at: WallTime
    /// The user, `default_user_id` for the master key, `config` for the file, `cli` for the command line.
    package var actor: String
    /// The hash of the key that was shown, if one was.
    package var actorKey: KeyHash?
    /// `created`, `updated`, `deleted`, `blocked`, `unblocked`, `regenerated`, `reset`.
    package var action: String
    package var kind: RecordKind
    /// The record's id.
    package var object: String
    /// JSON objects' texts, without anything secret; nil where there was or is nothing.
    package var before: String?
    package var after: String?
    /// Where the request came from: an address, or `local`.
    package var origin: String?

    package init(
        id: String,
        at: WallTime,
        actor: String,
        action: String,
        kind: RecordKind,
        object: String
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.action = action
        self.kind = kind
        self.object = object
    }
}
