package import Domain

extension Quotas {
    /// Fetches shared quota in one round trip; the caller then asks `admit` again, with the time it is by then.
    ///
    /// - Returns: a refusal when others have used it up.
    package func fetch(_ shortage: SharedShortage, for demand: Demand) async -> Refusal? { nil }

    /// Asks as often as it takes: `admit` and `fetch` in one, for callers that may suspend.
    ///
    /// `clock`: tells the time after each wait.
    package func admit(_ demand: Demand, clock: any WallClock) async -> Verdict { self.admit(demand) }

    /// Gives idle slices back, reports spend, and says that this replica lives, as often as each is due.
    ///
    /// To be called about every 50 ms by whoever owns the process's background work; does nothing without shared counters.
    package func tend(at now: WallTime) async {}

    /// Gives all slices back; the last thing to do after the last call has ended.
    package func shutDown(at now: WallTime) async {}
}
