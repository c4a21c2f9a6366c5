/// A virtual key: a caller's credential, known by its hash only, with the rights that go with it.
package struct VirtualKey: StoredRecord {
    package static var kind: RecordKind { .key }

    package var hash: KeyHash
    /// Enough to recognise the key by: `sk-...wxyz`.
    package var name: String
    package var alias: String?
    package var userID: String?
    package var teamID: String?
    package var organizationID: String?
    /// A shared budget whose allowance holds where the key's own is silent.
    package var budgetID: String?
    /// Model groups, patterns, access groups or LiteLLM's special names; empty means all.
    package var models: [String]
    /// Other names by which this key may ask for model groups.
    package var aliases: [String: String]?
    package var allowance: Allowance
    package var tags: [String]?
    /// Route names, groups of routes, or path prefixes; nil means what the role allows.
    package var allowedRoutes: [String]?
    /// `permissions`, flags by name.
    package var permissions: [String: Bool]?
    /// `metadata`: a JSON object's text, as the client wrote it.
    package var metadata: String?
    package var expiresAt: WallTime?
    package var isBlocked: Bool?
    /// Hash of the key that this one replaces, which works until its own `expiresAt`.
    package var replaces: KeyHash?
    /// Hash of the first key of the line that this one continues: a key that was regenerated goes on with its
    /// predecessor's budget and limits.
    ///
    /// Nil for a key that replaces none.
    package var lineage: KeyHash?
    package var rotations: Int?
    package var stamp = RecordStamp()

    package init(hash: KeyHash, name: String) {
        self.hash = hash
        self.name = name
        self.models = []
        self.allowance = Allowance()
    }

    package var id: String { self.hash.hex }

    /// Under which budget and limits are counted: the same for a key and those that replace it.
    package var account: KeyHash { self.lineage ?? self.hash }
}
