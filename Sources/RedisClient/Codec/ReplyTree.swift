import NIOCore

/// Puts the elements that hiredis reports one after another together into a reply.
///
/// Used by one decoder only. Elements are kept as they come and never reserved for in advance: a server that announces
/// two thousand million elements has to send them before they take memory.
final class ReplyTree {
    enum Kind {
        case array
        case push
    }

    private struct Level {
        var kind: Kind
        var missing: Int
        var elements: [RedisReply] = []
    }

    private var levels: [Level] = []
    private(set) var complete: RedisReply?

    /// An element without elements of its own.
    func add(_ leaf: RedisReply) {
        var value = leaf
        while let last = self.levels.indices.last {
            self.levels[last].elements.append(value)
            self.levels[last].missing -= 1
            guard self.levels[last].missing == 0 else { return }
            let level = self.levels.removeLast()
            value = Self.reply(level)
        }
        self.complete = value
    }

    func open(_ kind: Kind, count: Int) {
        let level = Level(kind: kind, missing: count)
        guard count > 0 else { return self.add(Self.reply(level)) }
        self.levels.append(level)
    }

    func take() -> RedisReply? {
        defer { self.complete = nil }
        return self.complete
    }

    private static func reply(_ level: Level) -> RedisReply {
        switch level.kind {
        case .array: .array(level.elements)
        case .push: .push(level.elements)
        }
    }
}
