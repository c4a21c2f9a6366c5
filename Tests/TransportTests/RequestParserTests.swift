import Domain
import NIOCore
import TestSupport
import Testing

@testable import Transport

struct RequestParserTests {
    @Test(arguments: RequestCorpus.refused)
    func refusesForTheRightReason(_ refusal: Refusal) {
        #expect(defect(refusal.text) == refusal.defect)
    }

    @Test(arguments: RequestCorpus.refused)
    func whatIsRefusedWholeIsRefusedByteByByte(_ refusal: Refusal) {
        #expect(parse(refusal.text, step: 1) == [.refused])
    }

    @Test(arguments: RequestCorpus.refused)
    func nothingIsReadBehindARefusal(_ refusal: Refusal) {
        // An unfinished extension only becomes a refusal with what follows it.
        let said = parse(refusal.text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", step: 1 << 20)
        #expect(said == [.refused])
    }

    @Test(arguments: RequestCorpus.taken)
    func takesTheSameHoweverTheBytesArrive(_ text: String) {
        let whole = parse(text, step: 1 << 20)
        #expect(!whole.isEmpty && !whole.contains(.refused))
        for step in [1, 2, 3, 5, 7, 11] { #expect(parse(text, step: step) == whole, "in steps of \(step)") }
    }

    @Test(arguments: RequestCorpus.taken)
    func takesTheSameSplitAtEachByte(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = parse(bytes, step: 1 << 20)
        for split in 1..<bytes.count {
            #expect(parse([bytes[..<split], bytes[split...]]) == whole, "split at \(split)")
        }
    }

    @Test func allOfThemPassOnOneConnection() {
        let text = RequestCorpus.taken.joined()
        let whole = parse(text, step: 1 << 20)
        #expect(whole.count == RequestCorpus.taken.count + 2)
        #expect(parse(text, step: 1) == whole)
        #expect(parse(text, step: 13) == whole)
    }

    /// Mutated requests: never a crash, and the same outcome whole as byte by byte.
    @Test func mutatedRequestsReadTheSameHoweverTheyArrive() {
        var random = SeededRandom(seed: 1)
        let sources = RequestCorpus.taken.map { Array($0.utf8) } + RequestCorpus.refused.map { Array($0.text.utf8) }
        let spice = Array("\r\n\0\t :;,0f-+ \u{b}/@chunked".utf8)
        for round in 0..<1000 {
            var bytes = sources.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
                default: bytes[place] = spice.randomElement(using: &random) ?? 0
                }
            }
            let whole = parse(bytes, step: 1 << 20)
            let single = parse(bytes, step: 1)
            // A client that waits for `100 Continue` is told so only when its body has not come yet.
            let agree = whole == single.filter { $0 != .sendContinue }
            #expect(agree, "round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    @Test func readsHowTheConnectionGoesOn() throws {
        let table: [(String, Bool)] = [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close ,y\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", true),
            ("GET / HTTP/1.0\r\n\r\n", false),
            ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true),
            ("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false),
        ]
        for (text, keepsAlive) in table {
            let head = try RequestHeadParser(limits: HeadLimits()).parse(
                ByteBuffer(string: text),
                reusing: HeaderFields()
            )
            #expect(head.keepsAlive == keepsAlive, "\(text.debugDescription)")
        }
    }

    @Test(arguments: [
        ("GET", RequestHead.Method.get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("PATCH", .patch),
        ("DELETE", .delete), ("OPTIONS", .options), ("get", .other), ("Post", .other), ("POSTS", .other), ("P", .other),
    ])
    func knowsMethodsByTheirExactName(_ name: String, _ method: RequestHead.Method) throws {
        let bytes = ByteBuffer(string: "\(name) /a?b HTTP/1.1\r\nHost: a\r\n\r\n")
        let head = try RequestHeadParser(limits: HeadLimits()).parse(bytes, reusing: HeaderFields())
        #expect(head.method == method)
        #expect(head.pathText == "/a")
        #expect(head.query.map { head.fields.text($0) } == "b")
    }

    @Test func asksForTheBodyOnlyWhenItHasNotBegun() {
        let head = "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n"
        let bytes = Array((head + "hello").utf8)
        let request = Said.request(path: "/p", body: "hello")
        #expect(parse(bytes, step: 1 << 20) == [request])
        #expect(parse([bytes[..<head.utf8.count], bytes[head.utf8.count...]]) == [.sendContinue, request])
        let chunked = Array(
            "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n".utf8
        )
        #expect(parse([chunked[...]]) == [.sendContinue])
        let old = Array("POST /p HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n".utf8)
        #expect(parse([old[...]]) == [])
    }

    // MARK: Limits

    private static let small = HeadLimits(count: 3, fieldSize: 300, totalSize: 600, targetSize: 300)

    private func request(target: String = "/", fields: [String]) -> String {
        "GET \(target) HTTP/1.1\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    @Test func holdsTheNumberOfFields() {
        #expect(defect(self.request(fields: ["Host: a", "b:", "c:"]), limits: Self.small) == nil)
        #expect(
            defect(self.request(fields: ["Host: a", "b:", "c:", "d:"]), limits: Self.small) == .tooManyFields(limit: 3)
        )
    }

    @Test func holdsTheSizeOfAField() {
        #expect(defect(self.request(fields: ["Host: a", "b:" + self.text(298)]), limits: Self.small) == nil)
        let long = self.request(fields: ["Host: a", "b:" + self.text(299)])
        #expect(defect(long, limits: Self.small) == .fieldTooLarge(limit: 300))
    }

    @Test func holdsTheSizeOfAllFields() {
        let long = self.request(fields: ["Host: a", "b:" + self.text(298), "c:" + self.text(298)])
        #expect(defect(long, limits: Self.small) == .headTooLarge(limit: 600))
        #expect(parse(long, step: 1, limits: Self.small) == [.refused])
    }

    @Test func holdsTheSizeOfTheTarget() {
        #expect(defect(self.request(target: "/" + self.text(299), fields: ["Host: a"]), limits: Self.small) == nil)
        let long = self.request(target: "/" + self.text(300), fields: ["Host: a"])
        #expect(defect(long, limits: Self.small) == .uriTooLong(limit: 300))
    }

    @Test func refusesAHeadThatDoesNotEndBeforeItIsWhole() {
        #expect(defect("GET /" + self.text(400), limits: Self.small) == .uriTooLong(limit: 300))
        #expect(defect("GET / HTTP/1.1\r\nb: " + self.text(1000), limits: Self.small) == .headTooLarge(limit: 600))
    }

    @Test func refusesALongBodyByItsHead() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n"
        #expect(defect(head, maximumBody: 10) == .bodyTooLarge(limit: 10))
        #expect(defect("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n", maximumBody: 10) == nil)
        let waiting = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"
        #expect(defect(waiting, maximumBody: 10) == .bodyTooLarge(limit: 10))
    }

    @Test func refusesALongChunkedBodyWhileItComes() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(defect(head + "8\r\n01234567\r\n2\r\n01", maximumBody: 10) == nil)
        #expect(defect(head + "8\r\n01234567\r\n3\r\n012", maximumBody: 10) == .bodyTooLarge(limit: 10))
        // A chunk that only says how long it will be is not worth waiting for either, but nothing is set aside for it.
        #expect(defect(head + "fffffff\r\n01234567890", maximumBody: 10) == .bodyTooLarge(limit: 10))
    }

    @Test func knowsWhatItWaitsFor() {
        var parser = RequestParser(limits: HeadLimits(), maximumBody: 100)
        var inbound = ByteBuffer()
        #expect(parser.phase(buffered: 0) == .idle)
        inbound.writeString("POST / HT")
        _ = parser.next(&inbound)
        #expect(parser.phase(buffered: inbound.readableBytes) == .head)
        inbound.writeString("TP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        _ = parser.next(&inbound)
        #expect(parser.phase(buffered: inbound.readableBytes) == .body)
        #expect(parser.bodyBytes == 2)
        inbound.writeString("llo")
        guard case .request = parser.next(&inbound) else {
            Issue.record("no request")
            return
        }
        #expect(parser.phase(buffered: inbound.readableBytes) == .idle)
    }

    @Test func everyDefectHasAnAnswerForTheClient() {
        let table: [(HeadDefect, Int)] = [
            (.badStartLine, 400), (.badVersion, 505), (.badTarget, 400), (.absoluteTarget, 400),
            (.uriTooLong(limit: 1), 414),
            (.badFieldName, 400), (.badFieldValue, 400), (.foldedField, 400), (.tooManyFields(limit: 1), 431),
            (.fieldTooLarge(limit: 1), 431), (.headTooLarge(limit: 1), 431), (.bareLineFeed, 400), (.missingHost, 400),
            (.badHost, 400), (.badContentLength, 400), (.duplicateContentLength, 400), (.lengthAndEncoding, 400),
            (.unsupportedEncoding, 501), (.unsupportedExpectation, 417), (.badChunk, 400),
            (.bodyTooLarge(limit: 1), 413),
        ]
        for (defect, status) in table {
            #expect(defect.error.status == status)
            #expect(defect.error.type == "invalid_request_error")
        }
    }
}
