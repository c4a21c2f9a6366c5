import Domain
import FoundationEssentials

/// What was spent, as its file holds it: a version, then JSON.
enum LastGoodSpend {
    private static let magic = Data("martlet spend 1\n".utf8)

    static func encode(_ spend: [KeptSpend]) throws(StoreError) -> Data {
        Self.magic + Data(try DocumentEncoder().encode(spend).utf8)
    }

    /// - Throws: `corrupt` for a file of another version.
    static func decode(_ contents: Data) throws(StoreError) -> [KeptSpend] {
        guard contents.starts(with: Self.magic) else { throw StoreError(.corrupt, "it is of another version") }
        let result: Result<[KeptSpend], StoreError> = contents.withUnsafeBytes { bytes in
            let document = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(Self.magic.count))
            do throws(StoreError) {
                return .success(try DocumentReader().read([KeptSpend].self, document))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
