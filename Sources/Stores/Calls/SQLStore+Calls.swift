package import Domain

extension SQLStore {
    package func calls(_ query: CallQuery) async throws(StoreError) -> Page<CallRecord> {
        let paging = Paging(page: query.page, size: query.size)
        return try await self.database.read { (session: any SQLSession) throws(StoreError) in
            let total = try CallCount(query: query, session: session).total()
            guard paging.offset < total, paging.limit > 0 else { return Page(items: [], total: Int(total)) }
            let conditions = query.conditions
            let direction = query.descending ? "DESC" : "ASC"
            let order = "\(query.timeColumn) \(direction), \(query.idColumn) \(direction)"
            let items = try session.all(
                """
                SELECT \(CallColumns.qualifiedList) FROM \(query.tables)\(conditions.clause)
                ORDER BY \(order) LIMIT ? OFFSET ?
                """,
                conditions.values + paging.values,
                CallColumns.read
            )
            return Page(items: items, total: Int(total))
        }
    }

    package func callVolume() async throws(StoreError) -> (records: Int, bytes: Int) {
        try await self.database.read { (session: any SQLSession) throws(StoreError) in
            let records = try CallCount.ofAll(session)
            switch session.dialect {
            case .postgres:
                let bytes = try session.integer(
                    """
                    SELECT CAST(COALESCE(SUM(pg_total_relation_size(inhrelid)), 0) AS BIGINT) FROM pg_inherits
                    WHERE inhparent = CAST('calls' AS REGCLASS)
                    """
                )
                return (Int(records), Int(bytes ?? 0))
            case .sqlite:
                // The file as a whole also holds what was freed; the newest records tell how large one is.
                let texts = CallColumns.all.filter { $0.type == .text }.map { "COALESCE(LENGTH(\($0.name)), 0)" }
                let length = try session.integer(
                    """
                    SELECT CAST(COALESCE(AVG(\(texts.joined(separator: " + "))), 0) AS BIGINT)
                    FROM (SELECT * FROM calls ORDER BY finished_at DESC LIMIT 500)
                    """
                )
                // Numbers and headers, and the indexes' copies of ids, keys, users and teams.
                return (Int(records), Int(records) * (Int(length ?? 0) * 2 + 250))
            }
        }
    }
}

extension CallQuery {
    var tables: String { self.tag == nil ? "calls" : SubjectKind.tag.source.tables }

    /// With a tag its own table leads, whose index has the order that is asked for.
    var timeColumn: String { self.tag == nil ? "calls.finished_at" : "call_tags.finished_at" }
    var idColumn: String { self.tag == nil ? "calls.id" : "call_tags.id" }

    /// All that is asked for.
    var conditions: Conditions {
        var conditions = self.subjectConditions
        conditions.add("\(self.timeColumn) >= ?", self.from?.milliseconds)
        conditions.add("\(self.timeColumn) < ?", self.to?.milliseconds)
        return conditions
    }

    /// All but the time.
    var subjectConditions: Conditions {
        var conditions = Conditions()
        conditions.add("call_tags.tag = ?", self.tag)
        conditions.add("calls.call_id = ?", self.callID)
        conditions.add("calls.key_hash = ?", self.key?.hex)
        conditions.add("calls.user_id = ?", self.userID)
        conditions.add("calls.team_id = ?", self.teamID)
        conditions.add("calls.organization_id = ?", self.organizationID)
        conditions.add("calls.end_user_id = ?", self.endUserID)
        conditions.add("calls.model_group = ?", self.modelGroup)
        conditions.add("calls.outcome = ?", self.outcome?.rawValue)
        // Says what the index of the outcomes other than success holds, so that it can be used.
        if let outcome = self.outcome, outcome != .success { conditions.add("calls.outcome <> 'success'") }
        return conditions
    }

    /// The one subject whose sums count the calls that are asked for, apart from the time; nil when there is none.
    var countedSubject: (kind: SubjectKind, id: String)? {
        guard self.callID == nil, self.outcome == nil else { return nil }
        let subjects: [(kind: SubjectKind, id: String?)] = [
            (.key, self.key?.hex), (.user, self.userID), (.team, self.teamID), (.organization, self.organizationID),
            (.endUser, self.endUserID), (.tag, self.tag), (.model, self.modelGroup),
        ]
        let given = subjects.compactMap { subject in subject.id.map { (subject.kind, $0) } }
        return switch given.count {
        case 0: (.global, "")
        case 1: given[0]
        default: nil
        }
    }
}
