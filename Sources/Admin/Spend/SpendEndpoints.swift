import Domain

/// `/spend/*` but the calls themselves.
struct SpendEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] {
        let reading = SpendReading(desk: self.desk)
        let calculation = SpendCalculation(desk: self.desk)
        return [
            Route(
                .post,
                "/spend/calculate",
                .spend,
                "Tells what a call would cost, or what an answer has cost, by the prices in force.",
                body: SpendCalculation.fields.descriptions,
                example: #"{"model":"gpt-4","messages":[{"role":"user","content":"Hello"}]}"#,
                answer: #"{"cost": 0.00003}"#,
                handler: { (call) throws(GatewayError) in try await calculation.calculate(call) }
            ),
            Route(
                .get,
                "/spend/keys",
                .spend,
                "Lists keys, those that have spent most first.",
                query: SpendReading.keyFields.descriptions,
                answer: "Key records.",
                handler: { (call) throws(GatewayError) in try await reading.keys(call) }
            ),
            Route(
                .get,
                "/spend/users",
                .spend,
                "Lists users, those that have spent most first.",
                query: SpendReading.userFields.descriptions,
                answer: "User records.",
                handler: { (call) throws(GatewayError) in try await reading.users(call) }
            ),
            Route(
                .get,
                "/spend/tags",
                .spend,
                "Tells what was spent by tag.",
                query: SpendReading.tagFields.descriptions,
                answer: "individual_request_tag, log_count, total_spend.",
                handler: { (call) throws(GatewayError) in try await reading.tags(call) }
            ),
            Route(
                .get,
                "/spend/models",
                .spend,
                "Tells what was spent by model group.",
                query: SpendReading.modelFields.descriptions,
                answer: "model, total_spend, api_requests, total_tokens.",
                handler: { (call) throws(GatewayError) in try await reading.models(call) }
            ),
        ]
    }
}
