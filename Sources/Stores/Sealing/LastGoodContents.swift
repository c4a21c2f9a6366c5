import Domain
import FoundationEssentials

/// What the last good state consists of: a version, the number of its last change, then each record as its kind (one
/// byte), its document's length (four bytes) and its document.
enum LastGoodContents {
    private static let magic = Data("martlet last good 1\n".utf8)
    /// The order is that of the file's format: new kinds come last.
    private static let kinds: [RecordKind] = [
        .key, .user, .team, .organization, .endUser, .budget, .tag, .model,
    ]

    static func encode(
        _ records: RecordSet,
        keys: ((VirtualKey) -> Void) -> Void
    ) throws(StoreError) -> Data {
        var writer = Writer()
        writer.data.append(Self.magic)
        writer.append(UInt64(bitPattern: records.revision))
        keys { writer.append($0) }
        for record in records.keys { writer.append(record) }
        for record in records.users { writer.append(record) }
        for record in records.teams { writer.append(record) }
        for record in records.organizations { writer.append(record) }
        for record in records.endUsers { writer.append(record) }
        for record in records.budgets { writer.append(record) }
        for record in records.tags { writer.append(record) }
        for record in records.models { writer.append(record) }
        if let failure = writer.failure { throw failure }
        return writer.data
    }

    /// - Throws: `corrupt` for a file of another version, or one that breaks off.
    static func decode(_ contents: Data) throws(StoreError) -> RecordSet {
        guard contents.starts(with: Self.magic) else {
            throw StoreError(.corrupt, "it is of another version")
        }
        var records = RecordSet()
        let result: Result<Void, StoreError> = contents.withUnsafeBytes { bytes in
            var reader = Reader(bytes: UnsafeRawBufferPointer(rebasing: bytes.dropFirst(Self.magic.count)))
            do throws(StoreError) {
                records.revision = Int64(bitPattern: try reader.number(UInt64.self))
                while !reader.isAtEnd { try reader.record(into: &records) }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
        return records
    }

    private struct Writer {
        var data = Data()
        var failure: StoreError?
        private let encoder = DocumentEncoder()

        mutating func append<Record: StoredRecord>(_ record: Record) {
            guard self.failure == nil, let kind = LastGoodContents.kinds.firstIndex(of: Record.kind) else { return }
            do throws(StoreError) {
                let document = try self.encoder.encode(record)
                self.data.append(UInt8(kind))
                self.append(UInt32(clamping: document.utf8.count))
                self.data.append(contentsOf: document.utf8)
            } catch {
                self.failure = error
            }
        }

        mutating func append(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.bigEndian) { self.data.append(contentsOf: $0) }
        }
    }

    private struct Reader {
        var bytes: UnsafeRawBufferPointer
        private let documents = DocumentReader()

        init(bytes: UnsafeRawBufferPointer) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { self.bytes.isEmpty }

        mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws(StoreError) -> Number {
            Number(bigEndian: try self.take(MemoryLayout<Number>.size).loadUnaligned(as: Number.self))
        }

        mutating func record(into records: inout RecordSet) throws(StoreError) {
            let kind = Int(try self.number(UInt8.self))
            let document = try self.take(Int(try self.number(UInt32.self)))
            guard kind < LastGoodContents.kinds.count else {
                throw StoreError(.corrupt, "it is of another version")
            }
            switch LastGoodContents.kinds[kind] {
            case .key: records.keys.append(try self.documents.readKey(document))
            case .user: records.users.append(try self.documents.read(User.self, document))
            case .team: records.teams.append(try self.documents.read(Team.self, document))
            case .organization: records.organizations.append(try self.documents.read(Organization.self, document))
            case .endUser: records.endUsers.append(try self.documents.read(EndUser.self, document))
            case .budget: records.budgets.append(try self.documents.read(Budget.self, document))
            case .tag: records.tags.append(try self.documents.read(Tag.self, document))
            case .model: records.models.append(try self.documents.read(StoredModel.self, document))
            }
        }

        private mutating func take(_ count: Int) throws(StoreError) -> UnsafeRawBufferPointer {
            guard count <= self.bytes.count else { throw StoreError(.corrupt, "it breaks off") }
            defer { self.bytes = UnsafeRawBufferPointer(rebasing: self.bytes[count...]) }
            return UnsafeRawBufferPointer(rebasing: self.bytes[..<count])
        }
    }
}
