import Domain

/// Path and query of a request, as the router wants them.
struct RequestTarget: Sendable {
    /// Percent-encoded, without `/v1` at its front and without slashes at its end.
    let path: String
    let query: QueryText

    /// - Throws: `badRequest` for a query that cannot be read.
    init(_ target: String) throws(GatewayError) {
        let withoutFragment = target.prefix { $0 != "#" }
        let parts = withoutFragment.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.path = String(Self.normalized(parts.first ?? "/"))
        self.query = parts.count > 1 ? try QueryText(parts[1]) : QueryText()
    }

    /// SDKs differ on whether the base URL ends in `/v1`, so every path stands with and without it.
    static func normalized(_ path: Substring) -> Substring {
        var bytes = path.utf8[...]
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        while bytes.starts(with: "/v1/".utf8) { bytes.removeFirst(3) }
        return Substring(bytes)
    }
}
