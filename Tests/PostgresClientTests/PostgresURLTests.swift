import PostgresClient
import Testing

@Suite struct PostgresURLTests {
    static let valid = [
        "postgresql://", "postgres://localhost", "postgresql://user:secret@host1:5432,host2:5433/db?sslmode=require",
        "postgresql://user@[2001:db8::1]:5432/db", "postgresql:///db?host=/var/run/postgresql",
        "postgresql://u:a%40b%2Fc@h/db?application_name=x%20y&connect_timeout=7",
        "postgresql://u:a?b@h/db?schema=litellm&connection_limit=10&pool_timeout=20",
    ]

    @Test(arguments: Self.valid)
    func readsWhatPostgresReads(text: String) throws {
        _ = try PostgresURL(text)
    }

    static let invalid: [(String, String)] = [
        ("", "does not begin with postgresql:// or postgres://"),
        ("mysql://h/db", "does not begin with postgresql:// or postgres://"),
        ("postgresql://u:secret%zz@h/db", "invalid percent-encoded token"),
        ("postgresql://u:secret%00@h/db", "forbidden value %00 in percent-encoded value"),
        (
            "postgresql://u:secret@[::1/db",
            "end of string reached when looking for matching \"]\" in IPv6 host address in URI"
        ),
        ("postgresql://u:secret@h/db?ssl_mode=require", "invalid URI query parameter: \"ssl_mode\""),
        ("postgresql://u:secret@a,b,c:1/db?port=1,2", "does not name as many ports as hosts"),
        ("postgresql://u:secret@h:99999/db", "names a port that is none"),
        ("postgresql://u:secret@h/\u{0}", "contains a NUL character"),
    ]

    @Test(arguments: Self.invalid)
    func saysWhyAndNothingOfTheURL(text: String, reason: String) {
        let error = #expect(throws: PostgresURLError.self) { try PostgresURL(text) }
        #expect(error?.reason == reason)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test func showsHostsAndDatabaseAlone() throws {
        let url = try PostgresURL("postgresql://user:hunter2@a:1,b/db?application_name=x")
        #expect("\(url)" == "postgresql://a:1,b/db" || "\(url)" == "postgresql://a:1,b:5432/db")
        var dumped = ""
        dump(url, to: &dumped)
        for shown in [dumped, String(reflecting: url), "\(PostgresOptions(url))"] {
            #expect(!shown.contains("hunter2"))
            #expect(!shown.contains("user"))
        }
    }

    @Test func takesPrismasParameters() throws {
        let url = try PostgresURL(
            "postgresql://h/db?connection_limit=7&pgbouncer=true&socket_timeout=3&connect_timeout=9"
        )
        #expect(url.connectionLimit == 7)
        #expect(url.isPooled)
        #expect(url.connectTimeout == .seconds(9))
        let options = PostgresOptions(url)
        #expect(options.size == 7)
        #expect(options.statementLimit == 0)
        #expect(options.connectTimeout == .seconds(9))
    }

    @Test func anyTextIsReadOrRefused() {
        for text in [
            "postgresql://%", "postgresql://@", "postgresql://?", "postgresql://a@b@c/?&&=", "postgres://,,,/",
        ] {
            // Either will do: what counts is that it returns.
            _ = try? PostgresURL(text)
        }
    }
}
