import Domain
import WireFormats

/// `/spend/keys`, `/spend/users`, `/spend/tags`, `/spend/models`: who has spent most.
struct SpendReading: Sendable {
    let desk: Desk

    static let keyFields = FieldTable<SumFilter>([SumFilter.limit])
    static let userFields = FieldTable<SumFilter>([SumFilter.userID, SumFilter.limit])
    static let tagFields = FieldTable<SumFilter>(SumFilter.days + [SumFilter.limit])
    static let modelFields = FieldTable<SumFilter>(SumFilter.days + [SumFilter.userID, SumFilter.limit])

    /// Key records, largest spend first.
    func keys(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(Self.keyFields, SumFilter())
        let scope = SpendScope(self.desk, call)
        var query = try filter.query(.key, [.subject])
        query.limit = try filter.most()
        if !scope.authority.seesAll {
            query.ids = try await scope.ownKeys().map(\.hash.hex)
            if query.ids?.isEmpty == true { return Answer.json([] as JSONValue) }
        }
        let sums = try await self.desk.usage(query)
        let records = try await self.desk.find(VirtualKey.self, ids: sums.compactMap(\.subject))
        let keys = sums.compactMap { $0.subject.flatMap { records[$0] } }
        return Answer.json(.array(try await self.desk.rows(keys, now: call.now)))
    }

    /// User records, largest spend first.
    func users(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(Self.userFields, SumFilter())
        let user = try await SpendScope(self.desk, call).user(filter.userID)
        var query = try filter.query(.user, [.subject])
        query.limit = try filter.most()
        query.ids = user.map { [$0] }
        let sums = try await self.desk.usage(query)
        let records = try await self.desk.find(User.self, ids: sums.compactMap(\.subject) + (user.map { [$0] } ?? []))
        var users = sums.compactMap { $0.subject.flatMap { records[$0] } }
        if let user, users.isEmpty, let record = records[user] { users = [record] }
        let spent = try await self.desk.spent(.user, users.map { ($0.id, $0.allowance) }, now: call.now)
        var rows: [JSONValue] = []
        for user in users {
            let teams = try await self.desk.teams(of: user.id).map(\.id)
            rows.append(.object(UserRow.write(user, spent[user.id] ?? SpentAmounts(), teams: teams, at: call.now)))
        }
        return Answer.json(.array(rows))
    }

    func tags(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(Self.tagFields, SumFilter())
        var query = try filter.query(.tag, [.subject])
        query.limit = try filter.most()
        let rows = try await self.desk.usage(query).map { row -> JSONValue in
            [
                "individual_request_tag": .text(row.subject ?? ""), "log_count": .integer(row.sums.calls),
                "total_spend": .money(row.sums.spend),
            ]
        }
        return Answer.json(.array(rows))
    }

    func models(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(Self.modelFields, SumFilter())
        let user = try await SpendScope(self.desk, call).user(filter.userID)
        var query = try filter.query(user == nil ? .global : .user, [.model])
        query.ids = user.map { [$0] }
        query.limit = try filter.most()
        let rows = try await self.desk.usage(query).map { row -> JSONValue in
            [
                "model": .text(ModelName.shown(row.model)), "total_spend": .money(row.sums.spend),
                "api_requests": .integer(row.sums.calls), "total_tokens": .integer(row.sums.tokens),
            ]
        }
        return Answer.json(.array(rows))
    }
}

/// How calls that were refused before a model was found stand among models.
enum ModelName {
    static func shown(_ group: String?) -> String {
        guard let group, !group.isEmpty else { return "unknown" }
        return group
    }
}
