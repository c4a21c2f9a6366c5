/// Tables for settled calls and the sums that follow from them.
enum LedgerSchema {
    static func definitions(_ dialect: SQLDialect) -> [String] {
        let text = dialect.definition(of: .text)
        let integer = dialect.definition(of: .integer)
        var definitions = [Self.calls(dialect)]
        if dialect == .postgres {
            definitions.append("CREATE TABLE call_partitions (day \(integer) NOT NULL PRIMARY KEY)")
        }
        definitions += [
            "CREATE INDEX calls_by_time ON calls (finished_at)",
            "CREATE INDEX calls_by_call ON calls (call_id)",
        ]
        for (name, column) in [
            ("key", "key_hash"), ("user", "user_id"), ("team", "team_id"), ("organization", "organization_id"),
            ("end_user", "end_user_id"),
        ] {
            // Only calls that have one: most calls have no end user.
            definitions.append(
                "CREATE INDEX calls_by_\(name) ON calls (\(column), finished_at) WHERE \(column) IS NOT NULL"
            )
        }
        definitions += [
            // Successes are nearly all calls, and are found by walking through time.
            "CREATE INDEX calls_by_outcome ON calls (outcome, finished_at) WHERE outcome <> 'success'",
            """
            CREATE TABLE call_tags (
                tag \(text) NOT NULL,
                finished_at \(integer) NOT NULL,
                id \(text) NOT NULL
            )
            """,
            "CREATE INDEX call_tags_by_tag ON call_tags (tag, finished_at, id)",
            "CREATE INDEX call_tags_by_time ON call_tags (finished_at)",
        ]
        return definitions + Self.sums(dialect, text: text, integer: integer)
    }

    /// PostgreSQL's is divided by days, which are dropped whole; a key of a divided table must hold the dividing column.
    private static func calls(_ dialect: SQLDialect) -> String {
        let columns = CallColumns.all.map { column in
            let constraint = CallColumns.optional.contains(column.name) ? "" : " NOT NULL"
            return "\(column.name) \(dialect.definition(of: column.type))\(constraint)"
        }
        return switch dialect {
        case .sqlite: "CREATE TABLE calls (\(columns.joined(separator: ", ")), PRIMARY KEY (id))"
        case .postgres:
            """
            CREATE TABLE calls (\(columns.joined(separator: ", ")), PRIMARY KEY (id, finished_at))
            PARTITION BY RANGE (finished_at)
            """
        }
    }

    private static func sums(_ dialect: SQLDialect, text: String, integer: String) -> [String] {
        let sums = SumColumns.names.map { "\($0) \(integer) NOT NULL" }.joined(separator: ", ")
        let subject = "kind \(text) NOT NULL, id \(text) NOT NULL, model \(text) NOT NULL"
        return [
            """
            CREATE TABLE usage_hourly (
                \(subject), hour \(integer) NOT NULL, \(sums), PRIMARY KEY (kind, id, model, hour)
            ) \(dialect.clusteredByKey)
            """,
            "CREATE INDEX usage_hourly_by_time ON usage_hourly (kind, hour)",
            "CREATE TABLE usage_total (\(subject), \(sums), PRIMARY KEY (kind, id, model)) \(dialect.clusteredByKey)",
        ]
    }
}
