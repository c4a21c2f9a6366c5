package import Domain

/// Decides who calls from the key that was presented.
package struct Authentication: Sendable {
    private let masterKey: Secret<[UInt8]>?

    /// Without a master key everybody may call.
    package init(masterKey: Secret<String>?) {
        self.masterKey = masterKey.map { Secret(Array($0.reveal().utf8)) }
    }

    /// Who presents `key`: the bytes without a scheme, none where there was no key.
    ///
    /// - Throws: `GatewayError` of kind `authentication`.
    package func caller(presenting key: Span<UInt8>) throws(GatewayError) -> Caller {
        guard let masterKey else { return .anonymous }
        guard !key.isEmpty else { throw Self.missing }
        let expected = masterKey.reveal()
        guard ConstantTime.areEqual(key, expected.span) else { throw Self.wrong }
        return .admin
    }

    /// Whether callers must show a key at all.
    package var needsKey: Bool { self.masterKey != nil }

    private static let missing = GatewayError(
        .authentication,
        "No API key was given. Send it as 'Authorization: Bearer KEY', or in 'x-api-key', 'api-key' or "
            + "'x-litellm-api-key'.",
        code: "invalid_api_key"
    )

    private static let wrong = GatewayError(
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
