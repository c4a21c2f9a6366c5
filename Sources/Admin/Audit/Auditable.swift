import Domain
import WireFormats

/// A record that management shows and whose changes it writes down.
protocol Auditable: StoredRecord {
    /// The record as the audit keeps it: no secrets, no spend, nothing that changes by itself.
    var auditRow: JSONObject { get }
}
