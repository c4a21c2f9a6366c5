import Domain
import PostgresClient
import Settings
import Stores
import Transport

/// Which database the configuration asks for.
///
/// Nothing is connected: a database that is away stops no start.
enum StoreOpening {
    /// Enough for booking, following changes and a management client or two; each is a thread.
    private static let connections = 10

    /// `timeout`: how long one transaction may take.
    ///
    /// - Throws: `StartFailure` when the URL is not one of a database.
    static func open(
        _ general: GeneralSettings,
        _ data: DataDirectory,
        _ clock: SystemClock,
        timeout: Duration = .seconds(30)
    ) throws -> any Store {
        guard let location = general.database else {
            return SQLStore(SQLiteDatabase(SQLiteLocation(path: data.database)), clock: clock)
        }
        switch location.kind {
        case .sqlite: return SQLStore(try self.sqlite(location), clock: clock)
        case .postgres: return SQLStore(try self.postgres(location, general.databasePoolSize, timeout), clock: clock)
        }
    }

    private static func sqlite(_ location: DatabaseLocation) throws -> SQLiteDatabase {
        do throws(StoreError) {
            return SQLiteDatabase(try SQLiteLocation(url: location.url.reveal()))
        } catch {
            throw StartFailure("database_url: \(error.detail)")
        }
    }

    private static func postgres(
        _ location: DatabaseLocation,
        _ size: Int?,
        _ timeout: Duration
    ) throws -> PostgresDatabase {
        do throws(PostgresURLError) {
            var options = PostgresOptions(try PostgresURL(location.url.reveal()))
            options.timeout = timeout
            options.size = options.url.connectionLimit ?? size ?? self.connections
            return PostgresDatabase(options)
        } catch {
            throw StartFailure("database_url: \(error.reason)")
        }
    }
}
