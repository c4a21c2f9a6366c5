import Crypto
import Domain
import Logging

/// What every handler works with.
struct Desk: Sendable {
    let store: any Store
    let state: (any GatewayState)?
    let sealer: any Sealer
    let clock: any WallClock
    let random: @Sendable (Int) -> [UInt8]
    let settings: ManagementSettings
    let logger: Logger

    func find<Record: StoredRecord>(_ type: Record.Type, _ id: String) async throws(GatewayError) -> Versioned<Record>?
    {
        do {
            return try await self.store.find(type, id: id)
        } catch {
            throw self.refused(error)
        }
    }

    func list<Record: StoredRecord>(
        _ type: Record.Type,
        _ query: RecordQuery
    ) async throws(GatewayError) -> Page<Versioned<Record>> {
        do {
            return try await self.store.list(type, query)
        } catch {
            throw self.refused(error)
        }
    }

    /// Every record that `query` matches, whatever its page says, oldest first.
    func all<Record: StoredRecord>(
        _ type: Record.Type,
        _ query: RecordQuery = RecordQuery()
    ) async throws(GatewayError) -> [Versioned<Record>] {
        var query = query
        query.size = 500
        query.page = 1
        query.sort = .id
        query.descending = false
        var result: [Versioned<Record>] = []
        while true {
            let page = try await self.list(type, query)
            result += page.items
            guard page.items.count == query.size else { return result }
            query.page += 1
        }
    }

    /// The records of these ids that exist.
    func find<Record: StoredRecord>(
        _ type: Record.Type,
        ids: [String]
    ) async throws(GatewayError) -> [String: Record] {
        guard !ids.isEmpty else { return [:] }
        var query = RecordQuery()
        query.ids = ids
        return Dictionary(try await self.all(type, query).map { ($0.record.id, $0.record) }) { first, _ in first }
    }

    func refused(_ error: StoreError) -> GatewayError {
        self.logger.warning(
            "store refused management",
            metadata: ["kind": "\(error.kind)", "detail": "\(error.detail)"]
        )
        return .store(error)
    }

    /// A random UUID (RFC 9562, version 4).
    func makeID() -> String {
        var bytes = self.random(16)
        guard bytes.count == 16 else { return Self.hex(bytes) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array(Self.hex(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] })
    }
}

extension KeyHash {
    /// The hash of a key, as all that is kept of it.
    init(of key: String) {
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in SHA256.hash(data: Array(key.utf8)).enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        self.init(words: (words[0], words[1], words[2], words[3]))
    }
}
