import Domain
import WireFormats

/// Finding keys, and what goes with them.
extension Desk {
    /// The hash of a key that was named by itself or by its hash.
    static func hash(ofKey text: String) -> KeyHash {
        KeyHash(hex: text) ?? KeyHash(of: text)
    }

    func key(_ text: String) async throws(GatewayError) -> Versioned<VirtualKey>? {
        try await self.find(VirtualKey.self, Self.hash(ofKey: text).hex)
    }

    /// The key that was named by itself, its hash or its alias.
    ///
    /// - Throws: 404 in LiteLLM's words.
    func requireKey(_ text: String, _ message: String = "Key not found.") async throws(GatewayError) -> Versioned<
        VirtualKey
    > {
        guard let key = try await self.key(text) else { throw .missing(message, param: "key") }
        return key
    }

    func key(alias: String) async throws(GatewayError) -> Versioned<VirtualKey>? {
        var query = RecordQuery()
        query.alias = alias
        query.size = 1
        return try await self.list(VirtualKey.self, query).items.first
    }

    static func aliasTaken(_ alias: String) -> GatewayError {
        .invalid(
            "Key with alias '\(FieldValue.shown(alias))' already exists. Unique key aliases across all keys are required.",
            param: "key_alias"
        )
    }

    /// What keys have spent: a regenerated key goes on with what the line that it continues has spent.
    func spent(_ keys: [VirtualKey], now: WallTime) async throws(GatewayError) -> [KeyHash: SpentAmounts] {
        var allowances: [VirtualKey] = []
        let budgets = try await self.find(Budget.self, ids: Array(Set(keys.compactMap(\.budgetID))))
        for var key in keys {
            if let id = key.budgetID, let shared = budgets[id]?.allowance {
                key.allowance.budgetPeriod = key.allowance.budgetPeriod ?? shared.budgetPeriod
            }
            allowances.append(key)
        }
        let spent = try await self.spent(.key, allowances.map { ($0.account.hex, $0.allowance) }, now: now)
        var result: [KeyHash: SpentAmounts] = [:]
        for key in keys { result[key.hash] = spent[key.account.hex] }
        return result
    }

    func row(_ key: VirtualKey, now: WallTime) async throws(GatewayError) -> JSONObject {
        KeyRow.write(key, try await self.spent([key], now: now)[key.hash] ?? SpentAmounts(), at: now)
    }

    func rows(_ keys: [VirtualKey], now: WallTime) async throws(GatewayError) -> [JSONValue] {
        let spent = try await self.spent(keys, now: now)
        return keys.map { .object(KeyRow.write($0, spent[$0.hash] ?? SpentAmounts(), at: now)) }
    }
}
