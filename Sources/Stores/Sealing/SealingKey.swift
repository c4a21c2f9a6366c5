import Crypto
package import Domain
import FoundationEssentials

/// What secrets of the database are sealed with: the salt key, of which each purpose gets a key of its own.
///
/// AES-256-GCM with a random nonce; keys by HKDF-SHA256 (RFC 5869) of the salt key's UTF-8 bytes. Sealed bytes are a
/// version (1), the nonce (12 bytes), what was encrypted, and the tag (16 bytes).
package struct SealingKey: Sendable {
    private static let version: UInt8 = 1
    private static let salt = Data("martlet".utf8)
    private let material: SymmetricKey

    /// - Parameter saltKey: of any length; as hard to guess as the seal shall be to break.
    package init(_ saltKey: Secret<String>) {
        self.material = SymmetricKey(data: Data(saltKey.reveal().utf8))
    }

    /// The bytes sealed; nil when the machine has no randomness.
    func seal(_ bytes: Data, purpose: String) -> Data? {
        let version = Data([Self.version])
        guard
            let box = try? AES.GCM.seal(bytes, using: self.key(purpose), authenticating: version),
            let combined = box.combined
        else { return nil }
        return version + combined
    }

    /// Nil when they were sealed with another key, for another purpose, by a later version, or were changed.
    func open(_ sealed: Data, purpose: String) -> Data? {
        guard sealed.first == Self.version, let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst()) else {
            return nil
        }
        return try? AES.GCM.open(box, using: self.key(purpose), authenticating: Data([Self.version]))
    }

    private func key(_ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: self.material,
            salt: Self.salt,
            info: Data("seal v\(Self.version) \(purpose)".utf8),
            outputByteCount: 32
        )
    }
}
