import Domain

extension SubjectKind {
    /// Hands on whom a record is booked on.
    ///
    /// ``source`` says the same in SQL.
    static func forEach(of record: CallRecord, _ body: (SubjectKind, String) -> Void) {
        let caller = record.caller
        body(.global, "")
        if let key = caller.key { body(.key, key.hex) }
        if let user = caller.userID { body(.user, user) }
        if let team = caller.teamID {
            body(.team, team)
            if let user = caller.userID { body(.teamMember, "\(team):\(user)") }
        }
        if let organization = caller.organizationID { body(.organization, organization) }
        if let endUser = caller.endUserID { body(.endUser, endUser) }
        for tag in caller.tags { body(.tag, tag) }
        if let model = record.modelGroup { body(.model, model) }
        if let provider = record.provider { body(.provider, provider) }
        if let deployment = record.deploymentID { body(.deployment, deployment) }
    }

    /// Where the ids of this kind stand in the records: an expression, the tables, and what must hold.
    var source: (id: String, tables: String, condition: String) {
        func column(_ name: String) -> (id: String, tables: String, condition: String) {
            ("calls.\(name)", "calls", "calls.\(name) IS NOT NULL")
        }
        return switch self {
        case .global: ("''", "calls", "calls.id IS NOT NULL")
        case .key: column("key_hash")
        case .user: column("user_id")
        case .team: column("team_id")
        case .teamMember:
            (
                "calls.team_id || ':' || calls.user_id", "calls",
                "calls.team_id IS NOT NULL AND calls.user_id IS NOT NULL"
            )
        case .organization: column("organization_id")
        case .endUser: column("end_user_id")
        case .tag:
            (
                "call_tags.tag",
                "call_tags JOIN calls ON calls.id = call_tags.id AND calls.finished_at = call_tags.finished_at",
                "call_tags.tag IS NOT NULL"
            )
        case .model: column("model_group")
        case .provider: column("provider")
        case .deployment: column("deployment_id")
        }
    }
}
