import Domain

/// An `api_base` taken apart.
struct BaseURL: Sendable, Equatable {
    var isTLS: Bool
    var host: String
    var port: Int
    /// Without a slash at its end.
    var path: String
    /// With its question mark; empty if there is none.
    var query: String

    /// Reads `scheme://host[:port][/path][?query]`; anything else (user names, fragments, other schemes) is nil.
    init?(_ text: String) {
        guard let scheme = text.firstRange(of: "://") else { return nil }
        switch text[..<scheme.lowerBound].lowercased() {
        case "https": self.isTLS = true
        case "http": self.isTLS = false
        default: return nil
        }
        let rest = text[scheme.upperBound...]
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !rest.contains("#") else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@"), let (host, port) = Self.hostAndPort(authority) else { return nil }
        self.host = host
        self.port = port ?? (self.isTLS ? 443 : 80)
        let tail = rest[authority.endIndex...]
        let path = tail.prefix { $0 != "?" }
        self.path = Self.withoutTrailingSlashes(path)
        self.query = String(tail[path.endIndex...])
    }

    private static func withoutTrailingSlashes(_ path: Substring) -> String {
        var path = path
        while path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    private static func hostAndPort(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var tail: Substring = ""
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[..<end].dropFirst()
            tail = authority[end...].dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            tail = authority[colon...]
        }
        guard !host.isEmpty else { return nil }
        if tail.isEmpty { return (String(host), nil) }
        let digits = tail.dropFirst()
        guard tail.first == ":", digits.utf8.count <= 5, digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
            let port = Int(digits), (1...65_535).contains(port)
        else { return nil }
        return (String(host), port)
    }

    func origin(_ certificates: CertificateCheck = .system) -> Origin {
        Origin(host: self.host, port: self.port, isTLS: self.isTLS, certificates: certificates)
    }

    /// For people and headers: no query, in which keys are sometimes hidden.
    var display: String {
        let origin = self.origin()
        return "\(self.isTLS ? "https" : "http")://\(origin.hostHeader)\(self.path)"
    }
}
