#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One of the servers that a URL names.
struct PostgresHost: Sendable, Equatable, CustomStringConvertible {
    /// A name, an address, or a folder of Unix sockets; nil leaves it to libpq.
    var name: String?
    /// The address itself, where the URL gives it (`hostaddr`).
    var address: String?
    /// Nil leaves it to libpq: `PGPORT`, else 5432.
    var port: String?

    var description: String {
        (self.name ?? self.address ?? "") + (self.port.map { ":\($0)" } ?? "")
    }

    /// Puts libpq's comma-divided lists together: as many ports as hosts, or one for all.
    static func list(names: String?, addresses: String?, ports: String?) throws(PostgresURLError) -> [PostgresHost] {
        func items(_ list: String?) -> [String?] {
            guard let list, !list.isEmpty else { return [] }
            return list.split(separator: ",", omittingEmptySubsequences: false).map { $0.isEmpty ? nil : String($0) }
        }
        let names = items(names)
        let addresses = items(addresses)
        let ports = items(ports)
        let count = max(names.count, addresses.count, 1)
        guard names.isEmpty || names.count == count, addresses.isEmpty || addresses.count == count else {
            throw PostgresURLError(reason: "does not name as many hosts as addresses")
        }
        guard ports.count <= 1 || ports.count == count else {
            throw PostgresURLError(reason: "does not name as many ports as hosts")
        }
        for case let port? in ports where !(1...65535).contains(Int(port) ?? 0) {
            throw PostgresURLError(reason: "names a port that is none")
        }
        return (0..<count).map { index in
            PostgresHost(
                name: names.isEmpty ? nil : names[index],
                address: addresses.isEmpty ? nil : addresses[index],
                port: ports.isEmpty ? nil : ports[ports.count == 1 ? 0 : index]
            )
        }
    }

    /// The addresses to try, one after the other; nil where libpq needs none or finds it by itself.
    ///
    /// libpq goes on to a name's next address when one refuses, but not when one is silent: that takes a time-out per
    /// address, which only its blocking calls have.
    ///
    /// Waits for the resolver, as long as that is told to wait in `resolv.conf`.
    func addresses() throws(PostgresError) -> [String?] {
        guard self.address == nil, let name = self.name, !name.hasPrefix("/"), !name.hasPrefix("@") else {
            return [nil]
        }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var first: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &first)
        guard status == 0, let first else {
            let reason = gai_strerror(status).map { String(cString: $0) } ?? "status \(status)"
            throw PostgresError(.unreachable, "the host name \(name) cannot be resolved: \(reason)")
        }
        defer { freeaddrinfo(first) }
        var found: [String] = []
        var entry: UnsafeMutablePointer<addrinfo>? = first
        while let current = entry {
            if let text = Self.text(of: current.pointee), !found.contains(text) { found.append(text) }
            entry = current.pointee.ai_next
        }
        return found.isEmpty ? [nil] : found
    }

    private static func text(of entry: addrinfo) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let length = socklen_t(buffer.count)
        guard getnameinfo(entry.ai_addr, entry.ai_addrlen, &buffer, length, nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
