/// Why a transaction was not committed.
package enum PostgresTransactionError<Failure: Error>: Error {
    /// The database, or the way to it.
    case database(PostgresError)
    /// The closure, for a reason of its own.
    case body(Failure)
}

/// How one run of a transaction ended.
private enum TransactionEnd<Result: Sendable, Failure: Error>: Sendable {
    case committed(Result)
    case gaveUp(Failure)
    case failed(PostgresError, mayRepeat: Bool)
}

extension PostgresPool {
    /// Runs `body` in a transaction, which is committed unless it throws.
    ///
    /// When the server gives the transaction up for another's sake (a deadlock, a serialization failure), or the
    /// connection breaks before the commit, `body` is run again from its beginning, after a short pause and not for
    /// ever. So it must not change anything outside.
    ///
    /// - Throws: `.body` with what `body` throws, unless a statement failed for a reason that the database is to blame
    ///   for. After an `unreachable` or `timedOut` it is not known whether the transaction was committed.
    package func transaction<Result: Sendable, Failure: Error>(
        _ mode: PostgresTransactionMode = .readWrite,
        within timeout: Duration? = nil,
        _ body: @escaping @Sendable (PostgresConnection) throws(Failure) -> Result
    ) async throws(PostgresTransactionError<Failure>) -> Result {
        let deadline = ContinuousClock.now + (timeout ?? self.options.timeout)
        var attempt = 1
        while true {
            switch await self.attempt(mode, until: deadline, body) {
            case .committed(let result): return result
            case .gaveUp(let failure): throw .body(failure)
            case .failed(let error, let mayRepeat):
                // 5 ms, 10 ms, ...: deadlocks are found after a second, so that others have gone on by then.
                let pause = Duration.milliseconds(5 << attempt) * Double.random(in: 0.25...1)
                guard mayRepeat, attempt < self.options.attempts, .now + pause < deadline, !Task.isCancelled else {
                    throw .database(error)
                }
                // A cancelled task is found out by the next attempt.
                try? await Task.sleep(for: pause)
            }
            attempt += 1
        }
    }

    private func attempt<Result: Sendable, Failure: Error>(
        _ mode: PostgresTransactionMode,
        until deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (PostgresConnection) throws(Failure) -> Result
    ) async -> TransactionEnd<Result, Failure> {
        do throws(PostgresError) {
            return try await self.withConnection(until: deadline) { connection in connection.transact(mode, body) }
        } catch {
            return .failed(error, mayRepeat: false)
        }
    }
}

extension PostgresConnection {
    fileprivate func transact<Result: Sendable, Failure: Error>(
        _ mode: PostgresTransactionMode,
        _ body: (PostgresConnection) throws(Failure) -> Result
    ) -> TransactionEnd<Result, Failure> {
        do throws(PostgresError) {
            try self.begin(mode)
        } catch {
            return .failed(error, mayRepeat: error.invitesRepetition)
        }
        let result: Result
        do throws(Failure) {
            result = try body(self)
        } catch {
            self.rollback()
            guard let failure = self.failure, failure.isUnavailability || failure.invitesRepetition else {
                return .gaveUp(error)
            }
            return .failed(failure, mayRepeat: failure.invitesRepetition)
        }
        do throws(PostgresError) {
            try self.commit()
            return .committed(result)
        } catch {
            self.rollback()
            // Of a commit whose answer is missing nobody knows whether it was made; one that only read has no effect.
            return .failed(error, mayRepeat: error.kind != .unreachable || mode == .readOnly)
        }
    }
}
