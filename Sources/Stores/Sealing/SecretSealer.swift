package import Domain
import FoundationEssentials

/// Seals texts for the database, as base64 of what a ``SealingKey`` makes.
package struct SecretSealer: Sealer {
    private let key: SealingKey

    package init(_ key: SealingKey) {
        self.key = key
    }

    package func seal(_ text: String, purpose: String) -> String? {
        self.key.seal(Data(text.utf8), purpose: purpose)?.base64EncodedString()
    }

    package func open(_ sealed: String, purpose: String) -> Secret<String>? {
        guard let bytes = Data(base64Encoded: sealed), let text = self.key.open(bytes, purpose: purpose) else {
            return nil
        }
        return String(validating: text, as: UTF8.self).map { Secret($0) }
    }
}
