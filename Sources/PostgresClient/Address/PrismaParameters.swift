/// The parameters of a URL that are Prisma's and unknown to libpq, and the URL without them.
struct PrismaParameters {
    private(set) var url: String
    private(set) var schema: String?
    private(set) var connectionLimit: Int?
    private(set) var isPooled = false

    private static let withoutEffect: Set<String> = [
        "pool_timeout", "socket_timeout", "statement_cache_size", "sslaccept", "sslidentity",
        "max_idle_connection_lifetime",
        "max_connection_lifetime", "single_use_connections",
    ]

    init(removedFrom url: String) {
        self.url = url
        guard let question = Self.startOfQuery(url) else { return }
        var kept: [Substring] = []
        for item in url[url.index(after: question)...].split(separator: "&", omittingEmptySubsequences: true) {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1]) : ""
            switch parts[0] {
            case "schema": self.schema = Self.decoded(value)
            case "connection_limit": self.connectionLimit = Int(value).flatMap { $0 > 0 ? $0 : nil }
            case "pgbouncer": self.isPooled = value == "true"
            case let name where Self.withoutEffect.contains(String(name)): continue
            default: kept.append(item)
            }
        }
        self.url = String(url[..<question]) + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }

    /// As libpq finds it: user and password end at the first `@` that no `/` precedes, and may hold a `?`.
    private static func startOfQuery(_ url: String) -> String.Index? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        var rest = url[scheme.upperBound...]
        if let end = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[end] == "@" {
            rest = rest[rest.index(after: end)...]
        }
        return rest.firstIndex(of: "?")
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
