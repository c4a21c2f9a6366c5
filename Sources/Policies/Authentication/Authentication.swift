package import Domain

/// Tells the master key from others, and whether callers must show a key at all.
package struct Authentication: Sendable {
    private let masterKey: Secret<[UInt8]>?
    /// Whether callers must show a key.
    package let needsKey: Bool

    /// - Parameters:
    ///   - masterKey: without one nobody is the administrator.
    ///   - declaresUsers: whether the configuration names users, whose keys are then asked for although there is no
    ///     master key. With neither, everybody may call.
    package init(masterKey: Secret<String>?, declaresUsers: Bool = false) {
        self.masterKey = masterKey.map { Secret(Array($0.reveal().utf8)) }
        self.needsKey = masterKey != nil || declaresUsers
    }

    /// Whether `key` (the bytes without a scheme) is the master key.
    package func isMaster(_ key: Span<UInt8>) -> Bool {
        guard let masterKey, !key.isEmpty else { return false }
        let expected = masterKey.reveal()
        return ConstantTime.areEqual(key, expected.span)
    }

    package static let missing = GatewayError(
        .authentication,
        "No API key was given. Send it as 'Authorization: Bearer KEY', or in 'x-api-key', 'api-key' or "
            + "'x-litellm-api-key'.",
        code: "invalid_api_key"
    )
    package static let wrong = GatewayError(
        .authentication,
        "The API key that was given is not valid here.",
        code: "invalid_api_key"
    )
}

/// Comparisons whose time says nothing about what was compared.
enum ConstantTime {
    /// Takes as long as `presented` is long, wherever it differs; only the lengths show.
    static func areEqual(_ presented: Span<UInt8>, _ expected: Span<UInt8>) -> Bool {
        guard !expected.isEmpty else { return false }
        var difference: UInt8 = presented.count == expected.count ? 0 : 1
        for index in 0..<presented.count { difference |= presented[index] ^ expected[index % expected.count] }
        return difference == 0
    }
}
