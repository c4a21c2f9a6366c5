import Domain

/// `/global/*`.
struct GlobalEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] { self.totals + self.groups + self.others }

    private func route(
        _ path: String,
        _ summary: String,
        _ query: [FieldDescription],
        _ answer: String,
        _ handler: @escaping Route.Handler
    ) -> Route {
        Route(.get, path, .spend, summary, query: query, answer: answer, handler: handler)
    }

    private var totals: [Route] {
        let spend = GlobalSpend(desk: self.desk)
        let activity = GlobalActivity(desk: self.desk)
        let dates = GlobalSpend.dateFields.descriptions
        return [
            self.route(
                "/global/spend",
                "Tells what the whole gateway has spent.",
                [],
                #"{"spend": 12.5, "total_spend": 12.5, "max_budget": 0.0}"#
            ) { (call) throws(GatewayError) in try await spend.total(call) },
            self.route(
                "/global/spend/logs",
                "Tells what was spent on each day.",
                GlobalSpend.dayFields.descriptions,
                "date, spend."
            ) { (call) throws(GatewayError) in try await spend.days(call) },
            self.route(
                "/global/activity",
                "Counts calls and tokens by day.",
                dates,
                "daily_data, sum_api_requests, sum_total_tokens."
            ) { (call) throws(GatewayError) in try await activity.total(call) },
            self.route(
                "/global/activity/model",
                "Counts calls and tokens by model group and day.",
                dates,
                "model, daily_data, sum_api_requests, sum_total_tokens."
            ) { (call) throws(GatewayError) in try await activity.models(call) },
        ]
    }

    private var groups: [Route] {
        let spend = GlobalSpend(desk: self.desk)
        let top = GlobalSpend.topFields.descriptions
        return [
            self.route(
                "/global/spend/keys",
                "Tells which keys have spent most.",
                top,
                "api_key, key_alias, key_name, total_spend."
            ) { (call) throws(GatewayError) in try await spend.keys(call) },
            self.route(
                "/global/spend/teams",
                "Tells what teams have spent, by day and together.",
                GlobalSpend.dateFields.descriptions,
                "daily_spend, teams, total_spend_per_team."
            ) { (call) throws(GatewayError) in try await spend.teams(call) },
            self.route(
                "/global/spend/models",
                "Tells on which model groups most was spent.",
                top,
                "model, total_spend."
            ) { (call) throws(GatewayError) in try await spend.models(call) },
            self.route(
                "/global/spend/provider",
                "Tells at which providers most was spent.",
                top,
                "provider, spend."
            ) { (call) throws(GatewayError) in try await spend.providers(call) },
            self.route(
                "/global/spend/tags",
                "Tells what was spent by tag.",
                GlobalSpend.tagFields.descriptions,
                "spend_per_tag: name, spend, log_count."
            ) { (call) throws(GatewayError) in try await spend.tags(call) },
            self.route(
                "/global/spend/all_tag_names",
                "Names all tags that calls were made with.",
                [],
                "tag_names."
            ) { (call) throws(GatewayError) in try await spend.tagNames(call) },
        ]
    }

    private var others: [Route] {
        let customers = CustomerSpend(desk: self.desk)
        let reset = SpendReset(desk: self.desk)
        return [
            Route(
                .post,
                "/global/spend/end_users",
                .spend,
                "Tells what was spent for each customer, the largest spend first.",
                body: CustomerSpend.fields.descriptions,
                example: #"{"startTime":"2026-11-01","endTime":"2026-11-30"}"#,
                answer: "end_user, total_count, total_spend.",
                handler: { (call) throws(GatewayError) in try await customers.spend(call) }
            ),
            Route(
                .post,
                "/global/spend/reset",
                .spend,
                "Begins the budgets of all keys and teams anew; the ledger keeps what was spent.",
                answer: "message, status.",
                handler: { (call) throws(GatewayError) in try await reset.reset(call) }
            ),
        ]
    }
}
