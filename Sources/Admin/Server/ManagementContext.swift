import Domain
import FoundationEssentials
import Hummingbird
import Logging

/// What Hummingbird carries beside a request: the request as the data plane handed it on.
struct ManagementContext: RequestContext {
    struct Source: RequestContextSource {
        let request: ManagementRequest
        let query: QueryText
        let now: WallTime
        let logger: Logger
    }

    var coreContext: CoreRequestContextStorage
    let request: ManagementRequest
    let query: QueryText
    let now: WallTime

    init(source: Source) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.request = source.request
        self.query = source.query
        self.now = source.now
    }
}
