import Domain

/// Gathers the limits that a key's calls count against: its own and those of everybody it stands for.
struct PrincipalLimits {
    let directory: Directory
    let quotas: Quotas
    let now: WallTime

    /// The most specific first, as `Demand` wants them; beside them the limits on single models, by model group.
    func sets(
        _ entry: KeyEntry,
        _ user: User?,
        _ team: Team?,
        _ member: TeamMember?,
        _ organization: Organization?
    ) -> (all: [LimitSet], byModel: [String: [LimitSet]]) {
        var all: [LimitSet] = []
        var byModel: [String: [LimitSet]] = [:]
        func add(_ kind: SubjectKind, _ id: String, _ label: String, _ allowance: Allowance?, _ budgetID: String?) {
            guard let allowance = self.effective(allowance, budgetID) else { return }
            let values = LimitValues(allowance)
            if !values.isEmpty || values.softBudget != nil {
                all.append(self.quotas.limits(of: QuotaSubject(kind, id), label: label, values, at: self.now))
            }
            for (model, limits) in allowance.models ?? [:] {
                let values = LimitValues(limits, resetAt: allowance.resetAt)
                let subject = QuotaSubject(kind, id, model: model)
                byModel[model, default: []].append(self.quotas.limits(of: subject, label: label, values, at: self.now))
            }
        }
        add(.key, entry.account.hex, entry.label, entry.details?.allowance, entry.details?.budgetID)
        if let user { add(.user, user.id, user.alias ?? user.id, self.ofUser(user, team), user.budgetID) }
        if let team, let member {
            add(.teamMember, "\(team.id):\(member.userID)", "\(member.userID):\(team.id)", member.allowance, nil)
        }
        if let team { add(.team, team.id, team.alias ?? team.id, team.allowance, team.budgetID) }
        if let organization {
            add(
                .organization,
                organization.id,
                organization.alias ?? organization.id,
                organization.allowance,
                organization.budgetID
            )
        }
        return (all, byModel)
    }

    /// A user's budget holds for the user's own keys; a team's key spends the team's money, as in LiteLLM.
    private func ofUser(_ user: User, _ team: Team?) -> Allowance {
        guard team != nil else { return user.allowance }
        var allowance = user.allowance
        allowance.maxBudget = nil
        allowance.windows = nil
        return allowance
    }

    /// What holds: the subject's own word, and where it is silent, that of its shared budget.
    func effective(_ own: Allowance?, _ budgetID: String?) -> Allowance? {
        guard let shared = budgetID.flatMap({ self.directory.budgets[$0] })?.allowance else { return own }
        var allowance = own ?? Allowance()
        if allowance.maxBudget == nil {
            allowance.maxBudget = shared.maxBudget
            allowance.budgetPeriod = shared.budgetPeriod
        }
        allowance.softBudget = allowance.softBudget ?? shared.softBudget
        allowance.rpm = allowance.rpm ?? shared.rpm
        allowance.tpm = allowance.tpm ?? shared.tpm
        allowance.maxParallel = allowance.maxParallel ?? shared.maxParallel
        allowance.models = allowance.models ?? shared.models
        return allowance
    }
}
