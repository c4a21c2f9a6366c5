/// A Lua script that servers keep under the digest of its text.
package struct RedisScript: Sendable {
    package let source: String
    /// SHA-1 in hexadecimal digits: what `EVALSHA` calls it by.
    package let digest: String

    package init(_ source: String) {
        self.source = source
        self.digest = SHA1.hexadecimal(source.utf8)
    }

    /// Runs it by its digest; the server answers `NOSCRIPT` when it does not have it.
    package func byDigest(keys: [String], arguments: [RedisCommand.Word]) -> RedisCommand {
        self.command("EVALSHA", self.digest, keys, arguments)
    }

    /// Runs it by its text, which the server then keeps.
    func bySource(keys: [String], arguments: [RedisCommand.Word]) -> RedisCommand {
        self.command("EVAL", self.source, keys, arguments)
    }

    private func command(
        _ name: String,
        _ script: String,
        _ keys: [String],
        _ arguments: [RedisCommand.Word]
    ) -> RedisCommand {
        var words: [RedisCommand.Word] = [.text(name), .text(script), .integer(Int64(keys.count))]
        words.reserveCapacity(3 + keys.count + arguments.count)
        for key in keys { words.append(.text(key)) }
        words.append(contentsOf: arguments)
        return RedisCommand(words, key: keys.first)
    }
}
