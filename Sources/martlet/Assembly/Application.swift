import Domain
import Gateway
internal import Logging
import NIOCore
import Settings
import Transport

/// The gateway, from its options to its end.
enum Application {
    /// Starts, serves until a signal, and winds down.
    ///
    /// - Throws: `StartFailure`.
    static func run(_ options: ServeOptions) throws {
        // Before any thread exists, so that all threads leave these signals to the one that waits for them.
        let signals = SignalWaiter()
        let catalog = Catalog()
        let start = try StartConfiguration(options, catalog: catalog)
        let logger = self.logger(options, start)
        for warning in start.warnings { logger.warning("\(warning)") }
        let snapshot = try self.snapshot(start, logger)
        let configuration = start.configuration
        let lanes = LaneGroup(
            threads: configuration.server.threads ?? System.coreCount,
            upstream: UpstreamSettings(
                idleTime: configuration.server.upstreamIdleTimeout,
                maximumConnections: configuration.server.upstreamMaxConnections
            )
        )
        let storage = try Storage(configuration, lanes: lanes.lanes.count, logger: logger)
        let snapshots = SnapshotBox(snapshot)
        let background = Background(storage, start.catalog, configuration, snapshots, logger)
        background.start(on: lanes)
        let handler = GatewayHandler(
            snapshots: snapshots,
            books: storage.books,
            management: background.management,
            database: GatewayHandler.DatabaseWatch(
                health: storage.health,
                isReadyWithout: configuration.general.allowsRequestsWithoutDatabase
            ),
            logger: logger
        )
        let server = try self.listen(configuration, lanes, handler, logger)
        self.announce(server, snapshot, configuration, logger)
        self.serve(until: signals, server, handler, configuration, logger)
        background.stop(on: lanes)
        lanes.shutDown()
    }

    private static func logger(_ options: ServeOptions, _ start: StartConfiguration) -> Logger {
        let environment = start.catalog.environment["LITELLM_LOG"].flatMap(LogLevelName.level)
        let file = start.configuration.general.logLevel.flatMap { LogLevelName.level($0.rawValue) }
        LoggingSystem.bootstrap { _ in ConsoleLog() }
        var logger = Logger(label: "martlet")
        logger.logLevel =
            options.logLevel ?? environment ?? file ?? (start.configuration.library.verbose ? .debug : .info)
        return logger
    }

    private static func snapshot(_ start: StartConfiguration, _ logger: Logger) throws -> Snapshot {
        do throws(SnapshotProblem) {
            let (snapshot, notes) = try start.catalog.builder.build(start.configuration, version: 1)
            for note in notes { logger.warning("\(note)") }
            return snapshot
        } catch {
            throw StartFailure(error.description)
        }
    }

    private static func listen(
        _ configuration: Configuration,
        _ lanes: LaneGroup,
        _ handler: GatewayHandler,
        _ logger: Logger
    ) throws -> Server {
        let hasKey = configuration.general.masterKey != nil || !configuration.users.isEmpty
        let host = configuration.server.host ?? (hasKey ? "0.0.0.0" : "127.0.0.1")
        let port = configuration.server.port ?? 4000
        if !hasKey {
            logger.warning(
                "no master key is set: anybody who reaches this port may use every model",
                metadata: ["host": "\(host)"]
            )
        }
        do {
            return try Server.start(
                host: host,
                port: port,
                on: lanes,
                handler: handler,
                limits: self.limits(configuration)
            )
        } catch {
            throw StartFailure(self.explain(error, host: host, port: port))
        }
    }

    private static func limits(_ configuration: Configuration) -> ServerLimits {
        let server = configuration.server
        return ServerLimits(
            head: HeadLimits(
                count: server.maxHeaders,
                fieldSize: server.maxHeaderSize,
                totalSize: server.maxHeadersSize,
                targetSize: server.maxURISize
            ),
            maximumBody: server.maxBodySize,
            headerTime: server.headerTimeout,
            idleTime: server.idleTimeout,
            minimumBodyRate: server.bodyMinRate,
            maximumConnections: server.maxConnections
        )
    }

    private static func explain(_ error: any Error, host: String, port: Int) -> String {
        guard let error = error as? IOError else { return "cannot listen on \(host):\(port): \(error)" }
        return switch error.errnoCode {
        case ErrorNumber.addressInUse:
            "port \(port) is in use on \(host): stop what listens there, or give another --port"
        case ErrorNumber.accessDenied: "this user may not listen on port \(port): ports below 1024 need a privilege"
        case ErrorNumber.addressNotAvailable: "this machine has no address \(host)"
        default: "cannot listen on \(host):\(port): \(error)"
        }
    }

    private static func announce(
        _ server: Server,
        _ snapshot: Snapshot,
        _ configuration: Configuration,
        _ logger: Logger
    ) {
        let address = server.localAddress
        logger.info(
            "listening",
            metadata: [
                "address": "http://\(address?.ipAddress ?? "?"):\(address?.port ?? 0)",
                "models": "\(configuration.modelGroups.count)", "lanes": "\(server.lanes.count)",
                "version": "\(Martlet.version)",
            ]
        )
    }

    /// Waits for a signal, then lets the requests in flight finish; a second signal ends the wait.
    private static func serve(
        until signals: SignalWaiter,
        _ server: Server,
        _ handler: GatewayHandler,
        _ configuration: Configuration,
        _ logger: Logger
    ) {
        let signal = signals.wait()
        logger.info("stopping", metadata: ["signal": "\(signal)", "connections": "\(server.openConnections)"])
        handler.beginDrain()
        let cut = server.shutDown(grace: configuration.server.shutdownTimeout) { signals.isPending }
        if cut > 0 {
            logger.warning("connections were cut", metadata: ["connections": "\(cut)"])
        } else {
            logger.info("stopped")
        }
    }
}
