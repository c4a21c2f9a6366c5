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
        var port: Int?
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            if tail.hasPrefix(":") { port = Int(tail.dropFirst()) } else if !tail.isEmpty { return nil }
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            guard let number = Int(authority[authority.index(after: colon)...]) else { return nil }
            port = number
        }
        guard !host.isEmpty, port.map({ (1...65_535).contains($0) }) ?? true else { return nil }
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
