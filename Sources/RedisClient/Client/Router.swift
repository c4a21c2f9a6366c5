import NIOCore

/// Knows which server a command belongs to.
///
/// Used on its event loop only.
protocol Router: AnyObject {
    /// Whether a command without a key would be sent now.
    var isReady: Bool { get }
    func start()
    func send(_ call: RedisCall)
    func close()
}

/// What routers make their links from.
struct LinkMaker {
    let configuration: RedisConfiguration
    let recipe: RedisConnection.Recipe
    let loop: any EventLoop
    let tell: (RedisEvent) -> Void

    func link(_ endpoint: RedisEndpoint) -> NodeLink {
        let link = NodeLink(
            endpoint,
            self.recipe,
            connections: self.configuration.connections,
            on: self.loop,
            tell: self.tell
        )
        link.connect()
        return link
    }
}

/// Everything goes to one server.
final class SingleRouter: Router {
    private let maker: LinkMaker
    private let endpoint: RedisEndpoint
    private var link: NodeLink?

    init(_ endpoint: RedisEndpoint, _ maker: LinkMaker) {
        self.endpoint = endpoint
        self.maker = maker
    }

    var isReady: Bool { self.link?.isReady ?? false }

    func start() { self.link = self.maker.link(self.endpoint) }

    func send(_ call: RedisCall) {
        guard let link = self.link else { return call.completion(.failure(.notConnected)) }
        link.send(call)
    }

    func close() { self.link?.close() }
}
