import Domain
import WireFormats

/// `/user/spend`: what one user, or a key without a user, has spent.
struct UserSpend: Sendable {
    let desk: Desk

    func spend(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let authority = Authority(self.desk, call)
        let asked = try call.readQuery(UserNames.query, UserNames()).userID
        if let asked, asked != authority.userID {
            let user = try await self.desk.find(User.self, asked)?.record
            guard try await authority.maySee(user ?? User(id: asked)) else { throw authority.onlyAdmin }
            guard let user else { throw Desk.noUser(asked) }
            return try await self.answer(user, call)
        }
        if let id = authority.userID {
            return try await self.answer(try await self.desk.find(User.self, id)?.record ?? User(id: id), call)
        }
        guard let hash = authority.ownKey else { throw Desk.noUser(self.desk.settings.adminID) }
        let key = try await self.desk.requireKey(hash.hex).record
        let allowance = try await self.desk.effective(key.allowance, budgetID: key.budgetID)
        var row = JSONObject([("user_id", .null), ("key_name", .text(key.name)), ("token", .text(key.hash.hex))])
        let spent = try await self.desk.spent([key], now: call.now)[key.hash] ?? SpentAmounts()
        try await self.write(.key, [key.account.hex, key.hash.hex], allowance, spent, call.now, into: &row)
        return Answer.json(row)
    }

    private func answer(_ user: User, _ call: ManagementCall) async throws(GatewayError) -> Answer {
        let allowance = try await self.desk.effective(user.allowance, budgetID: user.budgetID)
        var row = JSONObject([("user_id", .text(user.id)), ("user_email", .optional(user.email))])
        let spent = try await self.desk.spent(.user, user.id, allowance, now: call.now)
        try await self.write(.user, [user.id], allowance, spent, call.now, into: &row)
        return Answer.json(row)
    }

    private func write(
        _ kind: SubjectKind,
        _ ids: [String],
        _ allowance: Allowance,
        _ spent: SpentAmounts,
        _ now: WallTime,
        into row: inout JSONObject
    ) async throws(GatewayError) {
        let window = allowance.budgetPeriod?.window(at: now)
        let start = Desk.windowStart(allowance, now)
        row.append("total_spend", .money(spent.total))
        row.append("spend", .money(spent.current))
        row.append("max_budget", .money(allowance.maxBudget))
        row.append("remaining_budget", .money(allowance.maxBudget.map { max(.zero, $0 - spent.current) }))
        row.append("budget_duration", .optional(allowance.budgetPeriod?.description))
        row.append("budget_reset_at", .time(window?.end))
        let windowModels = start == .distantPast ? nil : try await self.models(kind, ids, from: start)
        let models = try await self.models(kind, ids, from: nil)
        row.append(
            "window",
            [
                "start": .time(start), "end": .time(window?.end), "spend": .money(spent.current),
                "model_spend": windowModels ?? models,
            ]
        )
        row.append("model_spend", models)
    }

    /// By model group; a window that begins within an hour is rounded down to it.
    private func models(_ kind: SubjectKind, _ ids: [String], from start: WallTime?) async throws(GatewayError)
        -> JSONValue
    {
        var query = UsageQuery(kind, groups: [.model])
        query.ids = Array(Set(ids))
        query.from = start
        var models: [String: NanoDollars] = [:]
        for row in try await self.desk.usage(query) {
            models[row.model ?? ""] = (models[row.model ?? ""] ?? .zero) + row.sums.spend
        }
        return .map(models) { .money($0) }
    }
}
