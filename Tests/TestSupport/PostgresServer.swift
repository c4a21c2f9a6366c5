import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A PostgreSQL server of its own: an empty cluster in a temporary folder, at a free port of the loopback interface.
///
/// PostgreSQL refuses to run as root, so root starts it as the user `postgres`, whom the package makes. A shell stands
/// between: it stops the server and removes the cluster when this process ends, in whatever way.
///
/// Blocks the thread while the server starts or stops.
package final class PostgresServer: Sendable {
    /// Special characters, so that every test tries their encoding.
    package static let password = "p@ss:w/rd ?&%é"
    package static let encodedPassword = "p%40ss%3Aw%2Frd%20%3F%26%25%C3%A9"
    package let port: Int
    private let folder: String
    private let programs: String
    private let settings: [String]
    private let keeper: Mutex<Keeper?>

    private struct Keeper {
        var process: Process
        var input: Pipe
    }

    /// The server that tests of one process share; they use databases of their own (``makeDatabase()``).
    package static func shared() throws -> PostgresServer {
        try self.theShared.withLock { server in
            if let server { return server }
            let made = try PostgresServer(settings: ["max_connections=200"])
            server = made
            return made
        }
    }

    private static let theShared = Mutex<PostgresServer?>(nil)

    /// Makes a cluster and starts its server.
    ///
    /// `settings`: of `postgresql.conf`, as `name=value`.
    package init(settings: [String] = []) throws {
        self.programs = try Self.findPrograms()
        self.settings = settings
        self.port = try Self.freePort()
        self.folder = try Self.makeCluster(self.programs)
        self.keeper = Mutex(nil)
        try self.start()
    }

    deinit {
        self.stop()
    }

    /// `postgresql://...` of a database, to which `parameters` such as `sslmode=disable` are added.
    package func url(database: String = "postgres", parameters: String = "") -> String {
        let query = parameters.isEmpty ? "" : "?\(parameters)"
        return "postgresql://martlet:\(Self.encodedPassword)@127.0.0.1:\(self.port)/\(database)\(query)"
    }

    /// Makes an empty database with a name of its own.
    package func makeDatabase() throws -> String {
        let name = "test_" + Self.uniqueName()
        try self.administer("CREATE DATABASE \(name)")
        return name
    }

    /// Runs a statement as the superuser, by the package's own client.
    package func administer(_ sql: String) throws {
        let arguments = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url(), "-c", sql]
        try Self.run(self.programs + "/psql", arguments, asServer: false)
    }

    // MARK: Running

    /// Starts the server, and waits until it answers.
    package func start() throws {
        let script = """
            folder=$1; shift
            \(KeeperScript.closingPipes)
            "$@" </dev/null &
            server=$!
            echo $server >"$folder/server"
            read -r order
            kill -QUIT $server; kill -CONT $server
            wait $server
            [ "$order" = keep ] || rm -rf "$folder"
            """
        var arguments = [
            "bash", "-c", script, "bash", self.folder, self.programs + "/postgres", "-D", self.folder + "/data",
        ]
        let fixed = [
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "port=\(self.port)", "fsync=off",
            "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_wal_size=2GB",
        ]
        for setting in fixed + self.settings { arguments += ["-c", setting] }
        let process = Process()
        let input = Pipe()
        (process.executableURL, process.arguments) = Self.command(arguments, asServer: true)
        process.currentDirectoryURL = URL(filePath: "/tmp")
        process.standardInput = input
        try process.run()
        self.keeper.withLock { $0 = Keeper(process: process, input: input) }
        for _ in 0..<300 {
            do {
                return try self.administer("SELECT 1")
            } catch {
                usleep(100_000)
            }
        }
        throw Failure("PostgreSQL did not start:\n\(self.log)")
    }

    /// Stops the server at once, as a crash does; it may be started again.
    package func interrupt() {
        self.end("keep\n")
    }

    /// Stops the server for good and removes its cluster.
    package func stop() {
        self.end("\n")
    }

    /// Holds the server and all its processes as they are (`SIGSTOP`): connections stand, and nothing answers.
    package func freeze() {
        for process in [self.processNumber] + self.children { kill(process, SIGSTOP) }
    }

    /// Lets a held server go on.
    package func thaw() {
        for process in self.children + [self.processNumber] { kill(process, SIGCONT) }
    }

    /// What the server has written.
    package var log: String {
        String(decoding: FileManager.default.contents(atPath: self.folder + "/log") ?? Data(), as: UTF8.self)
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
        return Int32(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }

    /// Processes whose parent the server is, from `/proc`.
    private var children: [Int32] {
        let parent = self.processNumber
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { entry in
            guard let number = Int32(entry), let data = FileManager.default.contents(atPath: "/proc/\(entry)/stat")
            else { return nil }
            // "pid (name) state parent ...", and the name may hold anything.
            let rest = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
            return rest.count > 1 && Int32(rest[1]) == parent ? number : nil
        }
    }
}

// MARK: - Making a cluster

extension PostgresServer {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    private static func findPrograms() throws -> String {
        let manager = FileManager.default
        let debian = "/usr/lib/postgresql"
        let versions = (try? manager.contentsOfDirectory(atPath: debian)) ?? []
        let folders =
            versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(debian)/\($0)/bin" }
            + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let found = folders.first { folder in
            ["initdb", "postgres", "psql"].allSatisfy { manager.isExecutableFile(atPath: "\(folder)/\($0)") }
        }
        guard let found else {
            throw Failure(
                """
                PostgreSQL is not installed, and these tests need a real server: install Debian's package `postgresql` \
                (apt-get install postgresql), or put initdb, postgres and psql into PATH
                """
            )
        }
        return found
    }

    private static func makeCluster(_ programs: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.path + "/martlet-postgres-" + self.uniqueName()
        let script = """
            umask 077
            mkdir "$1"
            printf '%s\\n' "$2" >"$1/password"
            "$3/initdb" -D "$1/data" -U martlet -A scram-sha-256 --pwfile="$1/password" -E UTF8 --locale=C --no-sync
            """
        try self.run("sh", ["-e", "-c", script, "sh", folder, self.password, programs], asServer: true)
        return folder
    }

    private static func uniqueName() -> String {
        UUID().uuidString.lowercased().replacing("-", with: "").prefix(16).description
    }

    /// Runs a program to its end.
    private static func run(_ program: String, _ arguments: [String], asServer: Bool) throws {
        let process = Process()
        let output = Pipe()
        (process.executableURL, process.arguments) = self.command([program] + arguments, asServer: asServer)
        process.currentDirectoryURL = URL(filePath: "/tmp")
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("\(program) failed: \(String(decoding: text, as: UTF8.self))")
        }
    }

    /// The command, as the unprivileged user where this process is root's.
    private static func command(_ words: [String], asServer: Bool) -> (URL, [String]) {
        let change = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        return (URL(filePath: "/usr/bin/env"), (asServer && geteuid() == 0 ? change : []) + words)
    }

    /// A port that nobody listens at.
    ///
    /// It is free again when this returns, so that somebody else could take it.
    private static func freePort() throws -> Int {
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        let listener = socket(AF_INET, kind, 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 ? getsockname(listener, address, &length) : -1
            }
        }
        guard status == 0 else { throw Failure("no port is free") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
