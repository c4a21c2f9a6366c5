import CPostgreSQL

/// Where a database is and how to log in there: `postgresql://user:password@host1:5432,host2:5433/database?sslmode=require`.
///
/// Read by libpq itself, so everything that libpq knows may stand in it; what is left out comes from libpq's environment
/// variables (`PGHOST` and so on). It holds a password: its description names hosts and database only.
///
/// Parameters that Prisma understands and libpq does not are taken as well, so that a URL made for LiteLLM works:
/// `schema`, `connection_limit` and `pgbouncer` have their effect, the others that Prisma knows have none.
///
/// Source: PostgreSQL's manual, "Connection Strings"; Prisma's manual, "PostgreSQL, Connection URL".
package struct PostgresURL: Sendable, Equatable {
    /// Parameters as libpq names them, without `host`, `hostaddr` and `port`.
    let parameters: [String: String]
    let hosts: [PostgresHost]
    /// `connection_limit`: how many connections at most.
    package let connectionLimit: Int?
    /// `pgbouncer=true`: a pooler in between gives each transaction another connection, so a connection keeps nothing.
    package let isPooled: Bool

    /// Reads a URL.
    ///
    /// - Throws: when it is not one of PostgreSQL's, or libpq does not understand it. The reason shows nothing of the
    ///   URL but the name of an unknown parameter.
    package init(_ text: String) throws(PostgresURLError) {
        guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else {
            throw PostgresURLError(reason: "does not begin with postgresql:// or postgres://")
        }
        guard !text.utf8.contains(0) else { throw PostgresURLError(reason: "contains a NUL character") }
        let parts = PrismaParameters(removedFrom: text)
        var parameters = try Self.parse(parts.url)
        let names = parameters.removeValue(forKey: "host")
        let addresses = parameters.removeValue(forKey: "hostaddr")
        self.hosts = try PostgresHost.list(
            names: names,
            addresses: addresses,
            ports: parameters.removeValue(forKey: "port")
        )
        if let schema = parts.schema, !schema.isEmpty {
            let option = "-c search_path=" + Self.optionText(of: schema)
            parameters["options"] = parameters["options"].map { "\($0) \(option)" } ?? option
        }
        self.parameters = parameters
        self.connectionLimit = parts.connectionLimit
        self.isPooled = parts.isPooled
    }

    /// The URL's `connect_timeout`; nil when none is given or it is 0, libpq's word for none.
    package var connectTimeout: Duration? {
        guard let seconds = self.parameters["connect_timeout"].flatMap({ Int($0) }), seconds > 0 else { return nil }
        return .seconds(seconds)
    }

    private static func parse(_ url: String) throws(PostgresURLError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(url, &message)
        defer {
            PQconninfoFree(options)
            PQfreemem(message)
        }
        guard let options else {
            throw PostgresURLError(libpq: message.map { String(cString: $0) } ?? "cannot be read")
        }
        var parameters: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                parameters[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        return parameters
    }

    /// A schema's name as a quoted identifier, with what would end an option escaped.
    private static func optionText(of schema: String) -> String {
        var text = "\""
        for character in schema {
            switch character {
            case "\"": text += "\"\""
            case "\\", " ", "\t", "\n": text += "\\\(character)"
            default: text.append(character)
            }
        }
        return text + "\""
    }
}

extension PostgresURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        let hosts = self.hosts.map(\.description).joined(separator: ",")
        return "postgresql://\(hosts)/\(self.parameters["dbname"] ?? "")"
    }

    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a text is not the URL of a PostgreSQL database; shows no value of the URL.
package struct PostgresURLError: Error, Sendable, Equatable, CustomStringConvertible {
    package let reason: String

    init(reason: String) {
        self.reason = reason
    }

    /// libpq quotes what it read, which may be the password: all from the quote on is dropped, unless it is the name of
    /// a parameter.
    init(libpq message: String) {
        let line = message.split(separator: "\n").first.map(String.init) ?? message
        if line.hasPrefix("invalid URI query parameter") {
            self.reason = line
        } else {
            self.reason = line.split(separator: ": \"", maxSplits: 1).first.map(String.init) ?? line
        }
    }

    package var description: String { self.reason }
}
