import Domain
import WireFormats

/// `/global/spend*`: what the whole gateway has spent, and who spent it.
struct GlobalSpend: Sendable {
    let desk: Desk

    static let topFields = FieldTable<SumFilter>(SumFilter.days + [SumFilter.limit])
    static let dayFields = FieldTable<SumFilter>(SumFilter.days + [SumFilter.apiKey])
    static let dateFields = FieldTable<SumFilter>(SumFilter.days)
    static let tagFields = FieldTable<SumFilter>(
        SumFilter.days + [.texts("tags", \.tags, "These tags; all, if absent."), SumFilter.limit]
    )

    /// `total_spend` is what the ledger holds; `spend` counts against the budget of the whole gateway, if it has one.
    func total(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let total = try await self.desk.usage(UsageQuery(.global, groups: [])).first?.sums.spend ?? .zero
        let budget = self.desk.state?.globalBudget
        let live = budget == nil ? nil : self.desk.state?.liveSpend(.global, "")
        return Answer.json(
            [
                "spend": .money(live ?? total), "total_spend": .money(total), "max_budget": .money(budget ?? .zero),
            ] as JSONValue
        )
    }

    func days(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        var filter = try call.readQuery(Self.dayFields, SumFilter())
        filter.dates = try filter.dates.orLastDays(call.now)
        var query = try filter.query(filter.apiKey == nil ? .global : .key, [.day])
        query.ids = filter.apiKey.map { [Desk.hash(ofKey: $0).hex] }
        let rows = try await self.desk.usage(query).map { row -> JSONValue in
            ["date": .optional(row.day?.description), "spend": .money(row.sums.spend)]
        }
        return Answer.json(.array(rows))
    }

    func keys(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let sums = try await self.top(.key, [.subject], call)
        let records = try await self.desk.find(VirtualKey.self, ids: sums.compactMap(\.subject))
        let rows = sums.map { row -> JSONValue in
            let key = records[row.subject ?? ""]
            return [
                "api_key": .text(row.subject ?? ""), "key_alias": .optional(key?.alias),
                "key_name": .optional(key?.name),
                "total_spend": .money(row.sums.spend),
            ]
        }
        return Answer.json(.array(rows))
    }

    func models(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let rows = try await self.top(.global, [.model], call).map { row -> JSONValue in
            ["model": .text(ModelName.shown(row.model)), "total_spend": .money(row.sums.spend)]
        }
        return Answer.json(.array(rows))
    }

    func providers(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let rows = try await self.top(.provider, [.subject], call).map { row -> JSONValue in
            ["provider": .text(row.subject ?? ""), "spend": .money(row.sums.spend)]
        }
        return Answer.json(.array(rows))
    }

    private func top(
        _ kind: SubjectKind,
        _ groups: Set<UsageQuery.Group>,
        _ call: ManagementCall
    ) async throws(GatewayError) -> [UsageRow] {
        let filter = try call.readQuery(Self.topFields, SumFilter())
        var query = try filter.query(kind, groups)
        query.limit = try filter.most()
        return try await self.desk.usage(query)
    }

    func tags(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(Self.tagFields, SumFilter())
        var query = try filter.query(.tag, [.subject])
        query.limit = try filter.most()
        query.ids = filter.tags.isEmpty || filter.tags == ["all-tags"] ? nil : filter.tags
        let rows = try await self.desk.usage(query).map { row -> JSONValue in
            [
                "name": .text(row.subject ?? ""), "spend": .money(row.sums.spend),
                "log_count": .integer(row.sums.calls),
            ]
        }
        return Answer.json(["spend_per_tag": .array(rows)] as JSONValue)
    }

    func tagNames(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let names = try await self.desk.usage(UsageQuery(.tag, groups: [.subject])).compactMap(\.subject)
        return Answer.json(["tag_names": .texts(names.sorted())] as JSONValue)
    }

    /// By day and team; what belongs to no team is `Unassigned`.
    func teams(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        var filter = try call.readQuery(Self.dateFields, SumFilter())
        filter.dates = try filter.dates.orLastDays(call.now)
        let sums = try await self.desk.usage(try filter.query(.team, [.day, .subject]))
        let names = try await self.desk.find(Team.self, ids: Array(Set(sums.compactMap(\.subject))))
            .mapValues { $0.alias ?? $0.id }
        var days: [CivilDate: [String: NanoDollars]] = [:]
        var totals: [String: NanoDollars] = [:]
        for row in sums {
            guard let day = row.day, let team = row.subject else { continue }
            // Teams of the same alias stand together, as LiteLLM has them.
            days[day, default: [:]][names[team] ?? team, default: .zero] =
                (days[day]?[names[team] ?? team] ?? .zero) + row.sums.spend
            totals[team] = (totals[team] ?? .zero) + row.sums.spend
        }
        for row in try await self.desk.usage(try filter.query(.global, [.day])) {
            guard let day = row.day else { continue }
            let known = (days[day] ?? [:]).values.reduce(NanoDollars.zero, +)
            if row.sums.spend > known { days[day, default: [:]]["Unassigned"] = row.sums.spend - known }
        }
        let daily = days.sorted { $0.key.dayNumber < $1.key.dayNumber }.map { day, teams -> JSONValue in
            var row = JSONObject([("date", .text(day.description))])
            for (name, spend) in teams.sorted(by: { $0.key < $1.key }) { row.append(name, .money(spend)) }
            return .object(row)
        }
        let ordered = totals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let total = ordered.map { team, spend -> JSONValue in
            ["team_id": .text(team), "team_alias": .optional(names[team]), "total_spend": .money(spend)]
        }
        return Answer.json(
            [
                "daily_spend": .array(daily), "teams": .texts(ordered.map { names[$0.key] ?? $0.key }),
                "total_spend_per_team": .array(total),
            ] as JSONValue
        )
    }
}
