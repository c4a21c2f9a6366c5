/// A password that must never be printed, logged or encoded.
package struct RedisPassword: Sendable, Equatable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    /// The password itself, for the server it belongs to.
    func reveal() -> String {
        self.value
    }
}

extension RedisPassword: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Who we are to a server.
package struct RedisCredentials: Sendable, Equatable {
    /// Nil: the user `default`, which servers before Redis 6 have alone.
    package var user: String?
    package var password: RedisPassword

    package init(user: String? = nil, password: RedisPassword) {
        self.user = user
        self.password = password
    }
}
