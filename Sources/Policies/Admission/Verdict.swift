/// Whether a call may go.
package enum Verdict: Sendable {
    case admitted(Reservation)
    case refused(Refusal)
    /// Quota that replicas share has to be fetched first: `Quotas.fetch`, and then ask again; nothing is held meanwhile.
    case needsShared(SharedShortage)
}
