package import NIOCore

/// The management plane as the data plane sees it: `Gateway` finds out who calls and hands the request on.
package protocol ManagementPlane: Sendable {
    /// Whether a path (without query, percent-encoded as it came) is one of management's.
    func owns(path: Substring) -> Bool
    /// Answers every request, if only with an error; runs outside the lanes.
    func answer(_ request: ManagementRequest) async -> ManagementAnswer
}

/// A request for the management plane.
package struct ManagementRequest: Sendable {
    package var method: String
    /// Path and query as they came.
    package var target: String
    package var headers: [(name: String, value: String)]
    package var body: ByteBuffer
    /// Nil where no valid key was shown: most routes then answer 401 by `refusal`.
    package var caller: ManagementCaller?
    /// Why there is no caller.
    package var refusal: GatewayError?
    /// The request's id, for errors and the audit.
    package var id: String
    /// The client's address, or `local` for the command line.
    package var origin: String

    package init(
        method: String,
        target: String,
        headers: [(name: String, value: String)] = [],
        body: ByteBuffer = ByteBuffer(),
        caller: ManagementCaller?,
        refusal: GatewayError? = nil,
        id: String,
        origin: String
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.caller = caller
        self.refusal = refusal
        self.id = id
        self.origin = origin
    }
}

/// Who manages.
package struct ManagementCaller: Sendable, Equatable {
    package enum Credential: Sendable, Equatable {
        /// The master key.
        case master
        /// A program on this machine that could open the database anyhow: `martlet keys ...`.
        case commandLine
        case key(KeyHash)
    }

    package var credential: Credential
    /// `default_user_id` for the master key, `cli` for the command line; a key's user, if it has one.
    package var userID: String?
    package var teamID: String?
    package var organizationID: String?
    /// Nil for a key without a user, or whose user has no role: LiteLLM's `unknown`.
    package var role: UserRole?
    /// What the key may call; nil for no such limit.
    package var allowedRoutes: [String]?
    /// `permissions` of the key.
    package var permissions: [String: Bool]

    package init(credential: Credential, userID: String?, role: UserRole?) {
        self.credential = credential
        self.userID = userID
        self.role = role
        self.permissions = [:]
    }
}

package struct ManagementAnswer: Sendable {
    package var status: Int
    /// Names in lower case; `content-type` among them where there is a body.
    package var headers: [(name: String, value: String)]
    package var body: ByteBuffer

    package init(status: Int, headers: [(name: String, value: String)], body: ByteBuffer) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What management needs to know of the running gateway.
///
/// Without one (the command line), the store alone speaks.
package protocol GatewayState: Sendable {
    /// Returns when requests see the change of this number (or it is certain that they will, soon).
    func catchUp(to revision: Int64) async
    /// What counts against a subject's budget right now, reservations left out; nil when nothing is known in memory.
    func liveSpend(_ kind: SubjectKind, _ id: String) -> NanoDollars?
    /// Forgets what was spent in the current window, as `resetAt` of the stored allowance says from now on.
    func resetSpend(_ kind: SubjectKind, _ id: String) async
    /// The model groups on offer, wildcards as patterns, with the access groups each belongs to.
    var modelGroups: [(name: String, accessGroups: [String])] { get }
    /// Deployments that the file declares: their ids. Such a model cannot be changed at run time.
    var declaredModelIDs: Set<String> { get }
    /// Each deployment in LiteLLM's shape (`model_name`, `litellm_params` without secrets, `model_info`), as JSON texts,
    /// for the groups that `models` allows; nil allows all.
    func modelInfo(_ isAllowed: (String) -> Bool) -> [ByteBuffer]
    /// Whether a deployment of these `litellm_params` and this `model_info` (JSON objects) could be served.
    ///
    /// - Throws: `badRequest` saying what is wrong with which field.
    func checkModel(name: String, parameters: ByteBuffer, info: ByteBuffer?) throws(GatewayError)
    /// The price of a call, by the prices in force; nil when no price is known.
    func price(model: String, usage: TokenUsage) -> CallCost?
    /// Tokens that a request's input may have, erring high.
    func estimateInput(_ body: ByteBuffer) -> Int
    /// Settings that answers tell of, such as `max_budget` of the whole gateway.
    var globalBudget: NanoDollars? { get }
}

/// Seals what must not lie open in the database.
///
/// Each purpose has a key of its own.
package protocol Sealer: Sendable {
    /// The text sealed, in base64; nil where there is no key to seal with.
    func seal(_ text: String, purpose: String) -> String?
    /// Nil when it was sealed with another key, for another purpose, or was changed.
    func open(_ sealed: String, purpose: String) -> Secret<String>?
}
