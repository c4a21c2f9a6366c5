import Domain

/// `/spend/logs*`.
struct LogEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] {
        let reading = LogReading(desk: self.desk)
        let pages = Route(
            .get,
            "/spend/logs/v2",
            .spend,
            "Lists calls, page by page.",
            query: LogFilter.pages.descriptions,
            answer: "data, total, page, page_size, total_pages.",
            handler: { (call) throws(GatewayError) in try await reading.pages(call) }
        )
        let plain = Route(
            .get,
            "/spend/logs",
            .spend,
            "Lists calls or, where dates are given, what was spent on each day by key, user and model.",
            query: LogFilter.plain.descriptions,
            answer: "Calls: request_id, spend, tokens, model, status; or days: startTime, spend, users, models.",
            handler: { (call) throws(GatewayError) in try await reading.plain(call) }
        )
        return [plain, pages, pages.also(at: "/spend/logs/ui")]
    }
}
