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

    /// Puts another snapshot in force, made of the one that is.
    ///
    /// - Returns: its version.
    @discardableResult
    func replace(_ make: (Snapshot) -> Snapshot) -> Int {
        // Only the feed replaces, one change at a time, so nothing is lost between the two locks; readers do not wait
        // while a snapshot is made.
        let next = make(self.snapshot)
        self.current.withLock { $0 = next }
        return next.version
    }
}
