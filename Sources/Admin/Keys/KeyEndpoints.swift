import Domain
import WireFormats

/// `/key/*`.
struct KeyEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] { self.making + self.changing + self.reading }

    private var making: [Route] {
        [
            Route(
                .post,
                "/key/generate",
                .keys,
                "Makes a key. It is shown in this answer only.",
                body: KeyFields.generate.descriptions,
                example:
                    #"{"key_alias":"ci","user_id":"user1","max_budget":10,"budget_duration":"30d","models":["gpt-4"]}"#,
                answer: "The record, and the key itself as 'key'.",
                handler: { (call) throws(GatewayError) in try await self.generate(call, needsTeam: false) }
            ),
            Route(
                .post,
                "/key/service-account/generate",
                .keys,
                "Makes a key that belongs to a team and to no user.",
                body: KeyFields.generate.descriptions,
                example: #"{"team_id":"team1","key_alias":"batch"}"#,
                answer: "The record, and the key itself as 'key'.",
                handler: { (call) throws(GatewayError) in try await self.generate(call, needsTeam: true) }
            ),
            self.regenerateRoute("/key/regenerate"),
            self.regenerateRoute("/key/{key}/regenerate"),
        ]
    }

    private func regenerateRoute(_ path: String) -> Route {
        Route(
            .post,
            path,
            .keys,
            "Replaces a key by another that goes on with its rights, budget and spend.",
            body: KeyFields.regenerate.descriptions,
            example: #"{"key":"sk-...","grace_period":"24h"}"#,
            answer: "The record, and the new key itself as 'key'.",
            handler: { (call) throws(GatewayError) in try await KeyRegeneration(desk: self.desk).regenerate(call) }
        )
    }

    private var changing: [Route] {
        let changes = KeyChanges(desk: self.desk)
        return [
            Route(
                .post,
                "/key/update",
                .keys,
                "Changes a key: absent fields stay, null takes away.",
                body: KeyFields.update.descriptions,
                example: #"{"key":"sk-...","rpm_limit":60,"max_budget":null}"#,
                handler: { (call) throws(GatewayError) in try await changes.update(call) }
            ),
            Route(
                .post,
                "/key/bulk_update",
                .keys,
                "Changes several keys, each as /key/update does, all or none.",
                body: KeyChanges.bulkFields.descriptions,
                example: #"{"keys":[{"key":"sk-...","max_budget":5}]}"#,
                answer: "total_requested, successful_updates, failed_updates.",
                handler: { (call) throws(GatewayError) in try await changes.bulkUpdate(call) }
            ),
            Route(
                .post,
                "/team/key/bulk_update",
                .keys,
                "Makes the same change to keys of a team, all or none.",
                body: KeyChanges.teamBulkFields.descriptions,
                example: #"{"team_id":"team1","update_fields":{"rpm_limit":60}}"#,
                answer: "total_requested, successful_updates, failed_updates.",
                handler: { (call) throws(GatewayError) in try await changes.teamBulkUpdate(call) }
            ),
            Route(
                .post,
                "/key/delete",
                .keys,
                "Deletes keys. What they spent stays in the ledger.",
                body: KeyNames.many.descriptions,
                example: #"{"keys":["sk-..."]}"#,
                answer: "deleted_keys.",
                handler: { (call) throws(GatewayError) in try await changes.delete(call) }
            ),
            Route(
                .post,
                "/key/block",
                .keys,
                "Blocks a key: it is refused from now on.",
                body: KeyNames.one.descriptions,
                example: #"{"key":"sk-..."}"#,
                handler: { (call) throws(GatewayError) in try await changes.block(call, true) }
            ),
            Route(
                .post,
                "/key/unblock",
                .keys,
                "Lets a blocked key work again.",
                body: KeyNames.one.descriptions,
                example: #"{"key":"sk-..."}"#,
                handler: { (call) throws(GatewayError) in try await changes.block(call, false) }
            ),
            Route(
                .post,
                "/key/{key}/reset_spend",
                .keys,
                "Begins the key's budget anew; the ledger keeps what was spent.",
                body: KeyChanges.resetFields.descriptions,
                example: #"{"reset_to":0}"#,
                answer: "key_hash, spend, previous_spend, max_budget, budget_reset_at.",
                handler: { (call) throws(GatewayError) in try await changes.resetSpend(call) }
            ),
        ]
    }

    private var reading: [Route] {
        let reading = KeyReading(desk: self.desk)
        return [
            Route(
                .get,
                "/key/info",
                .keys,
                "Tells about a key; without 'key' about the one that asks.",
                query: KeyNames.query.descriptions,
                answer: "key, info: the record with spend.",
                handler: { (call) throws(GatewayError) in try await reading.info(call) }
            ),
            Route(
                .post,
                "/v2/key/info",
                .keys,
                "Tells about several keys.",
                body: KeyNames.many.descriptions,
                example: #"{"keys":["sk-..."]}"#,
                answer: "key, info: the records.",
                handler: { (call) throws(GatewayError) in try await reading.infos(call) }
            ),
            Route(
                .get,
                "/key/list",
                .keys,
                "Lists keys, page by page.",
                query: KeyFilter.table.descriptions,
                answer: "keys (hashes, or records with return_full_object), total_count, current_page, total_pages.",
                handler: { (call) throws(GatewayError) in try await reading.list(call) }
            ),
            Route(
                .get,
                "/key/aliases",
                .keys,
                "Lists the aliases of keys.",
                query: KeyFilter.table.descriptions,
                answer: "aliases, total_count, current_page, total_pages, size.",
                handler: { (call) throws(GatewayError) in try await reading.aliases(call) }
            ),
            Route(
                .post,
                "/key/health",
                .keys,
                "Tells whether the key that asks is in order.",
                body: [],
                answer: "key: 'healthy'.",
                handler: { (call) throws(GatewayError) in
                    _ = try call.read(FieldTable<KeyNames>([]), KeyNames())
                    return Answer.json(["key": "healthy", "logging_callbacks": .null] as JSONValue)
                }
            ),
        ]
    }

    /// `needsTeam`: for service accounts, whose keys belong to no person.
    private func generate(_ call: ManagementCall, needsTeam: Bool) async throws(GatewayError) -> Answer {
        let draft = try call.read(KeyFields.generate, KeyDraft())
        var key = draft.finished(at: call.now)
        if needsTeam {
            guard key.teamID != nil else {
                throw .invalid("team_id is required for service account keys.", param: "team_id")
            }
            guard key.userID == nil else { throw .invalid("A service account key has no user.", param: "user_id") }
        }
        let secret =
            try draft.text.map { (text) throws(GatewayError) in try KeySecret(chosen: text) }
            ?? KeySecret(random: self.desk.random)
        key.hash = secret.hash
        key.name = secret.name
        let rules = KeyRules(desk: self.desk, authority: Authority(self.desk, call))
        try await rules.own(&key)
        if needsTeam { key.userID = nil }
        let taken = GatewayError.invalid("A key with this value or alias already exists.", param: "key")
        let wanted = key
        let made = try await self.desk.change(call, duplicate: taken) { (change) throws(GatewayError) in
            var key = wanted
            try await rules.resolve(&key, since: nil, &change)
            guard try await self.desk.find(VirtualKey.self, key.id) == nil else { throw taken }
            return change.insert(key)
        }
        return Answer.json(KeyGenerated.row(made, secret, at: call.now))
    }
}

/// The answer to the making of a key: LiteLLM's flat shape.
enum KeyGenerated {
    static func row(_ key: VirtualKey, _ secret: KeySecret, at now: WallTime) -> JSONObject {
        var row = JSONObject([("key", .text(secret.text.reveal()))])
        for member in KeyRow.write(key, SpentAmounts(), at: now).members { row.append(member.key, member.value) }
        row.append("token_id", .text(key.hash.hex))
        row.append("duration", .null)
        return row
    }
}
