import Domain
import Policies

/// Which model groups the one that asks may use: what its calls would be allowed.
struct ModelRights: Sendable {
    private let rules: [ModelRule]
    private let accessGroups: [String: [String]]

    func allows(_ group: String) -> Bool {
        let accessGroups = self.accessGroups[group] ?? []
        return self.rules.allSatisfy { $0.allows(group, group: group, accessGroups: accessGroups) }
    }

    init(_ desk: Desk, _ call: ManagementCall) async throws(GatewayError) {
        self.accessGroups = Dictionary(
            (desk.state?.modelGroups ?? []).map { ($0.name, $0.accessGroups) },
            uniquingKeysWith: { first, _ in first }
        )
        let authority = Authority(desk, call)
        self.rules = authority.seesAll ? [] : try await Self.rules(desk, authority)
    }

    private static func rules(_ desk: Desk, _ authority: Authority) async throws(GatewayError) -> [ModelRule] {
        guard let hash = authority.ownKey, let key = try await desk.find(VirtualKey.self, hash.hex)?.record else {
            // Somebody without a record may use nothing that we know of.
            return [ModelRule(["no-default-models"])]
        }
        var lists = [key.models]
        var organizationID = key.organizationID
        if let id = key.teamID, let team = try await desk.find(Team.self, id)?.record {
            lists.append(team.models)
            organizationID = organizationID ?? team.organizationID
        } else if let id = key.userID, let user = try await desk.find(User.self, id)?.record {
            // A team's key is the team's: its user's own list does not narrow it.
            lists.append(user.models)
            organizationID = organizationID ?? user.organizationID
        }
        if let organizationID, let organization = try await desk.find(Organization.self, organizationID)?.record {
            lists.append(organization.models)
        }
        return lists.map { ModelRule($0) }
    }
}
