package import Domain
import Synchronization

/// What a call that was let in holds until it is over.
///
/// Ends once: by `settle`, by `release`, by `withdraw`, or, where all were forgotten, by going out of memory, which is a
/// `release`. Ending again does nothing. May be ended from any thread.
package final class Reservation: Sendable {
    let leases: [Lease]
    let tokens: Int64
    let admittedAt: Int64
    private let isOpen = Atomic(true)

    init(_ leases: consuming [Lease], tokens: Int64, admittedAt: Int64) {
        self.leases = leases
        self.tokens = tokens
        self.admittedAt = admittedAt
    }

    deinit {
        if self.isOpen.load(ordering: .relaxed) { self.finish(refundsRequests: false, tokens: 0, cost: nil) }
    }

    /// Ends a call that may have cost something: tokens are corrected to what was used, the cost moves from set aside to
    /// spent, parallel slots are free.
    ///
    /// - Parameters:
    ///   - tokens: what was used; nil when unknown, and then the estimate stays.
    ///   - cost: nil when unknown: what was set aside is freed, and nothing counts as spent.
    /// - Returns: the sets whose soft budget this call passed.
    @discardableResult
    package func settle(tokens: Int64?, cost: NanoDollars?) -> [LimitSet] {
        guard self.end() else { return [] }
        return self.finish(refundsRequests: false, tokens: tokens, cost: cost)
    }

    /// Ends a call that cost nothing, because it failed before it could: tokens, money and slots come back.
    ///
    /// The request stays counted, as LiteLLM and OpenAI have it: otherwise a client that sends nothing but failing requests
    /// would never meet its limit.
    package func release() {
        guard self.end() else { return }
        self.finish(refundsRequests: false, tokens: 0, cost: nil)
    }

    /// Ends a call as if it had never asked, the request included: for a call that a later check refused.
    package func withdraw() {
        guard self.end() else { return }
        self.finish(refundsRequests: true, tokens: 0, cost: nil)
    }

    private func end() -> Bool { self.isOpen.exchange(false, ordering: .acquiringAndReleasing) }

    @discardableResult
    private func finish(refundsRequests: Bool, tokens: Int64?, cost: NanoDollars?) -> [LimitSet] {
        var passed: [LimitSet] = []
        let difference = tokens.map { max(0, $0) - self.tokens } ?? 0
        let cost = max(0, cost?.value ?? 0)
        for lease in self.leases {
            let (passedSoft, isDue) = lease.set.counters.state.withLock { state in
                let passed = state.finish(
                    lease,
                    refundsRequests: refundsRequests,
                    tokenDifference: difference,
                    cost: cost
                )
                return (passed, state.shared.first?.isDue ?? false)
            }
            lease.set.counters.changed(isDue: isDue)
            if passedSoft { passed.append(lease.set) }
        }
        return passed
    }

    /// The request limit that is nearest to its end.
    package var tightestRequests: LimitLeft? { self.tightest(.requests) }

    /// The token limit that is nearest to its end.
    package var tightestTokens: LimitLeft? { self.tightest(.tokens) }

    private func tightest(_ resource: Refusal.Resource) -> LimitLeft? {
        var tightest: LimitLeft?
        for lease in self.leases {
            guard let left = lease.left(of: resource, since: self.admittedAt) else { continue }
            if tightest.map({ left.remaining < $0.remaining }) ?? true { tightest = left }
        }
        return tightest
    }

    /// Tells what is left of each limit that holds for the call, in the order they were asked in.
    package func forEachLimit(_ body: (Refusal.Resource, LimitLeft) -> Void) {
        for lease in self.leases {
            for resource in [Refusal.Resource.requests, .tokens, .parallel] {
                if let left = lease.left(of: resource, since: self.admittedAt) { body(resource, left) }
            }
        }
    }
}
