import Crypto
import Domain
import NIOCore
import Policies
import Transport

/// The stage that finds out who calls.
///
/// Keys are looked up in the snapshot: no database stands on this path.
struct Identify {
    let snapshot: Snapshot
    let quotas: Quotas

    /// - Throws: `authentication` for a key that nobody has, `unavailable` while that cannot be known.
    func caller(_ exchange: Exchange) throws(GatewayError) -> Caller {
        let headers = RequestKeyHeaders(exchange.head.fields)
        let key = PresentedKey.find(customHeader: self.snapshot.settings.keyHeader, in: headers)
        let authentication = self.snapshot.authentication
        let directory = self.snapshot.directory
        if authentication.isMaster(key.readableBytesUInt8Span) { return .admin }
        let now = exchange.lane.clock.time
        if key.readableBytes > 0,
            let principal = directory.principal(of: KeyDigest.hash(key), quotas: self.quotas, now: now)
        {
            return .key(principal)
        }
        guard authentication.needsKey else { return .anonymous }
        guard key.readableBytes > 0 else { throw Authentication.missing }
        guard directory.isLoaded else { throw Self.cannotKnow }
        throw Authentication.wrong
    }

    private static let cannotKnow = GatewayError(
        .unavailable,
        "Keys cannot be checked at the moment: the database was not reachable since this gateway started. "
            + "Try again in some seconds.",
        code: "database_unavailable",
        retryAfterMilliseconds: 5000
    )
}

/// The digest that a key is known by.
enum KeyDigest {
    static func hash(_ key: ByteBuffer) -> KeyHash {
        key.withUnsafeReadableBytes { bytes in
            var hasher = SHA256()
            hasher.update(bufferPointer: bytes)
            var words: [UInt64] = [0, 0, 0, 0]
            for (index, byte) in hasher.finalize().enumerated() {
                words[index / 8] = words[index / 8] << 8 | UInt64(byte)
            }
            return KeyHash(words: (words[0], words[1], words[2], words[3]))
        }
    }
}
