package import Domain
import Synchronization

/// Everybody who may call, as one change of the store left them: immutable, built off the lanes, swapped whole.
package final class Directory: Sendable {
    /// The store's number of the last change that it holds.
    package let revision: Int64
    /// Tells this directory's principals from those of others.
    let serial: UInt64
    package let keys: [KeyHash: KeyEntry]
    package let users: [String: User]
    package let teams: [String: Team]
    package let organizations: [String: Organization]
    package let budgets: [String: Budget]
    package let endUsers: [String: EndUser]
    package let tags: [String: Tag]
    /// Whether the store, or what it last held, was ever read: without it an unknown key may well be a good one.
    package let isLoaded: Bool
    package let defaults: DirectoryDefaults

    /// A directory with nobody in it.
    package convenience init(defaults: DirectoryDefaults = DirectoryDefaults()) {
        self.init(keys: [:], RecordSet(), serial: 0, isLoaded: false, defaults: defaults)
    }

    init(
        keys: [KeyHash: KeyEntry],
        _ records: RecordSet,
        serial: UInt64,
        isLoaded: Bool,
        defaults: DirectoryDefaults
    ) {
        self.revision = records.revision
        self.serial = serial
        self.keys = keys
        self.users = Self.byID(records.users)
        self.teams = Self.byID(records.teams)
        self.organizations = Self.byID(records.organizations)
        self.budgets = Self.byID(records.budgets)
        self.endUsers = Self.byID(records.endUsers)
        self.tags = Self.byID(records.tags)
        self.isLoaded = isLoaded
        self.defaults = defaults
    }

    private static func byID<Record: StoredRecord>(_ records: [Record]) -> [String: Record] {
        Dictionary(records.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// Notes what keys have spent in their lifetimes, by account.
    package func note(spent: [KeyHash: NanoDollars]) {
        for entry in self.keys.values {
            guard let amount = spent[entry.account] else { continue }
            entry.spent.amount.store(amount.value, ordering: .relaxed)
        }
    }

    /// The effective rights of the holder of a key, or nil for a key that nobody has.
    package func principal(of hash: KeyHash, quotas: Quotas, now: WallTime) -> Principal? {
        guard let entry = self.keys[hash] else { return nil }
        if let known = entry.principal.withLock({ $0 }), known.serial == self.serial { return known }
        let made = Principal(entry, in: self, quotas: quotas, now: now)
        entry.principal.withLock { $0 = made }
        return made
    }
}

extension Directory {
    /// The limits of the end user and the tags that a call names; none for those that have none.
    package func limits(endUser: String?, tags: [String], quotas: Quotas, now: WallTime) -> [LimitSet] {
        let builder = PrincipalLimits(directory: self, quotas: quotas, now: now)
        var sets: [LimitSet] = []
        func add(_ subject: QuotaSubject, _ label: String, _ allowance: Allowance?, _ budgetID: String?) {
            guard let allowance = builder.effective(allowance, budgetID) else { return }
            let values = LimitValues(allowance)
            if !values.isEmpty { sets.append(quotas.limits(of: subject, label: label, values, at: now)) }
        }
        if let endUser {
            let record = self.endUsers[endUser]
            var allowance = record?.allowance ?? Allowance()
            if allowance.maxBudget == nil, record?.budgetID == nil { allowance.maxBudget = self.defaults.endUserBudget }
            add(QuotaSubject(.endUser, endUser), record?.alias ?? endUser, allowance, record?.budgetID)
        }
        for tag in tags {
            guard let record = self.tags[tag] else { continue }
            add(QuotaSubject(.tag, tag), tag, record.allowance, record.budgetID)
        }
        return sets
    }

    /// Every period of any budget, each once; nil stands for lifetimes.
    package var budgetPeriods: Set<BudgetPeriod?> {
        var periods: Set<BudgetPeriod?> = []
        func note(_ allowance: Allowance?) {
            guard let allowance else { return }
            if allowance.maxBudget != nil { periods.insert(allowance.budgetPeriod) }
            for window in allowance.windows ?? [] { periods.insert(window.budgetPeriod) }
            for (_, model) in allowance.models ?? [:] where model.maxBudget != nil {
                periods.insert(model.budgetPeriod)
            }
        }
        for key in self.keys.values { note(key.details?.allowance) }
        for user in self.users.values { note(user.allowance) }
        for team in self.teams.values {
            note(team.allowance)
            for member in team.members { note(member.allowance) }
        }
        for organization in self.organizations.values { note(organization.allowance) }
        for budget in self.budgets.values { note(budget.allowance) }
        for endUser in self.endUsers.values { note(endUser.allowance) }
        for tag in self.tags.values { note(tag.allowance) }
        if self.defaults.endUserBudget != nil { periods.insert(nil) }
        return periods
    }
}

/// What holds for those who have nothing of their own.
package struct DirectoryDefaults: Sendable, Equatable {
    /// `max_end_user_budget`.
    package var endUserBudget: NanoDollars?

    package init() {}
}
