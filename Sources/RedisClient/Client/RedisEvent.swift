/// What an operator wants to know of a server; told once for each change, never for each call.
package enum RedisEvent: Sendable, Equatable {
    case connected(RedisEndpoint)
    /// The connection ended, or could not be made; told again only after it stood.
    case disconnected(RedisEndpoint, RedisError)
    /// The server did not answer in time some times in a row and is not asked for now.
    case suspended(RedisEndpoint)
    /// It answers again.
    case resumed(RedisEndpoint)
    /// Sentinels name another master than before.
    case masterChanged(RedisEndpoint)
    /// No Sentinel, or no node of the cluster, says where the servers are.
    case noDirections(RedisError)
}
