package import Domain
import NIOCore
import NIOPosix
import NIOSSL

/// A lane's pools, one for each origin.
///
/// Lane-confined.
package final class UpstreamPools {
    private let settings: UpstreamSettings
    private var pools: [Origin: UpstreamPool] = [:]

    package init(settings: UpstreamSettings) {
        self.settings = settings
    }

    package func pool(for origin: Origin, lane: Lane) -> UpstreamPool {
        if let pool = self.pools[origin] { return pool }
        let pool = UpstreamPool(origin: origin, lane: lane, settings: self.settings)
        self.pools[origin] = pool
        return pool
    }
}

/// The connections of one lane to one origin.
///
/// Lane-confined.
///
/// The connection used last is used first, so that those that are not needed grow old and close.
package final class UpstreamPool: @unchecked Sendable {
    // Unchecked: confined to `lane`'s loop, as Lane.swift says.
    private let origin: Origin
    private let lane: Lane
    private let settings: UpstreamSettings
    private var idle: [UpstreamConnection] = []
    private var count = 0
    private var waiters: [UnsafeContinuation<Void, Never>] = []

    init(origin: Origin, lane: Lane, settings: UpstreamSettings) {
        self.origin = origin
        self.lane = lane
        self.settings = settings
    }

    /// A connection that is ready for a request: a kept one, or (always, if `fresh`) a new one.
    package func connection(
        connectTimeout: Duration,
        fresh: Bool = false
    ) async throws(UpstreamError) -> UpstreamConnection {
        // Set when there is something to wait for, which nearly no call has: the clock is not read for the others.
        var end: NIODeadline?
        while true {
            while !fresh, let connection = self.idle.popLast() {
                if connection.isUsable { return connection }
            }
            if self.settings.maximumConnections == 0 || self.count < self.settings.maximumConnections { break }
            let now = NIODeadline.now()
            let limit = end ?? now + TimeAmount(connectTimeout)
            guard now < limit else { throw .poolExhausted }
            end = limit
            await self.waitForRoom(connectTimeout)
        }
        return try await self.connect(connectTimeout)
    }

    /// Waits until a connection was given back or closed, or the time is over.
    private func waitForRoom(_ time: Duration) async {
        let timer = self.lane.loop.scheduleTask(in: TimeAmount(time)) { self.wakeAll() }
        await withUnsafeContinuation { self.waiters.append($0) }
        timer.cancel()
    }

    private func wakeAll() {
        let waiters = self.waiters
        self.waiters = []
        for waiter in waiters { waiter.resume() }
    }

    private func wakeOne() {
        guard !self.waiters.isEmpty else { return }
        self.waiters.removeFirst().resume()
    }

    func giveBack(_ connection: UpstreamConnection) {
        self.idle.append(connection)
        self.wakeOne()
    }

    func closed(_ connection: UpstreamConnection) {
        self.count -= 1
        self.idle.removeAll { $0 === connection }
        self.wakeOne()
    }

    private func connect(_ timeout: Duration) async throws(UpstreamError) -> UpstreamConnection {
        self.count += 1
        self.lane.counters.upstreamConnects += 1
        let lane = self.lane
        let connection = UpstreamConnection(
            lane: lane,
            pool: self,
            idleTime: self.settings.idleTime,
            isTLS: self.origin.isTLS
        )
        do {
            let tls = self.origin.isTLS ? try UpstreamTLS.context(self.origin.certificates) : nil
            let channel = try await self.open(connection, tls, timeout).get()
            guard channel.isActive else { throw connection.failure ?? .closedBeforeAnswer }
            return connection
        } catch {
            // A connection that was opened and then failed counts itself out when it closes.
            if !connection.wasOpened {
                self.count -= 1
                self.wakeOne()
            }
            throw UpstreamPool.describe(error)
        }
    }

    private func open(
        _ connection: UpstreamConnection,
        _ tls: NIOSSLContext?,
        _ timeout: Duration
    ) -> EventLoopFuture<any Channel> {
        let host = self.origin.host
        let bootstrap = ClientBootstrap(group: self.lane.loop)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connectTimeout(TimeAmount(timeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(UpstreamTLS.handler(tls, host: host)) }
                    try pipeline.addHandler(connection)
                }
            }
        // A literal address needs no resolver; names are resolved off the loop.
        if let address = try? SocketAddress(ipAddress: host, port: self.origin.port) {
            return bootstrap.connect(to: address)
        }
        return bootstrap.connect(host: host, port: self.origin.port)
    }

    private static func describe(_ error: any Error) -> UpstreamError {
        switch error {
        case let error as UpstreamError: error
        case is ChannelError: .connectTimeout
        case let error as NIOSSLError: .tls(reason: "\(error)")
        case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
            .connect(reason: "\(error.connectionErrors[0].error)")
        case let error as NIOConnectionError:
            .connect(reason: "the name '\(error.host)' could not be resolved")
        default: .connect(reason: "\(error)")
        }
    }
}
