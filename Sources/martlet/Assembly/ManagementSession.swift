import Accounting
import Admin
import Domain
import Gateway
internal import Logging
import NIOCore
import NIOPosix
import Settings
import Stores
import Transport
import WireFormats

/// The management API over the database itself: what `martlet keys` and its like speak to.
///
/// The gateway may run or not; one that runs sees a change within its poll interval.
struct ManagementSession {
    private let configuration: Configuration
    private let store: any Store
    private let management: Management

    /// Opens the database that the configuration names.
    ///
    /// - Throws: `StartFailure` when the configuration is not good or the database does not answer.
    init(configPath: String?) throws {
        let catalog = Catalog()
        let configuration = try Self.configuration(configPath, catalog)
        self.configuration = configuration
        let clock = SystemClock()
        let data = try DataDirectory(configuration.server.dataDirectory ?? "martlet-data")
        // Comparing or making all sums of a large ledger takes its time.
        let store = try StoreOpening.open(configuration.general, data, clock, timeout: .seconds(3600))
        let logger = Logger(label: "martlet") { _ in SwiftLogNoOpLogHandler() }
        self.store = store
        self.management = Management(
            store: store,
            state: nil,
            sealer: Sealing.sealer(configuration.general),
            clock: clock,
            settings: ManagementSettings(configuration),
            logger: logger
        )
        // Without a file nothing is declared, which is not to say that the users of another one are gone.
        let declared = configuration.users.isEmpty ? nil : DeclaredUsers(configuration)
        try Self.wait { () async throws in
            do {
                try await store.prepare()
                try await declared?.write(to: store, now: clock.now) { RandomName.make() }
            } catch let error as StoreError {
                throw StartFailure("the \(store.backend) database does not answer: \(error.detail)")
            }
        }
    }

    private static func configuration(_ path: String?, _ catalog: Catalog) throws -> Configuration {
        guard let path = path ?? catalog.environment["CONFIG_FILE_PATH"] else {
            return Configuration(environment: catalog.environment)
        }
        let report = catalog.loader.load(path: path)
        guard let configuration = report.configuration else { throw StartConfiguration.unusable(path, report) }
        return configuration
    }

    /// Calls a route of the management API, with all its checks but those of who calls: whoever can open the database
    /// may do everything.
    ///
    /// - Throws: `StartFailure` with the API's words for what it refuses.
    func call(_ method: String, _ target: String, _ body: JSONObject? = nil) throws -> JSONValue {
        let request = ManagementRequest(
            method: method,
            target: target,
            headers: [],
            body: body.map { JSONValue.object($0).serialized } ?? ByteBuffer(),
            caller: ManagementCaller(credential: .commandLine, userID: "cli", role: .proxyAdmin),
            id: RandomName.make(),
            origin: "local"
        )
        let management = self.management
        let answer = try Self.wait { await management.answer(request) }
        let value = try? JSONValue(parsing: answer.body)
        guard answer.status < 300, let value else {
            throw StartFailure(value?["error"]?["message"]?.string ?? "management answered \(answer.status)")
        }
        return value
    }

    /// Works on the ledger's store directly.
    func withStore<Value: Sendable>(_ work: @Sendable @escaping (any Store) async throws(StoreError) -> Value) throws
        -> Value
    {
        let store = self.store
        return try Self.wait {
            do throws(StoreError) {
                return try await work(store)
            } catch {
                throw StartFailure("the \(store.backend) database failed: \(error.detail)")
            }
        }
    }

    func close() {
        let store = self.store
        // Closing cannot fail.
        try? Self.wait { await store.close() }
    }

    private static func wait<Value: Sendable>(_ work: @Sendable @escaping () async throws -> Value) throws -> Value {
        try MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask(work).wait()
    }
}
