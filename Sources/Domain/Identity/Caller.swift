/// Who makes a call.
package enum Caller: Sendable, Equatable {
    /// The holder of the master key.
    case admin
    /// Anybody: no master key is set, and the server listens on this machine only.
    case anonymous
}
