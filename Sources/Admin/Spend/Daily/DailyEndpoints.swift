import Domain

/// `/user/daily/activity` and its like.
struct DailyEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] {
        DailyKind.allCases.flatMap { self.routes($0) } + [self.aggregated]
    }

    private func routes(_ kind: DailyKind) -> [Route] {
        let reading = DailyReading(desk: self.desk, kind: kind)
        return kind.paths.map { path in
            Route(
                .get,
                path,
                .spend,
                "Tells what \(kind.plural) spent on each day, by model group.",
                query: DailyFilter.table(kind).descriptions,
                answer: "results: date, metrics, breakdown; metadata: totals of the page, page, total_pages, has_more.",
                handler: { (call) throws(GatewayError) in try await reading.pages(call) }
            )
        }
    }

    private var aggregated: Route {
        let reading = DailyReading(desk: self.desk, kind: .user)
        return Route(
            .get,
            "/user/daily/activity/aggregated",
            .spend,
            "Tells what users spent on each day, all days at once.",
            query: DailyFilter.table(.user).descriptions,
            answer: "results: date, metrics, breakdown; metadata: totals.",
            handler: { (call) throws(GatewayError) in try await reading.aggregated(call) }
        )
    }
}
