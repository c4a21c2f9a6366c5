/// How a pool does, at a moment.
package struct PostgresPoolHealth: Sendable, Equatable {
    package var connections: Int
    package var idle: Int
    /// Jobs without a connection.
    package var waiting: Int
    /// Why there is no connection; nil when there is one, or none has been tried.
    package var outage: PostgresError?
}
