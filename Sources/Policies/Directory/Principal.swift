package import Domain

/// A virtual key with everybody it stands for: its user, team and organization, and what follows from all of them.
///
/// Made at a key's first call and kept until something about one of them changes; a call only reads.
package final class Principal: Sendable {
    let serial: UInt64
    package let entry: KeyEntry
    package let user: User?
    package let team: Team?
    package let member: TeamMember?
    package let organization: Organization?
    package let record: CallerRecord
    /// Names this key may ask by, to the names they stand for.
    package let aliases: [String: String]
    /// Everything with limits that each of this key's calls counts against.
    package let limits: [LimitSet]
    /// The limits on single models, by model group.
    package let modelLimits: [String: [LimitSet]]
    /// Why none of its calls may pass, whatever they ask for.
    private let standingRefusal: GatewayError?
    private let rules: [AccessRule]

    private struct AccessRule: Sendable {
        var rule: ModelRule
        /// LiteLLM's error type, which says whose rule it is.
        var type: String
    }

    init(_ entry: KeyEntry, in directory: Directory, quotas: Quotas, now: WallTime) {
        let user = entry.userID.flatMap { directory.users[$0] }
        let team = entry.teamID.flatMap { directory.teams[$0] }
        let member = team?.members.first { $0.userID == entry.userID }
        let organizationID = entry.organizationID ?? team?.organizationID ?? user?.organizationID
        let organization = organizationID.flatMap { directory.organizations[$0] }
        self.serial = directory.serial
        self.entry = entry
        self.user = user
        self.team = team
        self.member = member
        self.organization = organization
        self.aliases = (team?.aliases ?? [:]).merging(entry.details?.aliases ?? [:]) { _, own in own }
        self.record = Self.record(entry, organizationID, team)
        self.standingRefusal = StandingRefusal.find(entry, user, team, organization)
        self.rules = Self.rules(entry, user, team, organization)
        let builder = PrincipalLimits(directory: directory, quotas: quotas, now: now)
        (self.limits, self.modelLimits) = builder.sets(entry, user, team, member, organization)
    }

    private static func record(_ entry: KeyEntry, _ organizationID: String?, _ team: Team?) -> CallerRecord {
        var record = CallerRecord()
        record.key = entry.account
        record.keyAlias = entry.alias
        record.userID = entry.userID
        record.teamID = entry.teamID
        record.organizationID = organizationID
        record.tags = entry.details?.tags ?? []
        for tag in team?.tags ?? [] where !record.tags.contains(tag) { record.tags.append(tag) }
        return record
    }

    private static func rules(
        _ entry: KeyEntry,
        _ user: User?,
        _ team: Team?,
        _ organization: Organization?
    ) -> [AccessRule] {
        var rules = [AccessRule(rule: ModelRule(entry.models), type: "key_model_access_denied")]
        if let team { rules.append(AccessRule(rule: ModelRule(team.models), type: "team_model_access_denied")) }
        // A team's key is the team's: its user's own list does not narrow it, as in LiteLLM.
        if let user, team == nil {
            rules.append(AccessRule(rule: ModelRule(user.models), type: "user_model_access_denied"))
        }
        if let organization {
            rules.append(AccessRule(rule: ModelRule(organization.models), type: "org_model_access_denied"))
        }
        return rules.filter { !$0.rule.allowsEverything }
    }

    /// Whether every rule allows a call for `model`, which `group` serves.
    package func mayUse(_ model: String, group: String, accessGroups: [String]) -> Bool {
        self.rules.allSatisfy { $0.rule.allows(model, group: group, accessGroups: accessGroups) }
    }

    /// Whether every model group is allowed, so that lists need not be filtered.
    package var mayUseEverything: Bool { self.rules.isEmpty }

    /// - Throws: what forbids a call for `model`; the same words whether or not there is such a model, so that nobody
    ///   learns of models that are not theirs. The order is LiteLLM's: blocked, model, expiry.
    package func check(
        model: String,
        group: String,
        accessGroups: [String],
        now: WallTime
    ) throws(GatewayError) {
        if let standingRefusal { throw standingRefusal }
        for rule in self.rules where !rule.rule.allows(model, group: group, accessGroups: accessGroups) {
            throw ModelAccessDenied.error(type: rule.type, model: model)
        }
        try self.checkExpiry(now)
    }

    /// - Throws: what forbids every request of this key: it is blocked, or its time is over.
    package func checkStanding(now: WallTime) throws(GatewayError) {
        if let standingRefusal { throw standingRefusal }
        try self.checkExpiry(now)
    }

    private func checkExpiry(_ now: WallTime) throws(GatewayError) {
        guard now.milliseconds >= self.entry.expiresAt else { return }
        throw GatewayError(
            .authentication,
            "Authentication Error, the key '\(self.entry.label)' expired at "
                + "\(WallTime(milliseconds: self.entry.expiresAt)). Ask for another one.",
            type: "expired_key",
            param: "key",
            code: "expired_key"
        )
    }

    /// - Throws: `permission` when the key, or its user's role, keeps it from model traffic at `route`
    ///   (`/chat/completions`).
    package func checkRoute(_ route: String) throws(GatewayError) {
        if let role = self.user?.role, role == .proxyAdminViewer || role == .internalUserViewer {
            throw GatewayError(
                .permission,
                "The role '\(role.rawValue)' may look, but not call models. Use a key of a user with another role.",
                code: "role_not_allowed"
            )
        }
        guard let allowed = self.entry.details?.allowedRoutes, !allowed.isEmpty else { return }
        guard !RoutePattern.allows(allowed, route) else { return }
        throw GatewayError(
            .permission,
            "Virtual key is not allowed to call this route. Only allowed to call routes: \(allowed). "
                + "Tried to call route: \(route)",
            code: "route_not_allowed"
        )
    }

    /// The key's holder as management sees it.
    package var forManagement: ManagementCaller {
        var caller = ManagementCaller(
            credential: .key(self.entry.hash),
            userID: self.entry.userID,
            role: self.user?.role
        )
        caller.teamID = self.entry.teamID
        caller.organizationID = self.record.organizationID
        caller.allowedRoutes = self.entry.details?.allowedRoutes
        caller.permissions = self.entry.details?.permissions ?? [:]
        return caller
    }
}

/// Refusals that hold for every call of a key until somebody changes something.
private enum StandingRefusal {
    static func find(
        _ entry: KeyEntry,
        _ user: User?,
        _ team: Team?,
        _ organization: Organization?
    ) -> GatewayError? {
        if entry.isBlocked {
            return self.blocked("Key is blocked. Update via `/key/unblock` if you're an admin.", "key_blocked")
        }
        if let team, team.isBlocked == true {
            return self.blocked(
                "Team=\(team.id) is blocked. Update via `/team/unblock` if you're an admin.",
                "team_blocked"
            )
        }
        if entry.teamID != nil, team == nil {
            return self.blocked("The key's team no longer exists.", "team_not_found")
        }
        if let user, user.isBlocked == true {
            return self.blocked("User=\(user.id) is blocked.", "user_blocked")
        }
        if let user, user.isRemoved == true {
            return self.blocked("User=\(user.id) is no longer declared in the configuration.", "user_removed")
        }
        if let organization, organization.isBlocked == true {
            return self.blocked("Organization=\(organization.id) is blocked.", "organization_blocked")
        }
        return nil
    }

    private static func blocked(_ reason: String, _ code: String) -> GatewayError {
        GatewayError(.authentication, "Authentication Error, \(reason)", code: code)
    }
}

/// The refusal of a model, in LiteLLM's words.
package enum ModelAccessDenied {
    package static func error(type: String, model: String) -> GatewayError {
        GatewayError(
            .permission,
            "The requested model '\(model.prefix(128))' is not available for this API key, or the model name is "
                + "invalid. Check the models available to you and try again.",
            type: type,
            param: "model",
            code: type
        )
    }
}
