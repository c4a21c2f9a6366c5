import CHiredis
package import NIOCore

/// Turns a server's bytes into replies: hiredis's reader behind a total interface.
///
/// hiredis parses and Swift keeps: the reader's object functions report each element to a ``ReplyTree`` and give hiredis
/// a token instead of an object, so that no memory passes from one to the other. Any bytes give replies or an error;
/// after an error the decoder gives no more. Not shared between threads.
///
/// Source: "RESP protocol spec", redis.io; read.h of hiredis 0.14 (RESP2) and 1.x (RESP3).
package final class ReplyDecoder {
    /// Whether the hiredis at hand reads RESP3.
    package static var readsRESP3: Bool { martletReadsRESP3 != 0 }

    private let reader: UnsafeMutablePointer<redisReader>?
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private let tree = ReplyTree()
    /// Fed since the last complete reply.
    private var pending = 0
    private let maxReplyBytes: Int
    private var failure: RedisError?

    /// - Parameter maxReplyBytes: the most bytes that may be fed without a reply becoming complete.
    package init(maxReplyBytes: Int = 64 << 20) {
        self.maxReplyBytes = maxReplyBytes
        self.functions = .allocate(capacity: 1)
        self.functions.initialize(to: ReplyFunctions.table())
        self.reader = redisReaderCreateWithFunctions(self.functions)
        self.reader?.pointee.privdata = Unmanaged.passUnretained(self.tree).toOpaque()
        if self.reader == nil { self.failure = .malformedReply("no memory for a reader") }
    }

    deinit {
        if let reader = self.reader { redisReaderFree(reader) }
        self.functions.deinitialize(count: 1)
        self.functions.deallocate()
    }

    /// Takes the next bytes of the connection.
    ///
    /// - Throws: `.malformedReply` when an earlier reply was none, or this one grows too large.
    package func feed(_ bytes: ByteBuffer) throws(RedisError) {
        if let failure = self.failure { throw failure }
        guard let reader = self.reader, bytes.readableBytes > 0 else { return }
        self.pending += bytes.readableBytes
        let status = bytes.withUnsafeReadableBytes { raw in
            redisReaderFeed(reader, raw.bindMemory(to: CChar.self).baseAddress, raw.count)
        }
        guard status == REDIS_OK else { throw self.fail(Self.reason(reader)) }
    }

    /// The next complete reply of what was fed, or nil.
    ///
    /// - Throws: `.malformedReply`.
    package func next() throws(RedisError) -> RedisReply? {
        if let failure = self.failure { throw failure }
        guard let reader = self.reader else { return nil }
        var token: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &token) == REDIS_OK else { throw self.fail(Self.reason(reader)) }
        guard token != nil else {
            guard self.pending <= self.maxReplyBytes else {
                throw self.fail("longer than \(self.maxReplyBytes) bytes")
            }
            return nil
        }
        guard let reply = self.tree.take() else { throw self.fail("an incomplete reply") }
        // What is left belongs to later replies; counting it again would only be an upper bound, so it starts afresh.
        self.pending = 0
        return reply
    }

    private func fail(_ reason: String) -> RedisError {
        let failure = RedisError.malformedReply(reason)
        self.failure = failure
        return failure
    }

    private static func reason(_ reader: UnsafeMutablePointer<redisReader>) -> String {
        withUnsafeBytes(of: reader.pointee.errstr) { raw in
            String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

/// The functions that hiredis calls for the elements it reads.
private enum ReplyFunctions {
    /// What hiredis holds instead of an object; never looked into.
    private static var token: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: 1) }

    /// The kinds of RESP3, which the header of hiredis 0.14 does not name.
    private static let map: CInt = 9
    private static let push: CInt = 12
    private static let verbatim: CInt = 14

    static func table() -> redisReplyObjectFunctions {
        var table = redisReplyObjectFunctions()
        table.createString = { task, start, length in Self.string(task, start, Int(length)) }
        table.createArray = { task, count in Self.array(task, Int(clamping: count)) }
        table.createInteger = { task, value in Self.add(task, .integer(Int64(value))) }
        table.createNil = { task in Self.add(task, .null) }
        table.freeObject = { _ in }
        martletSetRESP3Functions(
            &table,
            { task, value, _, _ in Self.add(task, .double(value)) },
            { task, value in Self.add(task, .boolean(value != 0)) }
        )
        return table
    }

    private static func add(_ task: UnsafePointer<redisReadTask>?, _ leaf: RedisReply) -> UnsafeMutableRawPointer? {
        guard let tree = Self.tree(task) else { return nil }
        tree.add(leaf)
        return Self.token
    }

    private static func string(
        _ task: UnsafePointer<redisReadTask>?,
        _ start: UnsafeMutablePointer<CChar>?,
        _ length: Int
    ) -> UnsafeMutableRawPointer? {
        var raw = UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : length)
        switch task?.pointee.type {
        case REDIS_REPLY_STATUS: return Self.add(task, .status(String(decoding: raw, as: UTF8.self)))
        case REDIS_REPLY_ERROR:
            return Self.add(task, .error(RedisServerError(message: String(decoding: raw, as: UTF8.self))))
        case Self.verbatim:
            // Three letters and a colon say what kind of text follows.
            raw = UnsafeRawBufferPointer(rebasing: raw.dropFirst(4))
            fallthrough
        default: return Self.add(task, .bytes(ByteBuffer(bytes: raw)))
        }
    }

    private static func array(_ task: UnsafePointer<redisReadTask>?, _ count: Int) -> UnsafeMutableRawPointer? {
        guard let tree = Self.tree(task) else { return nil }
        tree.open(task?.pointee.type == Self.push ? .push : .array, count: count)
        return Self.token
    }

    private static func tree(_ task: UnsafePointer<redisReadTask>?) -> ReplyTree? {
        guard let data = task?.pointee.privdata else { return nil }
        return Unmanaged<ReplyTree>.fromOpaque(data).takeUnretainedValue()
    }
}
