import Domain
import WireFormats

/// Changes of keys that are there.
struct KeyChanges: Sendable {
    let desk: Desk

    func update(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let named = try call.read(KeyFields.update, KeyDraft())
        let name = named.text ?? ""
        let changed = try await self.desk.change(call, duplicate: named.key.alias.map(Desk.aliasTaken)) {
            (change) throws(GatewayError) in
            try await self.update(try await self.desk.requireKey(name), call.body, call, &change)
        }
        var row = JSONObject([("key", .text(name))])
        for member in try await self.desk.row(changed, now: call.now).members { row.append(member.key, member.value) }
        return Answer.json(row)
    }

    private func update(
        _ old: Versioned<VirtualKey>,
        _ body: JSONObject,
        _ call: ManagementCall,
        _ change: inout Change
    ) async throws(GatewayError) -> VirtualKey {
        var draft = KeyDraft(old.record)
        try KeyFields.update.read(body, into: &draft)
        var key = draft.finished(at: call.now)
        if body["key_type"]?.isNull == false, body["allowed_routes"] == nil {
            key.allowedRoutes = draft.keyType?.routes
        }
        let rules = KeyRules(desk: self.desk, authority: Authority(self.desk, call))
        try await rules.checkChange(of: old.record, to: key)
        try await rules.resolve(&key, since: old.record, &change)
        return change.update(old, to: key)
    }

    func delete(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let names = try call.read(KeyNames.many, KeyNames())
        guard !names.keys.isEmpty || !names.aliases.isEmpty else {
            throw .invalid("Name the keys to delete in 'keys' or 'key_aliases'.", param: "keys")
        }
        let deleted = try await self.desk.change(call) { (change) throws(GatewayError) in
            var deleted: [String] = []
            var seen: Set<KeyHash> = []
            for (name, key) in try await self.found(names) where seen.insert(key.record.hash).inserted {
                try await Authority(self.desk, call).requireChange(key.record)
                change.delete(key)
                deleted.append(name)
            }
            guard !deleted.isEmpty else { throw GatewayError.missing("{'error': 'No keys found'}", param: "keys") }
            return deleted
        }
        return Answer.json(["deleted_keys": .texts(deleted)] as JSONValue)
    }

    private func found(_ names: KeyNames) async throws(GatewayError) -> [(String, Versioned<VirtualKey>)] {
        var result: [(String, Versioned<VirtualKey>)] = []
        for name in names.keys {
            if let key = try await self.desk.key(name) { result.append((name, key)) }
        }
        for alias in names.aliases {
            if let key = try await self.desk.key(alias: alias) { result.append((alias, key)) }
        }
        return result
    }

    func block(_ call: ManagementCall, _ isBlocked: Bool) async throws(GatewayError) -> Answer {
        let name = try call.read(KeyNames.one, KeyNames()).key ?? ""
        let rules = KeyRules(desk: self.desk, authority: Authority(self.desk, call))
        let key = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireKey(name)
            var key = old.record
            key.isBlocked = isBlocked
            if isBlocked {
                try await rules.authority.requireChange(old.record)
            } else {
                try await rules.checkChange(of: old.record, to: key)
            }
            return change.update(old, to: key, action: isBlocked ? "blocked" : "unblocked")
        }
        return Answer.json(try await self.desk.row(key, now: call.now))
    }

    // Spend

    static let resetFields = FieldTable<ResetRequest>([
        .money("reset_to", \.amount, "0: what was spent so far does not count any more.")
    ])

    struct ResetRequest: Sendable {
        var amount: NanoDollars?
    }

    func resetSpend(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(Self.resetFields, ResetRequest())
        guard request.amount ?? .zero == .zero else {
            throw .invalid("'reset_to': only 0 is supported: spend follows from the ledger.", param: "reset_to")
        }
        let name = call.parameters["key"] ?? ""
        let rules = KeyRules(desk: self.desk, authority: Authority(self.desk, call))
        let (key, before) = try await self.desk.change(call) { (change) throws(GatewayError) in
            let old = try await self.desk.requireKey(name, "Key not found in database")
            guard try await rules.manages(old.record) else { throw rules.authority.onlyAdmin }
            let before = try await self.desk.spent([old.record], now: call.now)[old.record.hash]
            var key = old.record
            key.allowance.resetAt = call.now
            return (change.update(old, to: key, action: "reset"), before ?? SpentAmounts())
        }
        await self.desk.state?.resetSpend(.key, key.account.hex)
        return Answer.json(
            [
                "key_hash": .text(key.hash.hex), "spend": .money(.zero), "previous_spend": .money(before.current),
                "max_budget": .money(key.allowance.maxBudget),
                "budget_reset_at": AllowanceRow.resetAt(key.allowance, call.now),
            ] as JSONValue
        )
    }

    // Several at once

    struct BulkRequest: Sendable {
        var teamID: String?
        var changes: [JSONObject] = []
        var fields = JSONObject()
        var names: [String] = []
    }

    static let bulkFields = FieldTable<BulkRequest>([
        Field("keys", .list(of: .record(KeyFields.update.descriptions)), "Each with 'key' and what changes.") {
            (request, value) throws(FieldProblem) in
            request.changes = try FieldValue.list(value, of: .object) { (element) throws(FieldProblem) in
                guard let object = element.object else { throw .expected(.object, element) }
                return object
            }
        }.required
    ])

    static let teamBulkFields = FieldTable<BulkRequest>([
        Field.text("team_id", \.teamID, "Whose keys.").required,
        .texts("key_ids", \.names, "Keys or hashes; absent is all keys of the team."),
        Field("update_fields", .record(KeyFields.update.descriptions), "What changes.") {
            (request, value) throws(FieldProblem) in
            guard let object = value.object else { throw .expected(.object, value) }
            request.fields = object
        }.required,
    ])

    func bulkUpdate(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(Self.bulkFields, BulkRequest())
        guard request.changes.count <= 500 else { throw .invalid("At most 500 keys at once.", param: "keys") }
        let keys = try await self.desk.change(call) { (change) throws(GatewayError) in
            var keys: [VirtualKey] = []
            var seen: Set<KeyHash> = []
            for fields in request.changes {
                let old = try await self.desk.requireKey(fields["key"]?.string ?? "")
                guard seen.insert(old.record.hash).inserted else {
                    throw GatewayError.invalid("A key stands twice in 'keys'.", param: "keys")
                }
                keys.append(try await self.update(old, fields, call, &change))
            }
            return keys
        }
        return try await self.bulkAnswer(keys, call)
    }

    func teamBulkUpdate(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let request = try call.read(Self.teamBulkFields, BulkRequest())
        let wanted = Set(request.names.map { Desk.hash(ofKey: $0) })
        var query = RecordQuery()
        query.teamID = request.teamID
        let filter = query
        let keys = try await self.desk.change(call) { (change) throws(GatewayError) in
            var keys: [VirtualKey] = []
            for old in try await self.desk.all(VirtualKey.self, filter)
            where wanted.isEmpty || wanted.contains(old.record.hash) {
                var fields = request.fields
                fields["key"] = .text(old.record.hash.hex)
                keys.append(try await self.update(old, fields, call, &change))
            }
            return keys
        }
        return try await self.bulkAnswer(keys, call)
    }

    private func bulkAnswer(_ keys: [VirtualKey], _ call: ManagementCall) async throws(GatewayError) -> Answer {
        Answer.json(
            [
                "total_requested": .integer(keys.count),
                "successful_updates": .array(try await self.desk.rows(keys, now: call.now)),
                "failed_updates": [],
            ] as JSONValue
        )
    }
}
