/// Why a URL of a Redis server cannot be used.
///
/// Never contains any part of the URL, which may hold a password.
package enum RedisURLError: Error, Sendable, Equatable, CustomStringConvertible {
    case scheme
    case address
    case database
    case escape
    /// An option that is known, with a value that it cannot have.
    case option(String)
    /// Not named: what follows a question mark may be the rest of a password.
    case unknownOption

    package var description: String {
        switch self {
        case .scheme: "the URL must begin with redis:// or rediss://"
        case .address: "the URL names no valid host and port"
        case .database: "the URL's path must be the number of a database, as in /0"
        case .escape: "the URL has a broken percent escape"
        case .option(let name): "the URL's option '\(name)' has no valid value"
        case .unknownOption: "the URL has an option that is not known (a question mark in a password is spelled %3F)"
        }
    }
}

extension RedisConfiguration {
    /// Reads `redis://[[user]:password@]host[:port][/database]`; `rediss://` is the same over TLS.
    ///
    /// Options after `?`, as redis-py has them: `db`, `ssl_cert_reqs` (`required`, `optional`, `none`),
    /// `ssl_check_hostname` (`true`, `false`), `ssl_ca_certs` (a PEM file).
    ///
    /// Source: IANA's registration of the scheme "redis"; redis-py, `ConnectionPool.from_url`.
    package init(url: String) throws(RedisURLError) {
        var rest = Substring(url)
        var tls: RedisTLS?
        if let after = Self.after("rediss://", in: rest) {
            rest = after
            tls = RedisTLS()
        } else if let after = Self.after("redis://", in: rest) {
            rest = after
        } else {
            throw .scheme
        }
        let (beforeOptions, options) = Self.cut(rest, at: "?")
        // A password may hold a slash that was not escaped; what follows the last @ never holds one.
        let (authority, path, credentials) = try Self.split(beforeOptions)
        guard let endpoint = RedisEndpoint(authority.isEmpty ? "localhost" : authority) else { throw .address }
        var database = 0
        if !path.isEmpty {
            guard let number = Self.database(path) else { throw .database }
            database = number
        }
        self.init(.single(endpoint), credentials: credentials, database: database, tls: tls)
        try self.apply(options ?? "")
    }

    private static func split(
        _ text: Substring
    ) throws(RedisURLError) -> (authority: Substring, path: Substring, credentials: RedisCredentials?) {
        var server = text
        var credentials: RedisCredentials?
        if let sign = text.lastIndex(of: "@") {
            server = text[text.index(after: sign)...]
            let (user, password) = Self.cut(text[..<sign], at: ":")
            let name = try Self.unescape(user)
            if let password {
                let secret = RedisPassword(try Self.unescape(password))
                credentials = RedisCredentials(user: name.isEmpty ? nil : name, password: secret)
            } else if !name.isEmpty {
                credentials = RedisCredentials(user: name, password: RedisPassword(""))
            }
        }
        let (authority, path) = Self.cut(server, at: "/")
        return (authority, path ?? "", credentials)
    }

    private mutating func apply(_ options: Substring) throws(RedisURLError) {
        for option in options.split(separator: "&") {
            let (name, raw) = Self.cut(option, at: "=")
            let value = try Self.unescape(raw ?? "")
            switch (name, value) {
            case ("db", _):
                guard let number = Self.database(Substring(value)) else { throw .option("db") }
                self.database = number
            case ("ssl_cert_reqs", "none"): self.tls?.check = .off
            case ("ssl_cert_reqs", "required"), ("ssl_cert_reqs", "optional"): break
            case ("ssl_check_hostname", "true"), ("ssl_check_hostname", "True"): break
            case ("ssl_check_hostname", "false"), ("ssl_check_hostname", "False"): self.tls?.checksHost = false
            case ("ssl_ca_certs", _) where !value.isEmpty:
                if self.tls?.check == .system { self.tls?.check = .roots(file: value) }
            case ("ssl_cert_reqs", _), ("ssl_check_hostname", _), ("ssl_ca_certs", _): throw .option(String(name))
            default: throw .unknownOption
            }
        }
    }

    private static func database(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            number < 1 << 16
        else { return nil }
        return number
    }

    private static func after(_ scheme: String, in text: Substring) -> Substring? {
        guard text.prefix(scheme.count).lowercased() == scheme else { return nil }
        return text.dropFirst(scheme.count)
    }

    /// What stands before and after the first `mark`; nil when there is none.
    private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
        guard let place = text.firstIndex(of: mark) else { return (text, nil) }
        return (text[..<place], text[text.index(after: place)...])
    }

    private static func unescape(_ text: Substring) throws(RedisURLError) -> String {
        guard text.contains("%") else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Self.digit), let low = rest.popFirst().flatMap(Self.digit) else {
                throw .escape
            }
            bytes.append(high << 4 | low)
        }
        guard let result = String(validating: bytes, as: UTF8.self) else { throw .escape }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
