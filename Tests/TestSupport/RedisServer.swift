import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A Redis server, or a Sentinel, of its own: in a temporary folder, at a free port of the loopback interface.
///
/// A shell stands between: it ends the server and removes the folder when this process ends, in whatever way. Blocks the
/// thread while the server starts or stops.
package final class RedisServer: Sendable {
    package static let password = "p@ss:w/rd ?&%é"
    package static let encodedPassword = "p%40ss%3Aw%2Frd%20%3F%26%25%C3%A9"

    package let port: Int
    package let folder: String
    private let arguments: [String]
    private let keeper = Mutex<(process: Process, input: Pipe)?>(nil)

    /// Starts a server and waits until it answers.
    ///
    /// - Parameters:
    ///   - settings: lines of `redis.conf`.
    ///   - isSentinel: whether it watches others instead of keeping data.
    ///   - usesTLS: whether its port speaks TLS, with the certificate `cert.pem` in `folder`, which signs itself.
    /// - Throws: `Failure` when it does not start.
    package init(settings: [String] = [], isSentinel: Bool = false, usesTLS: Bool = false) throws {
        self.port = try LoopbackPort.free()
        self.folder =
            FileManager.default.temporaryDirectory.path + "/martlet-redis-" + UUID().uuidString.lowercased().prefix(13)
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        var lines = ["bind 127.0.0.1", "save \"\"", "appendonly no", "dir \(self.folder)"]
        if usesTLS {
            try Self.makeCertificate(in: self.folder)
            let file = self.folder + "/cert.pem"
            lines += [
                "port 0", "tls-port \(self.port)", "tls-cert-file \(file)", "tls-key-file \(self.folder)/key.pem",
                "tls-ca-cert-file \(file)", "tls-auth-clients no",
            ]
        } else {
            lines.append("port \(self.port)")
        }
        let configuration = self.folder + "/redis.conf"
        try (lines + settings).joined(separator: "\n").write(toFile: configuration, atomically: true, encoding: .utf8)
        self.arguments = ["redis-server", configuration] + (isSentinel ? ["--sentinel"] : [])
        try self.start()
    }

    deinit { self.stop() }

    /// Starts the server where it was stopped; its data is gone.
    package func start() throws {
        let script = """
            folder=$1; shift
            \(KeeperScript.closingPipes)
            "$@" </dev/null &
            server=$!
            echo $server >"$folder/server"
            read -r order
            kill -KILL $server
            wait $server
            [ "$order" = keep ] || rm -rf "$folder"
            """
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["bash", "-c", script, "bash", self.folder] + self.arguments
        process.standardInput = input
        try process.run()
        self.keeper.withLock { $0 = (process, input) }
        for _ in 0..<500 where !self.isListening { usleep(10_000) }
        guard self.isListening else {
            throw Failure("Redis did not start (Debian's package redis-server):\n\(self.log)")
        }
    }

    /// Ends the server as a crash does; it may be started again, empty.
    package func interrupt() { self.end("keep\n") }

    package func stop() { self.end("\n") }

    /// Holds the server as it is: connections stand, and nothing answers.
    package func freeze() { kill(self.processNumber, SIGSTOP) }

    package func thaw() { kill(self.processNumber, SIGCONT) }

    package var log: String {
        String(decoding: FileManager.default.contents(atPath: self.folder + "/log") ?? Data(), as: UTF8.self)
    }

    /// Runs a command through the package's own client, and gives its output.
    @discardableResult
    package func command(_ words: String...) throws -> String {
        try Self.run("redis-cli", ["-p", "\(self.port)"] + words)
    }

    private func end(_ order: String) {
        guard let keeper = self.keeper.withLock({ $0.take() }) else { return }
        // The shell may be gone already, and the server with it.
        try? keeper.input.fileHandleForWriting.write(contentsOf: Data(order.utf8))
        try? keeper.input.fileHandleForWriting.close()
        keeper.process.waitUntilExit()
    }

    private var processNumber: Int32 {
        let text = FileManager.default.contents(atPath: self.folder + "/server") ?? Data()
        // A number that no process has, so that nobody is hit by mistake.
        return Int32(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? .max
    }

    private var isListening: Bool { LoopbackPort.isOpen(self.port) }

    private static func makeCertificate(in folder: String) throws {
        try self.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder + "/key.pem", "-out",
                folder + "/cert.pem",
            ]
        )
    }

    /// Runs a program to its end.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure("\(program) failed: \(text)") }
        return text
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}

/// Ports of the loopback interface.
enum LoopbackPort {
    #if canImport(Glibc)
        private static let kind = Int32(SOCK_STREAM.rawValue)
    #else
        private static let kind = SOCK_STREAM
    #endif

    /// A port that nobody listens at, and none that leaves no room for a cluster's bus 10,000 above.
    static func free() throws -> Int {
        for _ in 0..<100 {
            let port = Self.with(0) { listener, address, length in
                bind(listener, address, length) == 0
            }
            if let port, port > 1024, port < 55_000 { return port }
        }
        throw RedisServer.Failure("no port is free")
    }

    static func isOpen(_ port: Int) -> Bool {
        self.with(UInt16(port)) { socket, address, length in connect(socket, address, length) == 0 } != nil
    }

    /// - Returns: the socket's port after `body`; nil when that failed.
    private static func with(
        _ port: UInt16,
        _ body: (Int32, UnsafeMutablePointer<sockaddr>, socklen_t) -> Bool
    ) -> Int? {
        let handle = socket(AF_INET, Self.kind, 0)
        defer { close(handle) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isGood = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                body(handle, address, length) && getsockname(handle, address, &length) == 0
            }
        }
        return isGood ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
