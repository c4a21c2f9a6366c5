import Domain
import FoundationEssentials

/// Writes records as the JSON documents that the store keeps; ``DocumentReader`` reads them.
struct DocumentEncoder {
    private let encoder: JSONEncoder

    init() {
        self.encoder = JSONEncoder()
        // Equal records have equal documents.
        self.encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// - Throws: `refused` for a record that JSON cannot hold.
    func encode(_ value: some Encodable) throws(StoreError) -> String {
        do {
            return String(decoding: try self.encoder.encode(value), as: UTF8.self)
        } catch {
            throw StoreError(.refused, "a record cannot be written as JSON")
        }
    }
}
