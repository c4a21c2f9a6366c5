import NIOCore

/// What is said on a connection before commands: who we are, and which database we mean.
///
/// `HELLO` does it in one round trip and is as old as Redis 6; what does not know it is asked with `AUTH`. RESP2 is
/// asked for: nothing here needs RESP3, and hiredis before 1.0 does not read it.
struct Handshake {
    let connection: RedisConnection
    let recipe: RedisConnection.Recipe
    let deadline: NIODeadline
    let loop: any EventLoop

    /// The future fails with a `RedisError`.
    func run() -> EventLoopFuture<Void> {
        let hello = self.connection.send(self.hello, deadline: self.deadline).flatMapError { error in
            guard case RedisError.server(let answer) = error else { return self.loop.makeFailedFuture(error) }
            return switch answer.code {
            case "ERR", "NOPROTO": self.authenticate()
            default: self.refused(answer)
            }
        }
        let database = self.recipe.database
        guard database != 0 else { return hello.map { _ in } }
        return hello.flatMap { _ in
            self.connection.send(RedisCommand("SELECT", .integer(Int64(database))), deadline: self.deadline)
        }.flatMapError { error in
            guard case RedisError.server(let answer) = error else { return self.loop.makeFailedFuture(error) }
            return self.refused(answer)
        }.map { _ in }
    }

    private var hello: RedisCommand {
        var words: [RedisCommand.Word] = ["HELLO", "2"]
        if let credentials = self.recipe.credentials {
            words += ["AUTH", .text(credentials.user ?? "default"), .text(credentials.password.reveal())]
        }
        return RedisCommand(words + ["SETNAME", .text(self.recipe.clientName)])
    }

    private func authenticate() -> EventLoopFuture<RedisReply> {
        guard let credentials = self.recipe.credentials else {
            return self.connection.send(RedisCommand("PING"), deadline: self.deadline).flatMapError { error in
                guard case RedisError.server(let answer) = error else { return self.loop.makeFailedFuture(error) }
                return self.refused(answer)
            }
        }
        let password = RedisCommand.Word.text(credentials.password.reveal())
        let words: [RedisCommand.Word] = credentials.user.map { ["AUTH", .text($0), password] } ?? ["AUTH", password]
        return self.connection.send(RedisCommand(words), deadline: self.deadline).flatMapError { error in
            guard case RedisError.server(let answer) = error else { return self.loop.makeFailedFuture(error) }
            return self.refused(answer)
        }
    }

    /// A server's own words about a command it refused may repeat the command, so the password is taken out.
    private func refused(_ answer: RedisServerError) -> EventLoopFuture<RedisReply> {
        var message = answer.message
        if let password = self.recipe.credentials?.password.reveal(), !password.isEmpty {
            message = message.split(separator: password, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return self.loop.makeFailedFuture(RedisError.connectionFailed(message))
    }
}
