import NIOCore
import NIOPosix
import Synchronization
import TestSupport

@testable import RedisClient

/// What a client told.
final class Told: Sendable {
    private let events = Mutex<[RedisEvent]>([])

    func add(_ event: RedisEvent) { self.events.withLock { $0.append(event) } }

    var all: [RedisEvent] { self.events.withLock { $0 } }
}

/// Runs a test with a client, and closes it; `servers` run until then.
func withClient(
    _ configuration: RedisConfiguration,
    of servers: RedisServer...,
    body: (RedisClient, Told) async throws -> Void
) async throws {
    let told = Told()
    var configuration = configuration
    configuration.timing.lastReconnect = min(configuration.timing.lastReconnect, .milliseconds(100))
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let client = try RedisClient(configuration, on: loop) { told.add($0) }
    defer { client.close() }
    try await body(client, told)
    for server in servers { withExtendedLifetime(server) {} }
}

/// Tries until `condition` holds, for ten seconds.
func eventually(_ condition: () async throws -> Bool) async -> Bool {
    for _ in 0..<500 {
        // A failure is what is waited out.
        if (try? await condition()) == true { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return false
}

extension RedisConfiguration {
    static func single(_ server: RedisServer) -> RedisConfiguration {
        RedisConfiguration(.single(RedisEndpoint(host: "127.0.0.1", port: server.port)))
    }
}

extension RedisClient {
    /// The answer; nil when there is none within a generous time.
    func ask(_ words: RedisCommand.Word..., key: String? = nil) async -> RedisReply? {
        try? await self.send(RedisCommand(words, key: key), within: .seconds(5))
    }

    func failure(of command: RedisCommand, within limit: Duration = .seconds(5)) async -> RedisError? {
        do {
            _ = try await self.send(command, within: limit)
            return nil
        } catch {
            return error
        }
    }
}
