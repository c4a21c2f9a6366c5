import Domain
import NIOCore
package import Policies
import Providers
package import Routing
import Synchronization

/// All configuration in force: immutable, built off the hot path, swapped whole.
package final class Snapshot: Sendable {
    package let version: Int
    package let models: ModelTable
    package let authentication: Authentication
    /// Who may call.
    package let directory: Directory
    package let settings: RequestSettings
    /// By ``Deployment/index``.
    let prepared: [PreparedDeployment]
    let facts: any ModelFacts
    /// The models to show, in order.
    let listing: [ListedModel]

    init(
        version: Int,
        models: ModelTable,
        authentication: Authentication,
        directory: Directory,
        settings: RequestSettings,
        prepared: [PreparedDeployment],
        facts: any ModelFacts
    ) {
        self.version = version
        self.models = models
        self.authentication = authentication
        self.directory = directory
        self.settings = settings
        self.prepared = prepared
        self.facts = facts
        self.listing = ModelListing(models: models, facts: facts).all()
    }

    private init(_ other: Snapshot, _ directory: Directory) {
        self.version = other.version + 1
        self.models = other.models
        self.authentication = other.authentication
        self.directory = directory
        self.settings = other.settings
        self.prepared = other.prepared
        self.facts = other.facts
        self.listing = other.listing
    }

    /// The same with other people.
    func replacing(_ directory: Directory) -> Snapshot { Snapshot(self, directory) }
}

/// How requests are read and answered, whoever makes them.
package struct RequestSettings: Sendable {
    /// `litellm_key_header_name`.
    package var keyHeader: String?
    /// The header that names the end user, besides LiteLLM's own: `user_header_name`.
    package var endUserHeader: String?
    /// The model of requests that name none: `completion_model`.
    package var defaultModel: String?
    /// Unit: bytes of a plain answer.
    package var maximumAnswer: Int
    package var maximumDepth: Int
    /// How long a stream may be silent before a comment is sent; zero for never.
    package var pingInterval: Duration
    package var alwaysIncludesStreamUsage: Bool
    /// Whether error bodies carry the call's id as `litellm_call_id`.
    package var includesCallIDInErrors: Bool
    package var cors: CORSPolicy

    package init() {
        self.maximumAnswer = 100_000_000
        self.maximumDepth = 512
        self.pingInterval = .seconds(15)
        self.alwaysIncludesStreamUsage = false
        self.includesCallIDInErrors = false
        self.cors = CORSPolicy()
    }
}

/// A deployment with all that can be made ready for its requests.
final class PreparedDeployment: Sendable {
    let deployment: Deployment
    let providerName: String
    /// `x-litellm-model-id` and the other answer headers that are always the same, as whole lines.
    let answerHeaders: ByteBuffer
    /// By operation: what is offered.
    let routes: [PreparedRoute?]
    /// The deployment answers by itself.
    let isMock: Bool
    /// It was added at run time.
    let isRuntime: Bool
    let prices: DeploymentPrices
    /// Its limits and its provider's, made when they are first asked for.
    private let limitSets = Mutex<[LimitSet]?>(nil)

    init(
        deployment: Deployment,
        providerName: String,
        answerHeaders: ByteBuffer,
        routes: [PreparedRoute?],
        isMock: Bool,
        isRuntime: Bool,
        prices: DeploymentPrices
    ) {
        self.deployment = deployment
        self.providerName = providerName
        self.answerHeaders = answerHeaders
        self.routes = routes
        self.isMock = isMock
        self.isRuntime = isRuntime
        self.prices = prices
    }

    /// What all calls of the deployment, and of its provider, count against.
    func limits(_ books: CallBooks, _ now: WallTime) -> [LimitSet] {
        self.limitSets.withLock { made in
            if let made { return made }
            var sets: [LimitSet] = []
            let values = LimitValues(self.deployment.settings.allowance)
            if !values.isEmpty {
                let subject = QuotaSubject(.deployment, self.deployment.id)
                sets.append(books.quotas.limits(of: subject, label: self.deployment.group, values, at: now))
            }
            if let provider = books.providerLimits[self.deployment.provider] { sets.append(provider) }
            made = sets
            return sets
        }
    }

    func route(for operation: Operation) -> PreparedRoute? {
        self.routes[operation.index]
    }
}

/// One operation of one deployment.
struct PreparedRoute: Sendable {
    /// Request line and headers up to what differs from request to request; secret, as it holds the credentials.
    var requestHead: Secret<ByteBuffer>
    var translator: any CallTranslator
}

extension Operation {
    var index: Int {
        switch self {
        case .chatCompletions: 0
        case .completions: 1
        case .embeddings: 2
        }
    }
}
