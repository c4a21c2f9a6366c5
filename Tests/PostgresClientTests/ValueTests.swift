import PostgresClient
import TestSupport
import Testing

@Suite struct ValueTests {
    @Test func valuesOfEveryTypeComeBackAsTheyWent() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection throws(PostgresError) in
                try connection.execute("CREATE TABLE v (n BIGINT, t TEXT, b BYTEA)")
            }
            var random = SeededRandom(seed: 1)
            let values = (0..<300).map { index in
                let text = index == 299 ? String(repeating: "aé🦉", count: 150_000) : Self.text(&random)
                return (
                    integer: [Int64.min, .max, 0, -1, Int64.random(in: .min ... .max, using: &random)].randomElement(
                        using: &random
                    )!,
                    text: text, bytes: Array(text.utf8).map { $0 &* 31 }
                )
            }
            let found = try await pool.transaction { connection throws(PostgresError) in
                var found: [(Int64, String, [UInt8])] = []
                for value in values {
                    let rows = try connection.query(
                        "INSERT INTO v VALUES ($1, $2, $3) RETURNING n, t, b",
                        [.integer(value.integer), .text(value.text), .bytes(value.bytes)]
                    )
                    found.append((rows[0].integer(0), rows[0].text(1), rows[0].withBytes(2) { Array($0) }))
                }
                return found
            }
            for (value, found) in zip(values, found) {
                #expect(value.integer == found.0)
                #expect(value.text == found.1)
                #expect(value.bytes == found.2)
            }
        }
    }

    @Test func arraysBecomeRows() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection throws(PostgresError) in
                var integers = PostgresArray(of: .integer)
                var texts = PostgresArray(of: .text)
                var blobs = PostgresArray(of: .bytes)
                for index in 0..<1000 {
                    if index % 7 == 0 { integers.appendNull() } else { integers.append(Int64(index) << 33) }
                    if index % 5 == 0 { texts.appendNull() } else { texts.append("🦉{\"\(index)\\") }
                    blobs.append([UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 40))
                }
                let rows = try connection.query(
                    "SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[]), CAST($3 AS BYTEA[]))",
                    [.array(integers), .array(texts), .array(blobs)]
                )
                #expect(rows.count == 1000)
                for index in 0..<rows.count {
                    #expect(rows[index].isNull(0) == (index % 7 == 0))
                    #expect(rows[index].integer(0) == (index % 7 == 0 ? 0 : Int64(index) << 33))
                    #expect(rows[index].isNull(1) == (index % 5 == 0))
                    #expect(rows[index].text(1) == (index % 5 == 0 ? "" : "🦉{\"\(index)\\"))
                    #expect(rows[index].withBytes(2) { $0.count } == index % 40)
                }
                let none = try connection.query(
                    "SELECT * FROM unnest(CAST($1 AS BIGINT[]))",
                    [.array(PostgresArray(of: .integer))]
                )
                #expect(none.count == 0)
            }
        }
    }

    @Test func integersAreReadFromEveryNumericType() async throws {
        let expressions: [(String, Int64)] = [
            ("7::smallint", 7), ("-7::int", -7), ("true", 1), ("false", 0), ("4000000000::oid", 4_000_000_000),
            ("2.9::float8", 2), ("-2.5::float4", -2), ("'NaN'::float8", 0), ("'Infinity'::float8", .max),
            ("123456789012345678::numeric", 123_456_789_012_345_678), ("-12345.678::numeric", -12345),
            ("0.0001::numeric", 0), ("10000::numeric", 10000), ("100000000::numeric", 100_000_000),
            ("9223372036854775807::numeric", .max), ("-9223372036854775808::numeric", .min),
            ("9223372036854775808::numeric", .max), ("-1e30::numeric", .min), ("'42'::text", 42), ("'x'::text", 0),
            ("NULL::bigint", 0), ("'NaN'::numeric", 0),
        ]
        try await withPool { pool in
            let found = try await pool.withConnection { connection throws(PostgresError) in
                let rows = try connection.query("SELECT \(expressions.map(\.0).joined(separator: ", "))")
                return (0..<expressions.count).map { rows[0].integer($0) }
            }
            for (expression, found) in zip(expressions, found) { #expect(found == expression.1, "\(expression.0)") }
        }
    }

    @Test func textsAreReadFromOtherTypes() async throws {
        try await withPool { pool in
            let found = try await pool.withConnection { connection throws(PostgresError) in
                let rows = try connection.query(
                    "SELECT 12::bigint, 'a'::varchar, 'n'::name, '{\"a\": 1}'::json, '{\"a\": 1}'::jsonb, NULL, 1.5::numeric"
                )
                return (0..<9).map { rows[0].text($0) }
            }
            #expect(found == ["12", "a", "n", "{\"a\": 1}", "{\"a\": 1}", "", "1", "", ""])
        }
    }

    @Test func aTextWithNULIsRefusedByType() async throws {
        try await withPool { pool in
            #expect(await pool.failure(of: "SELECT CAST($1 AS TEXT)", ["a\u{0}b"])?.kind == .unstorableText)
            var texts = PostgresArray(of: .text)
            texts.append("secret\u{0}b")
            let error = await pool.failure(of: "SELECT CAST($1 AS TEXT[])", [.array(texts)])
            #expect(error?.kind == .unstorableText)
            #expect(error?.message.contains("secret") == false)
            // The connection is as good as before.
            let one = try await pool.integer("SELECT 1")
            #expect(one == 1)
            #expect(pool.health.connections == 1)
        }
    }

    @Test func nullEmptyTextAndNoBytesDiffer() async throws {
        try await withPool { pool in
            let found = try await pool.withConnection { connection throws(PostgresError) in
                let rows = try connection.query(
                    "SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BYTEA), CAST($4 AS BYTEA), CAST($5 AS BIGINT)",
                    [.null, "", .bytes([]), nil, nil]
                )
                return (0..<5).map { rows[0].isNull($0) }
            }
            #expect(found == [true, false, false, true, true])
        }
    }

    private static func text(_ random: inout SeededRandom) -> String {
        var text = ""
        let ranges: [ClosedRange<UInt32>] = [1...127, 128...0x7ff, 0x800...0xd7ff, 0x1f300...0x1faff]
        for _ in 0..<Int.random(in: 0...80, using: &random) {
            let range = ranges[Int.random(in: ranges.indices, using: &random)]
            text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: range, using: &random)) ?? "x")
        }
        return text
    }
}
