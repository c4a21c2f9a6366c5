import Domain
import WireFormats

/// Tells what was spent and counted on each day.
struct DailyReading: Sendable {
    let desk: Desk
    let kind: DailyKind

    func pages(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        try await self.answer(call, isWhole: false)
    }

    /// All days at once.
    func aggregated(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        try await self.answer(call, isWhole: true)
    }

    private func answer(_ call: ManagementCall, isWhole: Bool) async throws(GatewayError) -> Answer {
        var filter = try call.readQuery(DailyFilter.table(self.kind), DailyFilter())
        filter.dates = try filter.dates.orLastDays(call.now)
        let questions = try await DailyScope(self.desk, call).questions(self.kind, filter)
        if filter.format == .csv { return try await self.table(questions, filter) }
        let paging = try Paging(filter.page, filter.size, usualSize: 50, self.desk.settings)
        // The newest day first, as LiteLLM has them.
        let all = try await self.days(questions, filter).sorted { $0.key.dayNumber > $1.key.dayNumber }
        let page = isWhole ? Page(items: all, total: all.count) : paging.page(of: all)
        var sums = UsageSums()
        for day in page.items { sums.add(day.value.sums) }
        var metadata = DailyRow.totals(sums)
        let pages = isWhole ? 1 : max(1, paging.pages(page.total))
        metadata.append("page", .integer(isWhole ? 1 : paging.page))
        metadata.append("total_pages", .integer(pages))
        metadata.append("has_more", .bool(!isWhole && paging.page < pages))
        let row = DailyRow(kind: self.kind, facts: try await self.facts(page.items.map(\.value)))
        return Answer.json(
            [
                "results": .array(page.items.map { row.write($0.key, $0.value) }), "metadata": .object(metadata),
            ] as JSONValue
        )
    }

    private func rows(
        _ question: DailyQuestion,
        _ filter: DailyFilter
    ) async throws(GatewayError) -> [UsageRow] {
        var query = UsageQuery(question.kind, groups: [.day, .subject, .model])
        query.ids = question.ids
        query.models = filter.models.isEmpty ? nil : filter.models
        query.from = filter.dates.from
        query.to = filter.dates.to
        return try await self.desk.usage(query)
    }

    private func days(
        _ questions: [DailyQuestion],
        _ filter: DailyFilter
    ) async throws(GatewayError) -> [CivilDate: DailyActivity] {
        var days: [CivilDate: DailyActivity] = [:]
        for question in questions {
            for row in try await self.rows(question, filter) {
                guard let day = row.day, let subject = row.subject else { continue }
                var activity = days[day] ?? DailyActivity()
                activity.sums.add(row.sums)
                activity.models[ModelName.shown(row.model), default: UsageSums()].add(row.sums)
                if question.hasEntities {
                    activity.entities[question.entity(subject), default: UsageSums()].add(row.sums)
                }
                days[day] = activity
            }
        }
        return days
    }

    private func table(_ questions: [DailyQuestion], _ filter: DailyFilter) async throws(GatewayError) -> Answer {
        var table = CSVText(header: DailyRow.columns)
        var count = 0
        for question in questions {
            for row in try await self.rows(question, filter) {
                guard let day = row.day, let subject = row.subject else { continue }
                count += 1
                guard count <= LogReading.most else {
                    throw .invalid("More than \(LogReading.most) rows: narrow the dates.", param: "start_date")
                }
                table.append(DailyRow.cells(day, question.entity(subject), ModelName.shown(row.model), row.sums))
            }
        }
        return table.answer("daily-activity.csv")
    }

    /// Aliases of what the answer names.
    private func facts(_ days: [DailyActivity]) async throws(GatewayError) -> [String: JSONValue] {
        let ids = Array(Set(days.flatMap { $0.entities.keys }))
        switch self.kind {
        case .key, .user:
            return try await self.desk.find(VirtualKey.self, ids: ids).mapValues { key in
                ["key_alias": .optional(key.alias), "team_id": .optional(key.teamID)]
            }
        case .team:
            return try await self.desk.find(Team.self, ids: ids).mapValues { ["team_alias": .optional($0.alias)] }
        case .organization:
            return try await self.desk.find(Organization.self, ids: ids).mapValues {
                ["organization_alias": .optional($0.alias)]
            }
        case .customer:
            return try await self.desk.find(EndUser.self, ids: ids).mapValues { ["alias": .optional($0.alias)] }
        case .tag, .model: return [:]
        }
    }
}
