package import Domain

/// The proxy's own settings: `general_settings`.
package struct GeneralSettings: Sendable, Equatable {
    /// The administrator's key; from `LITELLM_MASTER_KEY` when the file has none.
    package var masterKey: Secret<String>?
    /// No warning about a weak or missing master key.
    package var permitsWeakMasterKey = false
    /// From `DATABASE_URL` when the file has none.
    package var database: DatabaseLocation?
    /// Connections to the database; nil leaves it to the store.
    package var databasePoolSize: Int?
    /// Whether calls are served while the database cannot be asked about their key.
    package var allowsRequestsWithoutDatabase = false
    /// What secrets in the database are sealed with; from `MARTLET_SALT_KEY` or `LITELLM_SALT_KEY` when the file has none.
    package var saltKey: Secret<String>?
    /// No record for each call; what was spent is booked all the same.
    package var disablesSpendLogs = false
    package var budgetMode: BudgetMode = .standard
    /// How long records of calls are kept; nil for ever.
    package var retentionPeriod: Duration?
    /// How many records of calls are kept; nil for all.
    package var retentionRecords: Int?
    /// From `LITELLM_LOG` or `LITELLM_LOG_LEVEL` when the file has none.
    package var logLevel: LogLevel?
    /// MiB, as in LiteLLM.
    package var maxRequestSizeMB: Int?
    package var maxResponseSizeMB: Int?
    /// The header that holds the caller's key, in place of `Authorization`.
    package var keyHeaderName: String?
    /// The header that names the end user a call is for.
    package var userHeaderName: String?
    /// The model of a request that names none.
    package var completionModel: String?
    package var allowsClientSideCredentials = false
    package var forwardsClientHeaders = false
    package var forwardsOpenAIOrganization = false
    package var alwaysIncludesStreamUsage = false
    package var cancelsOnDisconnect = false
    package var includesCallIDInErrorBody = false

    /// Requests and tokens a minute for the whole gateway.
    package var globalMaxRPM: Int?
    package var globalMaxTPM: Int?
    package var globalMaxParallelRequests: Int?
    package var maxParallelRequests: Int?

    package init() {}
}

/// How strictly budgets hold: `budget_mode`.
package enum BudgetMode: String, Sendable, Equatable, CaseIterable {
    /// Calls in flight may pass a budget by what they cost.
    case standard = "default"
    /// What a call may cost is reserved before it starts.
    case strict
}

package enum LogLevel: String, Sendable, Equatable, CaseIterable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical
}

/// Where the database is.
package struct DatabaseLocation: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case sqlite
        case postgres
    }

    package var kind: Kind
    /// The URL as given; it may hold a password.
    package var url: Secret<String>

    /// Nil when the URL's scheme is that of no database Martlet knows.
    package init?(url: String) {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard url.utf8.count > scheme.utf8.count else { return nil }
        switch scheme {
        case "sqlite": self.kind = .sqlite
        case "postgres", "postgresql": self.kind = .postgres
        default: return nil
        }
        self.url = Secret(url)
    }

    /// The URL without user and password: `postgresql://***@db:5432/litellm`.
    package var masked: String {
        Self.masked(self.url.reveal())
    }

    static func masked(_ url: String) -> String {
        guard let schemeEnd = url.firstRange(of: "://") else { return "***" }
        let rest = url[schemeEnd.upperBound...].prefix { $0 != "?" }
        guard let at = rest.lastIndex(of: "@") else { return String(url[..<rest.endIndex]) }
        return url[..<schemeEnd.upperBound] + "***" + rest[at...]
    }
}
