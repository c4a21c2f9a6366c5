import NIOCore
import NIOSSL

/// How connections are encrypted.
package struct RedisTLS: Sendable, Hashable {
    /// What a server's certificate is checked against.
    package enum Check: Sendable, Hashable {
        /// The system's roots.
        case system
        /// The roots in a PEM file.
        case roots(file: String)
        /// Nothing: anybody on the way can read and change what is sent.
        case off
    }

    package var check: Check
    /// Whether the certificate must be one of the host.
    package var checksHost: Bool
    /// A PEM file with our own certificate, where servers ask for one.
    package var certificateFile: String?
    /// A PEM file with its key.
    package var keyFile: String?

    package init(
        check: Check = .system,
        checksHost: Bool = true,
        certificateFile: String? = nil,
        keyFile: String? = nil
    ) {
        self.check = check
        self.checksHost = checksHost
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    /// - Throws: `.connectionFailed` when a file cannot be read.
    func context() throws(RedisError) -> NIOSSLContext {
        do {
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.minimumTLSVersion = .tlsv12
            switch self.check {
            case .system: break
            case .roots(let file): settings.trustRoots = .file(file)
            case .off: settings.certificateVerification = .none
            }
            if !self.checksHost, self.check != .off { settings.certificateVerification = .noHostnameVerification }
            if let file = self.certificateFile {
                settings.certificateChain = try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
                settings.privateKey = .privateKey(try NIOSSLPrivateKey(file: self.keyFile ?? file, format: .pem))
            }
            return try NIOSSLContext(configuration: settings)
        } catch {
            throw .connectionFailed("TLS cannot be set up: \(error)")
        }
    }

    /// A handler for `host`; a literal address is not named in the handshake, as RFC 6066 wants.
    static func handler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        // An error says that it is a name, which is what was asked.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 443)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}
