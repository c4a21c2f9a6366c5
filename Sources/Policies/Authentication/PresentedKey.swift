package import NIOCore

/// Finds the key a request presents.
///
/// The order is LiteLLM's (litellm.md, section 5.1): the configured header, `x-litellm-api-key`, `authorization`,
/// `api-key` (Azure's SDK), `x-api-key` (Anthropic's).
package enum PresentedKey {
    /// The key's bytes, without a scheme; empty when there is none.
    ///
    /// `headers` are the request's, `customHeader` is `litellm_key_header_name`.
    package static func find(
        customHeader: String?,
        in headers: some KeyHeaders
    ) -> ByteBuffer {
        if let customHeader, let value = headers.header(named: customHeader) { return self.withoutScheme(value) }
        if let value = headers.header("x-litellm-api-key") { return self.withoutScheme(value) }
        if let value = headers.header("authorization") { return self.withoutScheme(value) }
        return headers.header("api-key") ?? headers.header("x-api-key") ?? ByteBuffer()
    }

    private static func withoutScheme(_ value: ByteBuffer) -> ByteBuffer {
        var key = value
        for scheme in ["bearer ", "basic "] as [StaticString] where self.hasPrefix(key.readableBytesUInt8Span, scheme) {
            key.moveReaderIndex(forwardBy: scheme.utf8CodeUnitCount)
            break
        }
        while key.getInteger(at: key.readerIndex, as: UInt8.self) == 0x20 { key.moveReaderIndex(forwardBy: 1) }
        return key
    }

    private static func hasPrefix(_ bytes: Span<UInt8>, _ prefix: StaticString) -> Bool {
        guard bytes.count >= prefix.utf8CodeUnitCount else { return false }
        for index in 0..<prefix.utf8CodeUnitCount {
            let byte = bytes[index]
            let lowered = byte &- 0x41 < 26 ? byte | 0x20 : byte
            guard lowered == prefix.utf8Start[index] else { return false }
        }
        return true
    }
}

/// Access to a request's headers, as ``PresentedKey`` needs it.
package protocol KeyHeaders {
    func header(_ name: StaticString) -> ByteBuffer?
    func header(named name: String) -> ByteBuffer?
}
