import Domain
import WireFormats

/// Replaces keys.
///
/// The new key takes over the alias, the rights and, by its lineage, the budget and what was spent of it. With a grace
/// period the old key works on until that ends; without one it is deleted in the same change.
struct KeyRegeneration: Sendable {
    let desk: Desk

    func regenerate(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let named = try call.read(KeyFields.regenerate, KeyDraft())
        guard let name = call.parameters["key"] ?? named.text else {
            throw .invalid("'key': is required", param: "key")
        }
        let secret =
            try named.newKey.map { (text) throws(GatewayError) in try KeySecret(chosen: text) }
            ?? KeySecret(random: self.desk.random)
        let taken = GatewayError.invalid("A key with this value or alias already exists.", param: "new_key")
        let rules = KeyRules(desk: self.desk, authority: Authority(self.desk, call))
        let key = try await self.desk.change(call, duplicate: taken) { (change) throws(GatewayError) in
            let old = try await self.desk.requireKey(name)
            var draft = KeyDraft(old.record)
            try KeyFields.regenerate.read(call.body, into: &draft)
            var key = draft.finished(at: call.now)
            try await rules.checkChange(of: old.record, to: key)
            try await rules.resolve(&key, since: old.record, &change)
            try self.retire(old, draft.gracePeriod, call.now, &change)
            return change.insert(Self.successor(of: old.record, key, secret), action: "regenerated")
        }
        var row = KeyGenerated.row(key, secret, at: call.now)
        let spent = try await self.desk.spent([key], now: call.now)[key.hash] ?? SpentAmounts()
        row["spend"] = .money(spent.current)
        row["total_spend"] = .money(spent.total)
        return Answer.json(row)
    }

    private static func successor(of old: VirtualKey, _ key: VirtualKey, _ secret: KeySecret) -> VirtualKey {
        var key = key
        key.hash = secret.hash
        key.name = secret.name
        key.replaces = old.hash
        key.lineage = old.account
        key.rotations = (old.rotations ?? 0) + 1
        return key
    }

    /// Ends the old key: at once, or when its grace is over.
    ///
    /// Its alias goes to the new one either way.
    private func retire(
        _ old: Versioned<VirtualKey>,
        _ grace: KeyDraft.Lifetime?,
        _ now: WallTime,
        _ change: inout Change
    ) throws(GatewayError) {
        guard case .lasting(let period)? = grace else {
            change.delete(old)
            return
        }
        var retired = old.record
        let end = period.end(from: now)
        retired.expiresAt = min(retired.expiresAt ?? end, end)
        retired.alias = nil
        change.update(old, to: retired, action: "regenerated")
    }
}
