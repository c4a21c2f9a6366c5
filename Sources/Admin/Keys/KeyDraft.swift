import Domain
import WireFormats

/// A key as a request describes it, before it is one.
struct KeyDraft: Sendable {
    /// How long something lasts from the moment of the request.
    enum Lifetime: Sendable, Equatable {
        case forever
        case lasting(BudgetPeriod)
    }

    var key: VirtualKey
    /// `key`: the key to make, or the one that is meant.
    var text: String?
    var lifetime: Lifetime?
    var keyType: AllowedRoutes.KeyType?
    var newKey: String?
    var gracePeriod: Lifetime?

    init(_ key: VirtualKey = VirtualKey(hash: KeyHash(words: (0, 0, 0, 0)), name: "")) {
        self.key = key
    }

    /// The key with all that was said about it.
    func finished(at now: WallTime) -> VirtualKey {
        var key = self.key
        switch self.lifetime {
        case .forever: key.expiresAt = nil
        case .lasting(let period): key.expiresAt = period.end(from: now)
        case nil: break
        }
        if let type = self.keyType, self.key.allowedRoutes == nil { key.allowedRoutes = type.routes }
        return key
    }
}

extension BudgetPeriod {
    /// The moment one period after `time`: not aligned to anything, but a month ends on the same day of the next.
    func end(from time: WallTime) -> WallTime {
        let amount = Int64(self.amount)
        switch self.unit {
        case .seconds: return time.advanced(bySeconds: amount)
        case .minutes: return time.advanced(bySeconds: amount * 60)
        case .hours: return time.advanced(bySeconds: amount * 3600)
        case .days: return time.advanced(bySeconds: amount * 86_400)
        case .weeks: return time.advanced(bySeconds: amount * 604_800)
        case .months:
            let today = CivilDate(time)
            let first = today.firstOfMonth(adding: min(self.amount, 12_000))
            let last = first.firstOfMonth(adding: 1).adding(days: -1)
            let day = first.adding(days: Int64(min(today.day, last.day) - 1))
            return WallTime(milliseconds: day.start.milliseconds + time.milliseconds - today.start.milliseconds)
        }
    }
}
