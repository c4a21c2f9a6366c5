import CPostgreSQL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes connections to one of the servers of a URL.
///
/// Goes through hosts and their addresses one after the other, each with its own time-out, beginning with the host that
/// answered last. libpq would do that itself, but without time-outs in its non-blocking form: one silent host would hide
/// the others.
final class PostgresDialer: Sendable {
    private let options: PostgresOptions
    private let preferred = Mutex(0)

    init(_ options: PostgresOptions) {
        self.options = options
    }

    /// Connects, logs in and prepares the session.
    ///
    /// - Throws: `login` when a server refused user, password or database (others are not asked then, as in libpq), else
    ///   why the last of the hosts was not reached.
    func connect() throws(PostgresError) -> PostgresConnection {
        let hosts = self.options.url.hosts
        let first = self.preferred.withLock { $0 }
        var failure = PostgresError(.unreachable, "there is no host to connect to")
        for index in (0..<hosts.count).map({ (first + $0) % hosts.count }) {
            do throws(PostgresError) {
                let connection = try self.connect(hosts[index])
                self.preferred.withLock { $0 = index }
                return connection
            } catch {
                if error.kind == .login { throw error }
                failure = error
            }
        }
        throw failure
    }

    private func connect(_ host: PostgresHost) throws(PostgresError) -> PostgresConnection {
        var failure = PostgresError(.unreachable, "the host \(host) has no address")
        for address in try host.addresses() {
            do throws(PostgresError) {
                return try self.connect(host, address)
            } catch {
                if error.kind == .login { throw error }
                failure = error
            }
        }
        throw failure
    }

    private func connect(_ host: PostgresHost, _ address: String?) throws(PostgresError) -> PostgresConnection {
        let deadline = ContinuousClock.now + self.options.connectTimeout
        let handle = CStringArray.with(self.parameters(host, address)) { PQconnectStartParams($0, $1, 0) }
        guard let handle else { throw PostgresError(.unreachable, "no memory for a connection") }
        do throws(PostgresError) {
            PQsetNoticeReceiver(handle, { _, _ in }, nil)
            PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
            try Self.complete(handle, host, deadline)
            PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        } catch {
            PQfinish(handle)
            throw error
        }
        PQsetnonblocking(handle, 1)
        let connection = PostgresConnection(
            handle,
            statementLimit: self.options.statementLimit,
            deadline: deadline
        )
        // A pooler gives each transaction another session, so what is set stays with a stranger.
        if !self.options.url.isPooled { try connection.execute(Self.session(self.options)) }
        return connection
    }

    private static func complete(
        _ handle: OpaquePointer,
        _ host: PostgresHost,
        _ deadline: ContinuousClock.Instant
    ) throws(PostgresError) {
        guard PQstatus(handle) != CONNECTION_BAD else { throw PostgresError(connecting: handle) }
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            let events: SocketWait.Events = status == PGRES_POLLING_READING ? .read : .write
            guard SocketWait.wait(PQsocket(handle), for: events, until: deadline) != nil else {
                throw PostgresError(.unreachable, "the server at \(host) did not answer in time")
            }
            status = PQconnectPoll(handle)
            if status == PGRES_POLLING_FAILED { throw PostgresError(connecting: handle) }
        }
    }

    /// What libpq is told: defaults of ours, the URL's parameters, and what they cannot change.
    private func parameters(_ host: PostgresHost, _ address: String?) -> [(String, String)] {
        var parameters = [
            "application_name": self.options.applicationName,
            // A peer that is gone is noticed after a minute while idle, after 15 seconds while it owes an answer.
            "keepalives_idle": "30",
            "keepalives_interval": "10",
            "keepalives_count": "3",
            "tcp_user_timeout": "15000",
            // Kerberos tickets that happen to be on the machine are not asked for.
            "gssencmode": "disable",
        ]
        if self.options.url.hosts.count > 1 { parameters["target_session_attrs"] = "read-write" }
        parameters.merge(self.options.url.parameters) { $1 }
        parameters["client_encoding"] = "UTF8"
        parameters["host"] = host.name
        parameters["hostaddr"] = host.address ?? address
        parameters["port"] = host.port
        return parameters.map { ($0.key, $0.value) }
    }

    /// A server that waits longer than our deadline gives up by itself, so that locks do not outlive a connection that
    /// is thought lost; plans are not compiled, which takes longer than running ours.
    private static func session(_ options: PostgresOptions) -> String {
        let (seconds, attoseconds) = options.timeout.components
        let milliseconds = max(seconds * 1000 + attoseconds / 1_000_000_000_000_000, 1)
        return """
            SET jit = off;
            SET idle_in_transaction_session_timeout = \(milliseconds);
            DO $$ BEGIN
                IF current_setting('server_version_num')::int >= 140000 THEN
                    SET client_connection_check_interval = 2000;
                END IF;
            END $$
            """
    }
}

/// Names and values as libpq takes them: two arrays that end with nil.
private enum CStringArray {
    static func with<Result>(
        _ pairs: [(String, String)],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        let names = pairs.map { strdup($0.0) }
        let values = pairs.map { strdup($0.1) }
        defer {
            for pointer in names + values { free(pointer) }
        }
        return body(names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil])
    }
}
