package import NIOCore

/// A Redis server, a master behind Sentinels, or a cluster: commands go in, answers come out, by their deadline.
///
/// Connects by itself, and again when a connection is lost. A call never waits for a server that is known not to answer:
/// it fails at once. All connections live on one event loop; any thread may call.
package final class RedisClient: Sendable {
    private let loop: any EventLoop
    private let router: NIOLoopBoundBox<(any Router)?>

    /// `tell` hears of changes, on the event loop; it must not block.
    ///
    /// - Throws: `RedisError` when TLS cannot be set up.
    package init(
        _ configuration: RedisConfiguration,
        on loop: any EventLoop,
        tell: @escaping @Sendable (RedisEvent) -> Void
    ) throws(RedisError) {
        self.loop = loop
        var recipe = RedisConnection.Recipe(
            credentials: configuration.credentials,
            clientName: configuration.clientName,
            timing: configuration.timing
        )
        recipe.tls = try configuration.tls?.context()
        var sentinelRecipe = recipe
        sentinelRecipe.credentials = configuration.sentinelCredentials
        if case .cluster = configuration.topology {} else { recipe.database = configuration.database }
        let box = NIOLoopBoundBox<(any Router)?>.makeEmptyBox(valueType: (any Router).self, eventLoop: loop)
        self.router = box
        loop.execute { [recipe, sentinelRecipe] in
            let maker = LinkMaker(configuration: configuration, recipe: recipe, loop: loop, tell: tell)
            let router: any Router =
                switch configuration.topology {
                case .single(let endpoint): SingleRouter(endpoint, maker)
                case .sentinel(let addresses, let name): SentinelRouter(addresses, name: name, sentinelRecipe, maker)
                case .cluster(let seeds): ClusterRouter(seeds, maker)
                }
            box.value = router
            router.start()
        }
    }

    /// Sends a command; the call's completion hears how it ended, by its deadline.
    package func send(_ call: RedisCall) {
        let router = self.router
        if self.loop.inEventLoop { return Self.send(call, router) }
        self.loop.execute { Self.send(call, router) }
    }

    private static func send(_ call: RedisCall, _ router: NIOLoopBoundBox<(any Router)?>) {
        guard let router = router.value else { return call.completion(.failure(.closed)) }
        router.send(call)
    }

    /// Sends a command and waits for its answer.
    ///
    /// - Throws: `RedisError`, `.timedOut` after `limit`.
    package func send(_ command: RedisCommand, within limit: Duration) async throws(RedisError) -> RedisReply {
        let deadline = NIODeadline.now() + TimeAmount(limit)
        let outcome = await withCheckedContinuation { (continuation: CheckedContinuation<RedisCall.Outcome, Never>) in
            self.send(RedisCall(command, deadline: deadline) { continuation.resume(returning: $0) })
        }
        return try outcome.get()
    }

    /// Runs a script by its digest, and by its text where the server does not have it yet.
    ///
    /// `late` hears the answer that came after the deadline, if one does.
    ///
    /// - Returns: the script's answer.
    /// - Throws: `RedisError`, `.timedOut` after `limit`.
    package func run(
        _ script: RedisScript,
        keys: [String],
        arguments: [RedisCommand.Word],
        within limit: Duration,
        late: (@Sendable (RedisReply) -> Void)? = nil
    ) async throws(RedisError) -> RedisReply {
        let deadline = NIODeadline.now() + TimeAmount(limit)
        let outcome = await self.run(script.byDigest(keys: keys, arguments: arguments), deadline, late)
        guard case .failure(.server(let error)) = outcome, error.code == "NOSCRIPT" else { return try outcome.get() }
        return try await self.run(script.bySource(keys: keys, arguments: arguments), deadline, late).get()
    }

    private func run(
        _ command: RedisCommand,
        _ deadline: NIODeadline,
        _ late: (@Sendable (RedisReply) -> Void)?
    ) async -> RedisCall.Outcome {
        await withCheckedContinuation { (continuation: CheckedContinuation<RedisCall.Outcome, Never>) in
            var call = RedisCall(command, deadline: deadline, lane: 0) { continuation.resume(returning: $0) }
            if let late {
                call.afterTimeout = { outcome in if case .success(let reply) = outcome { late(reply) } }
            }
            self.send(call)
        }
    }

    /// Waits until commands can be sent, for `limit` at most.
    ///
    /// - Returns: whether they can.
    package func ready(within limit: Duration) async -> Bool {
        let end = NIODeadline.now() + TimeAmount(limit)
        let router = self.router
        while NIODeadline.now() < end {
            let isReady = try? await self.loop.submit { router.value?.isReady ?? false }.get()
            if isReady == true { return true }
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return false }
        }
        return false
    }

    /// Ends all connections; commands that wait fail.
    package func close() {
        let router = self.router
        self.loop.execute {
            router.value?.close()
            router.value = nil
        }
    }
}
