internal import Domain

/// What was understood of a configuration, for `martlet check`: plain text, aligned, for a width of 100 columns.
///
/// Keys are masked; nothing else secret is shown.
package struct ConfigurationSummary: Sendable {
    let configuration: Configuration

    package init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    /// The summary, ending in a newline.
    package func render() -> String {
        var text = self.models()
        text += self.section("Aliases", self.aliases())
        text += self.section("Fallbacks", self.fallbacks())
        text += self.section("Settings", self.settings())
        text += self.section("Limits and budgets", self.limits())
        text += self.section("Server", self.server())
        text += self.section("Also declared", self.counts())
        return text
    }

    private func models() -> String {
        let groups = self.configuration.modelGroups
        let deployments = self.configuration.models.count
        guard !groups.isEmpty else { return "Models: none in the file\n" }
        var text = "Models: \(groups.count) in \(deployments) deployment\(deployments == 1 ? "" : "s")\n"
        let entriesByGroup = Dictionary(grouping: self.configuration.models, by: \.modelName)
        for group in groups {
            text += "  \(group)\n"
            let rows = (entriesByGroup[group] ?? []).map { entry in
                [
                    "\(entry.provider)/\(entry.upstreamModel)",
                    entry.parameters.apiKey.map { "key \($0.masked)" } ?? "no key in the file",
                    Self.details(entry.parameters),
                ]
            }
            text += SummaryTable.lines(rows, indent: 4)
        }
        return text
    }

    private static func details(_ parameters: DeploymentParameters) -> String {
        var details: [String] = []
        if let base = parameters.apiBase { details.append("at \(DatabaseLocation.masked(base))") }
        if let rpm = parameters.rpm { details.append("rpm \(rpm)") }
        if let tpm = parameters.tpm { details.append("tpm \(tpm)") }
        if let limit = parameters.maxParallelRequests { details.append("\(limit) at once") }
        if let budget = parameters.maxBudget { details.append(self.text(budget, parameters.budgetDuration)) }
        if let weight = parameters.weight { details.append("weight \(weight)") }
        if let order = parameters.order { details.append("order \(order)") }
        if let timeout = parameters.timeout { details.append("timeout \(SummaryTable.text(timeout))") }
        if let timeout = parameters.streamTimeout { details.append("stream timeout \(SummaryTable.text(timeout))") }
        if parameters.mockResponse != nil { details.append("mock answer") }
        return details.joined(separator: ", ")
    }

    private func aliases() -> [[String]] {
        let groups = self.configuration.router.groupAliases.map { alias in
            [alias.alias, "-> \(alias.group)\(alias.isHidden ? " (hidden)" : "")"]
        }
        return groups + self.configuration.library.modelAliases.map { [$0.alias, "-> \($0.model)"] }
    }

    private func fallbacks() -> [[String]] {
        let fallbacks = self.configuration.fallbacks
        func rows(_ rules: [FallbackRule], _ kind: String) -> [[String]] {
            rules.map { [$0.group, "-> \($0.fallbacks.joined(separator: ", "))\(kind)"] }
        }
        var result = rows(fallbacks.general, "")
        result += rows(fallbacks.contextWindow, " (prompt too long)")
        result += rows(fallbacks.contentPolicy, " (refused by content policy)")
        if !fallbacks.defaults.isEmpty {
            result.append(["(others)", "-> \(fallbacks.defaults.joined(separator: ", "))"])
        }
        return result
    }

    private func settings() -> [[String]] {
        let general = self.configuration.general
        let router = self.configuration.router
        var rows = [["master key", general.masterKey?.masked ?? "none"]]
        rows.append(["database", general.database?.masked ?? "none"])
        if let size = general.databasePoolSize { rows.append(["database connections", String(size)]) }
        if general.allowsRequestsWithoutDatabase { rows.append(["without the database", "calls are served"]) }
        if let key = general.saltKey { rows.append(["salt key", key.masked]) }
        rows.append(["records of calls", self.retention()])
        if let level = general.logLevel { rows.append(["log level", level.rawValue]) }
        if let name = general.keyHeaderName { rows.append(["key header", name]) }
        if let name = general.userHeaderName { rows.append(["end user header", name]) }
        if let model = general.completionModel { rows.append(["default model", model]) }
        if let timeout = router.timeout ?? self.configuration.library.requestTimeout {
            rows.append(["request timeout", SummaryTable.text(timeout)])
        }
        if let timeout = router.streamTimeout { rows.append(["stream timeout", SummaryTable.text(timeout)]) }
        if let retries = router.numRetries ?? self.configuration.library.numRetries {
            rows.append(["retries", String(retries)])
        }
        rows.append(["routing", router.strategy.rawValue])
        rows.append(["drop unsupported parameters", self.configuration.library.dropParams ? "yes" : "no"])
        if self.configuration.library.tlsVerification == .off { rows.append(["certificates", "NOT CHECKED"]) }
        return rows
    }

    private func server() -> [[String]] {
        let server = self.configuration.server
        let time: (Duration) -> String = { SummaryTable.text($0) }
        let size: (Int) -> String = { SummaryTable.text(bytes: $0) }
        let listener = [server.headerTimeout, server.idleTimeout, server.shutdownTimeout].map(time)
        let upstream = [server.connectTimeout, server.upstreamIdleTimeout, server.betweenChunksTimeout].map(time)
        let headers = "\(size(server.maxHeaderSize)) each, \(size(server.maxHeadersSize)) in all"
        let perUpstream = server.upstreamMaxConnections == 0 ? "no limit" : String(server.upstreamMaxConnections)
        return [
            ["listen", "\(server.host ?? "(any host)"):\(server.port.map(String.init) ?? "(default port)")"],
            ["data directory", server.dataDirectory ?? "(default)"],
            ["prices", server.priceFile.map { "\($0), then the built-in list" } ?? "the built-in list"],
            ["changes looked for every", time(server.pollInterval)],
            ["headers", "\(server.maxHeaders), \(headers)"],
            ["URI, body", "\(size(server.maxURISize)), \(size(server.maxBodySize))"],
            ["JSON depth", String(server.maxJSONDepth)],
            ["connections", String(server.maxConnections)],
            ["header, idle, shutdown time", listener.joined(separator: ", ")],
            ["upstream connect, idle, chunk gap", upstream.joined(separator: ", ")],
            ["upstream connections", perUpstream],
            ["CORS", server.cors.isEnabled ? server.cors.allowOrigins.joined(separator: ", ") : "off"],
        ]
    }

    private func counts() -> [[String]] {
        var rows: [[String]] = []
        func add(_ name: String, _ count: Int) {
            if count > 0 { rows.append([name, String(count)]) }
        }
        add("users", self.configuration.users.count)
        add("credentials", self.configuration.credentials.count)
        add("environment variables", self.configuration.environment.count)
        if !self.configuration.sinks.isEmpty {
            rows.append(["log sinks", self.configuration.sinks.map(\.type).joined(separator: ", ")])
        }
        if let cache = self.configuration.cache {
            rows.append(["cache", cache.isEnabled ? cache.type ?? "redis" : "off"])
        }
        if let redis = self.configuration.sharedCounters { rows.append(["shared counters", redis.summary]) }
        return rows
    }

    private func section(_ title: String, _ rows: [[String]]) -> String {
        rows.isEmpty ? "" : "\n\(title)\n" + SummaryTable.lines(rows, indent: 2)
    }
}
