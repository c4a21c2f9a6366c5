package import Domain

/// Settings that apply to every call: `litellm_settings`.
package struct LibrarySettings: Sendable, Equatable {
    /// Leaves out parameters a provider does not take, instead of refusing the request.
    package var dropParams = false
    package var modifyParams = false
    package var requestTimeout: Duration?
    package var numRetries: Int?
    package var allowedFails: Int?
    /// Alias to `provider/model` or group, in order.
    package var modelAliases: [ModelAlias] = []
    package var ssePingInterval: Duration?
    package var anthropicSSEPingInterval: Duration?
    package var jsonLogs = false
    package var verbose = false
    package var tlsVerification: TLSVerification = .system
    /// A client certificate's file.
    package var clientCertificate: String?
    package var includesCostInStreamingUsage = false
    package var exposesRouterDebugInErrors = true

    package var costTracking = true
    package var turnsOffMessageLogging = false
    package var redactsKeyInfo = false
    /// The budget of the whole gateway.
    package var maxBudget: NanoDollars?
    package var budgetDuration: BudgetPeriod?
    /// The budget of each end user who has none of their own.
    package var maxEndUserBudget: NanoDollars?
    package var budgetExceededStatusCode: Int?
    package var requiresKeyForMetrics: Bool?

    package init() {}
}

package struct ModelAlias: Sendable, Equatable {
    package var alias: String
    package var model: String

    package init(alias: String, model: String) {
        self.alias = alias
        self.model = model
    }
}

/// How certificates of upstream servers are checked: `ssl_verify`.
package enum TLSVerification: Sendable, Equatable {
    case system
    case off
    /// Against the certificates in this file.
    case certificates(file: String)
}
