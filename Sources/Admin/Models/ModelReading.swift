import Domain
import NIOCore
import WireFormats

/// Tells about models.
struct ModelReading: Sendable {
    let desk: Desk

    func info(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(ModelFilter.info, ModelFilter())
        let rows = try await self.deployments(filter, call)
        if let id = filter.id, rows.isEmpty {
            throw .invalid("Model id = \(FieldValue.shown(id)) not found on litellm proxy", param: "litellm_model_id")
        }
        return Answer.json(["data": .array(rows.map { .object($0) })] as JSONValue)
    }

    func pages(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(ModelFilter.pages, ModelFilter())
        let paging = try Paging(filter.page, filter.size, usualSize: 50, self.desk.settings, sizeName: "size")
        let page = paging.page(of: try await self.deployments(filter, call))
        return Answer.json(
            [
                "data": .array(page.items.map { .object($0) }), "total_count": .integer(page.total),
                "current_page": .integer(paging.page), "total_pages": .integer(paging.pages(page.total)),
                "size": .integer(paging.size),
            ] as JSONValue
        )
    }

    func groups(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(ModelFilter.groups, ModelFilter())
        var groups: [(name: String, deployments: [JSONObject])] = []
        var positions: [String: Int] = [:]
        for row in try await self.deployments(filter, call) where row["model_info"]?["blocked"]?.bool != true {
            let name = row["model_name"]?.string ?? ""
            if let position = positions[name] {
                groups[position].deployments.append(row)
            } else {
                positions[name] = groups.count
                groups.append((name, [row]))
            }
        }
        let rows = groups.map { JSONValue.object(ModelGroupRow.write($0.name, $0.deployments)) }
        return Answer.json(["data": .array(rows)] as JSONValue)
    }

    /// The deployments that the caller may use and asked for; an admin's also those that are out of service.
    private func deployments(_ filter: ModelFilter, _ call: ManagementCall) async throws(GatewayError) -> [JSONObject] {
        let rights = try await ModelRights(self.desk, call)
        let seesAll = Authority(self.desk, call).seesAll
        let stored = try await self.desk.all(StoredModel.self).map(\.record)
        let byID = Dictionary(stored.map { ($0.id, $0) }) { first, _ in first }
        var seen: Set<String> = []
        var rows: [JSONObject] = []
        for text in self.desk.state?.modelInfo({ rights.allows($0) }) ?? [] {
            // The gateway's own text, which is JSON.
            guard var row = (try? JSONValue(parsing: text))?.object, var info = row["model_info"]?.object else {
                continue
            }
            let id = info["id"]?.string ?? ""
            seen.insert(id)
            if let model = byID[id] {
                ModelRow.mark(&info, model)
                row["model_info"] = .object(info)
            }
            rows.append(row)
        }
        if seesAll { rows += stored.filter { !seen.contains($0.id) }.map { ModelRow.deployment($0) } }
        return rows.filter { filter.matches($0) }
    }
}

extension ModelFilter {
    fileprivate func matches(_ row: JSONObject) -> Bool {
        let name = row["model_name"]?.string ?? ""
        if let wanted = self.name, wanted != name { return false }
        if let id = self.id, id != row["model_info"]?["id"]?.string { return false }
        if let search = self.search, !search.isEmpty { return name.lowercased().contains(search.lowercased()) }
        return true
    }
}

/// A model group in LiteLLM's shape: what its deployments have together.
enum ModelGroupRow {
    private static let largest = ["max_input_tokens", "max_output_tokens"]
    private static let prices = ["input_cost_per_token", "output_cost_per_token", "input_cost_per_pixel"]
    private static let limits = ["tpm", "rpm", "itpm", "otpm"]
    private static let abilities = [
        "supports_parallel_function_calling", "supports_vision", "supports_web_search", "supports_url_context",
        "supports_reasoning", "supports_function_calling", "supports_response_schema", "supports_prompt_caching",
    ]

    static func write(_ name: String, _ deployments: [JSONObject]) -> JSONObject {
        let infos = deployments.compactMap { $0["model_info"]?.object }
        var providers: [String] = []
        for provider in infos.compactMap({ $0["litellm_provider"]?.string }) where !providers.contains(provider) {
            providers.append(provider)
        }
        var row = JSONObject([("model_group", .text(name)), ("providers", .texts(providers))])
        for field in self.largest + self.prices { row.append(field, self.largest(field, infos)) }
        row.append("mode", infos.compactMap { $0["mode"] }.first { !$0.isNull } ?? .null)
        for field in self.limits { row.append(field, self.sum(field, deployments)) }
        for field in self.abilities { row.append(field, .bool(infos.contains { $0[field]?.bool == true })) }
        let parameters = infos.compactMap { $0["supported_openai_params"] }.first { !$0.isNull }
        row.append("supported_openai_params", parameters ?? [])
        for field in ["configurable_clientside_auth_params", "health_status"] { row.append(field, .null) }
        row.append("is_public_model_group", false)
        return row
    }

    /// The largest number as it was spelled; null when none is known.
    private static func largest(_ field: String, _ infos: [JSONObject]) -> JSONValue {
        infos.compactMap { $0[field] }.filter { $0.double != nil }.max { ($0.double ?? 0) < ($1.double ?? 0) } ?? .null
    }

    private static func sum(_ field: String, _ deployments: [JSONObject]) -> JSONValue {
        let limits = deployments.compactMap { $0["litellm_params"]?[field]?.integer }
        guard !limits.isEmpty else { return .null }
        return .integer(limits.reduce(0) { $0.addingReportingOverflow($1).partialValue })
    }
}
