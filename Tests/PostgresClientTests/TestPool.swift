import PostgresClient
import TestSupport

/// Runs a test with a pool to a database of its own on the shared server, and closes it.
func withPool(
    parameters: String = "",
    change: (inout PostgresOptions) -> Void = { _ in },
    body: (PostgresPool) async throws -> Void
) async throws {
    let server = try PostgresServer.shared()
    var options = PostgresOptions(
        try PostgresURL(server.url(database: try server.makeDatabase(), parameters: parameters))
    )
    change(&options)
    try await withPool(options, body: body)
}

func withPool(_ options: PostgresOptions, body: (PostgresPool) async throws -> Void) async throws {
    let pool = PostgresPool(options)
    do {
        try await body(pool)
    } catch {
        await pool.close(grace: .zero)
        throw error
    }
    await pool.close()
}

extension PostgresPool {
    /// The kind of error that a statement fails with; nil when it does not.
    func failure(of sql: String, _ values: [PostgresValue] = [], within timeout: Duration? = nil) async
        -> PostgresError?
    {
        do {
            _ = try await self.withConnection(within: timeout) { connection throws(PostgresError) in
                try connection.run(sql, values)
            }
            return nil
        } catch {
            return error
        }
    }

    func integer(_ sql: String, _ values: [PostgresValue] = []) async throws -> Int64 {
        try await self.withConnection { connection throws(PostgresError) in
            try connection.query(sql, values)[0].integer(0)
        }
    }
}
