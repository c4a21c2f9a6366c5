/// A connection on its way between a pool's list and the thread that uses it.
// Unchecked: it is either in the list of idle ones, under the pool's lock, or with the one thread that took it out.
struct LentConnection: @unchecked Sendable {
    let connection: PostgresConnection
}
