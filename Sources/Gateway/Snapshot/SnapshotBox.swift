import Synchronization

/// Holds the snapshot in force.
///
/// Readers take a reference and keep it for their request.
package final class SnapshotBox: Sendable {
    private let current: Mutex<Snapshot>

    package init(_ snapshot: Snapshot) {
        self.current = Mutex(snapshot)
    }

    package var snapshot: Snapshot {
        self.current.withLock { $0 }
    }
}
