package import Domain
package import PostgresClient

/// A PostgreSQL database behind a pool of connections.
///
/// Nothing is connected before the first call, and a connection that broke is made again by a later one, so a server
/// that is away stops nothing but the calls that need it.
package final class PostgresDatabase: SQLDatabase {
    private let pool: PostgresPool

    package var dialect: SQLDialect { .postgres }

    package init(_ options: PostgresOptions) {
        self.pool = PostgresPool(options)
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try await self.transaction(.readOnly, body)
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try await self.transaction(.readWrite, body)
    }

    package func close() async {
        await self.pool.close()
    }

    private func transaction<Result: Sendable>(
        _ mode: PostgresTransactionMode,
        _ body: @escaping @Sendable (any SQLSession) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        do throws(PostgresTransactionError<StoreError>) {
            return try await self.pool.transaction(mode) { connection throws(StoreError) in
                try body(PostgresSession(connection))
            }
        } catch {
            switch error {
            case .database(let error): throw StoreError(postgres: error)
            case .body(let error): throw error
            }
        }
    }
}
