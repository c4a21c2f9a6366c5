import Accounting
import Domain
import Policies
import Routing
import Transport

/// The stage that decides whether a call may go, and where: rights, then limits and budgets, for which it sets aside the
/// most that the call can use.
struct AdmitCall {
    let books: CallBooks
    let snapshot: Snapshot
    let lane: Lane
    let caller: Caller
    let labels: CallLabels
    let size: CallSize

    /// A call that may go.
    struct Admission {
        var target: PlanCall.Target
        var reservation: Reservation
        /// Tokens the answer may have, so that it costs no more than is left: `budget_mode: strict`.
        var outputLimit: Int?
    }

    /// - Throws: `GatewayError`: what forbids the call, in the order rights, limits, budgets.
    func admit(_ call: ModelCall) async throws(GatewayError) -> Admission {
        let name = self.resolved(call.model)
        let match = self.snapshot.models.match(name)
        try self.checkRights(call, match)
        guard let match else { throw PlanCall.unknownModel(call.model, self.snapshot) }
        let now = self.lane.clock.time
        let more = self.ownSets(match.group.name, now)
        var refused: GatewayError?
        for deployment in match.group.candidates(using: &self.lane.random) {
            let target = try PlanCall.target(call, deployment, match, self.snapshot)
            do throws(AdmissionRefused) {
                return try await self.admit(target, more, now)
            } catch {
                guard error.isOfDeployment else { throw error.error }
                refused = error.error
            }
        }
        throw refused ?? GatewayError(.unavailable, "The model '\(call.model)' has no deployment.")
    }

    /// The name behind the one the client used: the key's aliases, then the team's.
    private func resolved(_ model: String) -> String {
        guard case .key(let principal) = self.caller else { return model }
        return principal.aliases[model] ?? model
    }

    private func checkRights(_ call: ModelCall, _ match: ModelMatch?) throws(GatewayError) {
        guard case .key(let principal) = self.caller else { return }
        let now = self.lane.clock.time
        let group = match?.group
        try principal.check(
            model: call.model,
            group: group?.name ?? call.model,
            accessGroups: group?.accessGroups ?? [],
            now: now
        )
        try principal.checkRoute(call.operation.path)
        guard let endUser = self.labels.endUserID.flatMap({ self.snapshot.directory.endUsers[$0] }) else { return }
        if endUser.isBlocked == true {
            throw GatewayError(
                .authentication,
                "Authentication Error, End User=\(endUser.id) is blocked.",
                code: "end_user_blocked"
            )
        }
        let rule = ModelRule(endUser.models)
        guard rule.allows(call.model, group: group?.name ?? call.model, accessGroups: group?.accessGroups ?? []) else {
            throw ModelAccessDenied.error(type: "customer_model_access_denied", model: call.model)
        }
    }

    /// The sets of this call only: limits on the model within key or team, the end user's, the tags'.
    private func ownSets(_ group: String, _ now: WallTime) -> [LimitSet] {
        var sets: [LimitSet] = []
        var tags = self.labels.tags
        if case .key(let principal) = self.caller {
            if !principal.modelLimits.isEmpty { sets += principal.modelLimits[group] ?? [] }
            for tag in principal.record.tags where !tags.contains(tag) { tags.append(tag) }
        }
        guard self.labels.endUserID != nil || !tags.isEmpty else { return sets }
        return sets
            + self.snapshot.directory.limits(
                endUser: self.labels.endUserID,
                tags: tags,
                quotas: self.books.quotas,
                now: now
            )
    }

    /// - Throws: what refuses the call, and whether another deployment may let it in.
    private func admit(
        _ target: PlanCall.Target,
        _ more: [LimitSet],
        _ now: WallTime
    ) async throws(AdmissionRefused) -> Admission {
        let price = target.prepared.prices.bound(of: self.size, model: target.model)
        var demand = Demand(
            self.sharedSets,
            more: target.prepared.limits(self.books, now) + more,
            tokens: Int64(clamping: self.size.likelyTokens),
            costBound: price,
            hasMaxTokens: self.size.outputLimit != nil,
            isStrict: self.books.isStrict,
            now: now
        )
        var outputLimit: Int?
        if self.books.isStrict, let affordable = self.books.quotas.affordable(demand), let bound = price,
            affordable < bound
        {
            outputLimit = target.prepared.prices.output(for: affordable, size: self.size, model: target.model).map {
                // Not even one token: the admission below finds out whose budget it is.
                max(1, $0)
            }
            demand.costBound = self.bound(outputLimit, target)
            demand.hasMaxTokens = true
        }
        let reservation = try await self.reserve(demand)
        return Admission(target: target, reservation: reservation, outputLimit: outputLimit)
    }

    /// The caller's sets with the gateway's own behind them.
    private var sharedSets: [LimitSet] {
        switch self.caller {
        case .key(let principal): principal.limits + self.books.globalLimits
        // The master key has no limits but the gateway's (litellm.md, section 5.2: not even those).
        case .admin, .anonymous: self.books.globalLimits
        }
    }

    /// The most the call can cost with so many tokens in each answer.
    private func bound(_ outputLimit: Int?, _ target: PlanCall.Target) -> NanoDollars? {
        var size = self.size
        size.outputLimit = outputLimit.map { $0 * size.choices }
        return target.prepared.prices.bound(of: size, model: target.model)
    }

    /// Most calls are decided at once; one that needs quota of other replicas asks for it, some times at the most.
    private func reserve(_ demand: Demand) async throws(AdmissionRefused) -> Reservation {
        let clock = self.lane.clock
        switch await self.books.quotas.admit(demand, clock: { clock.time }) {
        case .admitted(let reservation): return reservation
        case .refused(let refusal):
            throw AdmissionRefused(refusal, budgetStatus: self.books.budgetStatus, now: demand.now)
        case .needsShared: throw AdmissionRefused.busy
        }
    }
}

/// A refused admission.
struct AdmissionRefused: Error {
    var error: GatewayError
    /// Whether it was the deployment's limit, so that another one may do.
    var isOfDeployment: Bool

    init(_ refusal: Refusal, budgetStatus: Int, now: WallTime) {
        self.error = refusal.error(budgetStatus: budgetStatus)
        if refusal.resource == .requests || refusal.resource == .tokens {
            self.error.limit = GatewayError.ReachedLimit(
                unit: refusal.resource.rawValue,
                limit: refusal.limit,
                remaining: refusal.remaining,
                resetMilliseconds: refusal.resetAt.map { max(0, $0.milliseconds - now.milliseconds) } ?? 0
            )
        }
        self.isOfDeployment = refusal.subject.kind == .deployment || refusal.subject.kind == .provider
    }

    private init(_ error: GatewayError) {
        self.error = error
        self.isOfDeployment = false
    }

    static let busy = AdmissionRefused(
        GatewayError(
            .unavailable,
            "The limits shared by all replicas are too contended at the moment. Try again.",
            code: "limits_contended",
            retryAfterMilliseconds: 1000
        )
    )
}
