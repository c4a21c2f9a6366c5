import Domain
import Synchronization

/// Finds the counters of a subject: when a set of limits is made, not when a call is.
final class CounterRegistry: Sendable {
    private final class Shard: Sendable {
        let table = Mutex(Table())
    }

    /// By the subject's hash, because the counters hold the subject itself already; the rare collision goes to a table
    /// of its own.
    private struct Table {
        var byHash: [Int: LimitCounters] = [:]
        var collided: [QuotaSubject: LimitCounters] = [:]
    }

    private static let count = 16
    private let sharing: SharedQuota?
    private let shards = (0..<CounterRegistry.count).map { _ in Shard() }

    init(sharing: SharedQuota?) {
        self.sharing = sharing
    }

    /// The counters of `subject`, made where there are none.
    ///
    /// `attaching`: counts the caller as one who holds on to them, before anybody can drop them.
    func counters(of subject: QuotaSubject, attaching: Bool) -> LimitCounters {
        let hash = subject.hashValue
        return self.shard(hash).table.withLock { table in
            if let known = Self.find(subject, hash, table) {
                if attaching { known.attach() }
                return known
            }
            let new = LimitCounters(subject, sharing: self.sharing)
            if attaching { new.attach() }
            if table.byHash[hash] == nil { table.byHash[hash] = new } else { table.collided[subject] = new }
            return new
        }
    }

    func find(_ subject: QuotaSubject) -> LimitCounters? {
        let hash = subject.hashValue
        return self.shard(hash).table.withLock { table in Self.find(subject, hash, table) }
    }

    var all: [LimitCounters] {
        self.shards.flatMap { shard in
            shard.table.withLock { table in Array(table.byHash.values) + Array(table.collided.values) }
        }
    }

    /// Drops the counters that no set holds and that `isOver` says have nothing to say.
    ///
    /// No set can get hold of them meanwhile, because it would have to come through here.
    ///
    /// - Returns: how many were dropped.
    func evict(where isOver: (LimitCounters) -> Bool) -> Int {
        var dropped = 0
        for shard in self.shards {
            shard.table.withLock { table in
                let before = table.byHash.count + table.collided.count
                table.byHash = table.byHash.filter { $0.value.attachments > 0 || !isOver($0.value) }
                table.collided = table.collided.filter { $0.value.attachments > 0 || !isOver($0.value) }
                dropped += before - table.byHash.count - table.collided.count
            }
        }
        return dropped
    }

    private func shard(_ hash: Int) -> Shard { self.shards[hash & (Self.count - 1)] }

    private static func find(_ subject: QuotaSubject, _ hash: Int, _ table: borrowing Table) -> LimitCounters? {
        if let known = table.byHash[hash], known.subject == subject { return known }
        return table.collided.isEmpty ? nil : table.collided[subject]
    }
}
