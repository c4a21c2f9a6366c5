import Domain
import NIOCore
import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// TLS towards upstreams: one context for each way of checking certificates, made at its first use.
///
/// NIOSSL 2.37 has no way to keep a session and offer it again, so a new connection makes a full handshake; connections
/// are kept alive and shared by a lane, so that is rare.
enum UpstreamTLS {
    private static let contexts = Mutex<[CertificateCheck: NIOSSLContext]>([:])

    static func context(_ check: CertificateCheck) throws -> NIOSSLContext {
        try self.contexts.withLock { contexts in
            if let context = contexts[check] { return context }
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            switch check {
            case .system:
                if let file = getenv("SSL_CERT_FILE") { configuration.trustRoots = .file(String(cString: file)) }
            case .roots(let file): configuration.trustRoots = .file(file)
            case .off: configuration.certificateVerification = .none
            }
            let context = try NIOSSLContext(configuration: configuration)
            contexts[check] = context
            return context
        }
    }

    static let brokenOff = UpstreamError.tls(reason: "the handshake was broken off")

    /// What `error` says of the handshake, or nil where it is no failure of the handshake.
    static func failure(_ error: any Error) -> UpstreamError? {
        switch error {
        case NIOSSLError.handshakeFailed(let reason): .tls(reason: "\(reason)")
        case let error as NIOSSLExtraError: .tls(reason: "\(error)")
        default: nil
        }
    }

    /// A handler for `host`; a literal address is not named in the handshake, as RFC 6066 wants.
    static func handler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 443)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}
