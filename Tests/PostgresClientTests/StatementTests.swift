import PostgresClient
import TestSupport
import Testing

@Suite struct StatementTests {
    @Test func statementsAreKeptByTextAndBounded() async throws {
        try await withPool(change: {
            $0.statementLimit = 8; $0.size = 1
        }) { pool in
            try await pool.withConnection { connection throws(PostgresError) in
                for round in 0..<3 {
                    for index in 0..<20 {
                        let rows = try connection.query("SELECT $1 + \(index)", [.integer(Int64(round))])
                        #expect(rows[0].integer(0) == Int64(round + index))
                    }
                }
                #expect(connection.keptStatements == 8)
                let prepared = try connection.query("SELECT count(*) FROM pg_prepared_statements")
                #expect(prepared[0].integer(0) == 8)
            }
        }
    }

    @Test func poolersGetNoPreparedStatements() async throws {
        try await withPool(parameters: "pgbouncer=true") { pool in
            try await pool.withConnection { connection throws(PostgresError) in
                #expect(try connection.query("SELECT CAST($1 AS TEXT)", ["a"])[0].text(0) == "a")
                #expect(try connection.query("SELECT count(*) FROM pg_prepared_statements")[0].integer(0) == 0)
            }
        }
    }

    @Test func aStatementWhoseTableWasAlteredIsPreparedAgain() async throws {
        try await withPool(change: { $0.size = 1 }) { pool in
            let read = { @Sendable (connection: PostgresConnection) throws(PostgresError) in
                try connection.query("SELECT * FROM a").columns
            }
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.execute("CREATE TABLE a (x BIGINT)")
            }
            #expect(try await pool.transaction(.readOnly, read) == 1)
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.execute("ALTER TABLE a ADD COLUMN y BIGINT")
            }
            #expect(try await pool.transaction(.readOnly, read) == 2)
        }
    }

    @Test func rowsAreStreamedAndTheRestIsDropped() async throws {
        try await withPool(change: { $0.size = 1 }) { pool in
            try await pool.withConnection { connection throws(PostgresError) in
                var sum: Int64 = 0
                try connection.stream("SELECT n FROM generate_series(1, $1) AS s(n)", [100_000]) { row in
                    sum += row.integer(0)
                    return true
                }
                #expect(sum == 5_000_050_000)
                var seen = 0
                try connection.stream("SELECT n FROM generate_series(1, $1) AS s(n)", [100_000]) { _ in
                    seen += 1
                    return seen < 3
                }
                #expect(seen == 3)
                #expect(try connection.query("SELECT 5")[0].integer(0) == 5)
            }
        }
    }

    @Test func anErrorInTheMiddleOfAStreamIsThrown() async throws {
        try await withPool { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection throws(PostgresError) in
                    try connection.stream("SELECT 100 / (5000 - n) FROM generate_series(1, 10000) AS s(n)") { _ in true
                    }
                }
            }
            #expect(error?.sqlState == "22012")
        }
    }

    @Test func constraintsAreNamedAndValuesAreNot() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.execute(
                    """
                    CREATE TABLE parent (id TEXT CONSTRAINT parent_id PRIMARY KEY);
                    CREATE TABLE child (id TEXT CONSTRAINT child_parent REFERENCES parent (id), n BIGINT);
                    """
                )
                #expect(try connection.run("INSERT INTO parent VALUES ($1), ('b')", ["canary"]) == 2)
            }
            let duplicate = await pool.failure(of: "INSERT INTO parent VALUES ($1)", ["canary"])
            #expect(duplicate?.kind == .duplicate)
            #expect(duplicate?.constraint == "parent_id")
            let orphan = await pool.failure(of: "INSERT INTO child VALUES ($1)", ["canary-child"])
            #expect(orphan?.kind == .foreignKey)
            #expect(orphan?.constraint == "child_parent")
            let misfit = await pool.failure(of: "INSERT INTO child (n) VALUES ($1)", ["canary"])
            #expect(misfit?.sqlState == "22P02")
            let unknown = await pool.failure(of: "SELECT * FROM nowhere")
            #expect(unknown?.kind == .other)
            #expect(unknown?.message.contains("nowhere") == true)
            for error in [duplicate, orphan, misfit] {
                #expect("\(String(describing: error))".contains("canary") == false)
            }
            #expect(try await pool.integer("SELECT count(*) FROM parent") == 2)
        }
    }

    @Test func whatTheProtocolCannotCarryIsRefused() async throws {
        try await withPool { pool in
            #expect(await pool.failure(of: "SELECT 1\u{0}")?.kind == .other)
            #expect(await pool.failure(of: "")?.kind == .other)
            #expect(await pool.failure(of: "SELECT 1", Array(repeating: .null, count: 65536))?.kind == .other)
            #expect(await pool.failure(of: "SELECT $1, $2", ["a"]) != nil)
            #expect(await pool.failure(of: "COPY (SELECT 1) TO STDOUT")?.message == "COPY is not supported")
            let one = try await pool.integer("SELECT 1")
            #expect(one == 1)
        }
    }

    @Test func aTransactionIsAllOrNothing() async throws {
        struct Refusal: Error {}
        try await withPool { pool in
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.execute("CREATE TABLE t (n BIGINT PRIMARY KEY)")
            }
            await #expect(throws: PostgresTransactionError<Refusal>.self) {
                try await pool.transaction { connection throws(Refusal) in
                    do throws(PostgresError) { try connection.run("INSERT INTO t VALUES (1)") } catch {
                        throw Refusal()
                    }
                    throw Refusal()
                }
            }
            #expect(try await pool.integer("SELECT count(*) FROM t") == 0)
            // A closure that hides a failure does not get a commit of nothing.
            let error = await #expect(throws: PostgresTransactionError<Refusal>.self) {
                try await pool.transaction { connection throws(Refusal) in
                    do throws(PostgresError) {
                        try connection.run("INSERT INTO t VALUES (1)")
                        try connection.run("INSERT INTO t VALUES (1)")
                    } catch {}
                }
            }
            guard case .database(let failure)? = error else { Issue.record("not the database's failure"); return }
            #expect(failure.kind == .duplicate)
            #expect(try await pool.integer("SELECT count(*) FROM t") == 0)
            // A transaction that a job leaves open does not reach the next.
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.begin()
                try connection.run("INSERT INTO t VALUES (2)")
            }
            #expect(try await pool.integer("SELECT count(*) FROM t") == 0)
            let refused = await #expect(throws: PostgresTransactionError<PostgresError>.self) {
                try await pool.transaction(.readOnly) { connection throws(PostgresError) in
                    try connection.run("INSERT INTO t VALUES (1)")
                }
            }
            #expect(refused != nil)
        }
    }
}
