import Domain
import Gateway
internal import Logging
import Policies
import Settings
import Stores
import Transport

/// What seals secrets: the salt key, or the master key where there is none, as in LiteLLM.
enum Sealing {
    static func sealer(_ general: GeneralSettings) -> any Sealer {
        self.key(general).map { SecretSealer($0) } ?? NoSealer()
    }

    /// Keeps the last good state; nil where there is no key to seal it with.
    static func keeper(
        _ general: GeneralSettings,
        _ data: DataDirectory,
        _ quotas: Quotas,
        _ clock: SystemClock,
        _ logger: Logger
    ) -> LastGoodKeeper? {
        guard let key = self.key(general) else { return nil }
        let file = LastGoodFile(
            path: data.lastGood,
            spendPath: data.lastSpend,
            key: key,
            database: general.database?.masked ?? "sqlite"
        )
        return LastGoodKeeper(file, quotas: quotas, clock: clock, logger: logger)
    }

    private static func key(_ general: GeneralSettings) -> SealingKey? {
        (general.saltKey ?? general.masterKey).map { SealingKey($0) }
    }
}

/// Stands in where there is no key to seal with.
private struct NoSealer: Sealer {
    func seal(_ text: String, purpose: String) -> String? { nil }
    func open(_ sealed: String, purpose: String) -> Secret<String>? { nil }
}
