import Testing

@testable import Transport

/// Requests that must be refused, each with why.
struct Refusal: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var defect: HeadDefect

    init(_ name: String, _ text: String, _ defect: HeadDefect) {
        self.name = name
        self.text = text
        self.defect = defect
    }

    var testDescription: String { self.name }
}

enum RequestCorpus {
    static let refused: [Refusal] = framing + lines + hosts + targets + chunks

    private static func post(_ fields: String, _ body: String = "") -> String {
        "POST /v1/x HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    private static func get(_ fields: String) -> String {
        "GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n"
    }

    static let framing: [Refusal] = [
        Refusal(
            "length and coding",
            post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
            .lengthAndEncoding
        ),
        Refusal(
            "coding and length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"),
            .lengthAndEncoding
        ),
        Refusal("two equal lengths", post("Content-Length: 5\r\nContent-Length: 5", "hello"), .duplicateContentLength),
        Refusal("two unlike lengths", post("Content-Length: 5\r\nContent-Length: 6", "hello"), .duplicateContentLength),
        Refusal("a list of lengths", post("Content-Length: 5, 5", "hello"), .badContentLength),
        Refusal("a length with plus", post("Content-Length: +5", "hello"), .badContentLength),
        Refusal("a length with minus", post("Content-Length: -5", "hello"), .badContentLength),
        Refusal("a length with a space", post("Content-Length: 1 5", "hello"), .badContentLength),
        Refusal("a length in hex", post("Content-Length: 0x5", "hello"), .badContentLength),
        Refusal("an empty length", post("Content-Length:", "hello"), .badContentLength),
        Refusal("a length of 19 digits", post("Content-Length: 1000000000000000000"), .badContentLength),
        Refusal("two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), .unsupportedEncoding),
        Refusal("chunked twice", post("Transfer-Encoding: chunked, chunked"), .unsupportedEncoding),
        Refusal("chunked, identity", post("Transfer-Encoding: chunked, identity"), .unsupportedEncoding),
        Refusal("identity", post("Transfer-Encoding: identity"), .unsupportedEncoding),
        Refusal("gzip, chunked", post("Transfer-Encoding: gzip, chunked"), .unsupportedEncoding),
        Refusal("xchunked", post("Transfer-Encoding: xchunked"), .unsupportedEncoding),
        Refusal("chunked in quotes", post("Transfer-Encoding: \"chunked\""), .unsupportedEncoding),
        Refusal("an empty coding", post("Transfer-Encoding:"), .unsupportedEncoding),
        Refusal("a vertical tab in the coding", post("Transfer-Encoding: \u{b}chunked"), .badFieldValue),
        Refusal("a form feed in the coding", post("Transfer-Encoding: chunked\u{c}"), .badFieldValue),
        Refusal(
            "a coding in HTTP/1.0",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .unsupportedEncoding
        ),
        Refusal("another expectation", post("Expect: 200-ok\r\nContent-Length: 2", "{}"), .unsupportedExpectation),
    ]

    static let lines: [Refusal] = [
        Refusal("a bare LF after the start line", "GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        Refusal("a bare LF after a field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", .bareLineFeed),
        Refusal("a bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        Refusal("a bare CR in a value", get("X: a\rb"), .badFieldValue),
        Refusal("a CR before the line's end", get("X: a\r"), .badFieldValue),
        Refusal("a bare CR in the start line", "GET /\rHTTP/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("a folded field", get("X: a\r\n b"), .foldedField),
        Refusal("a field folded with a tab", get("X: a\r\n\tb"), .foldedField),
        Refusal("a space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedField),
        Refusal("a space before the colon", get("X : a"), .badFieldName),
        Refusal("a tab before the colon", get("Content-Length\t: 5"), .badFieldName),
        Refusal("no colon", get("X"), .badFieldName),
        Refusal("no name", get(": a"), .badFieldName),
        Refusal("NUL in a value", get("X: a\u{0}b"), .badFieldValue),
        Refusal("DEL in a value", get("X: a\u{7f}"), .badFieldValue),
        Refusal("NUL in a name", get("X\u{0}: a"), .badFieldName),
        Refusal("a control character in a name", get("X\u{1}: a"), .badFieldName),
        Refusal("brackets in a name", get("X[]: a"), .badFieldName),
        Refusal("a name beyond ASCII", get("X\u{e9}: a"), .badFieldName),
    ]

    static let hosts: [Refusal] =
        [
            Refusal("no host", "GET / HTTP/1.1\r\n\r\n", .missingHost),
            Refusal("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .badHost),
            Refusal("two hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", .badHost),
        ]
        + [
            "", "a/b", "a b", "a@b", "a?b", "a#b", "a\\b", "a,b", "a%2fb", "\u{e9}", "\"a\"", "a:80:80", "a:x", "a:-1",
            ":80",
            "[::1", "::1", "[::1]x", "[]", "[::1]:x", "a]", "a:123456",
        ].map { Refusal("host '\($0)'", "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n", .badHost) }

    static let targets: [Refusal] = [
        Refusal("an absolute target", "GET http://a/v1/models HTTP/1.1\r\nHost: a\r\n\r\n", .absoluteTarget),
        Refusal("an authority", "GET a:443 HTTP/1.1\r\nHost: a\r\n\r\n", .absoluteTarget),
        Refusal("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", .absoluteTarget),
        Refusal("a star", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", .absoluteTarget),
        Refusal("a target without a slash", "GET models HTTP/1.1\r\nHost: a\r\n\r\n", .absoluteTarget),
        Refusal("a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Refusal("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("a tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("a byte beyond ASCII", "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("a space in front", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("a space behind", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("HTTP/0.9", "GET /\r\n\r\n", .badStartLine),
        Refusal("HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", .badVersion),
        Refusal("HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", .badVersion),
        Refusal("HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .badVersion),
        Refusal("HTTP/1", "GET / HTTP/1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("HTTP/01.1", "GET / HTTP/01.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("http in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("http in mixed case", "GET / HtTP/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refusal("TLS", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n", .badStartLine),
    ]

    static let chunks: [Refusal] = [
        ("garbage", "zz\r\n"), ("a minus", "-5\r\nhello\r\n"), ("a plus", "+5\r\nhello\r\n"),
        ("0x", "0x5\r\nhello\r\n"),
        ("an empty size", "\r\nhello\r\n"), ("a leading space", " 5\r\nhello\r\n"),
        ("a space behind", "5 \r\nhello\r\n"),
        ("sixteen digits", "0000000000000005\r\nhello\r\n"), ("an overflow", "ffffffffffffffff\r\n"),
        ("seventeen digits", "10000000000000000\r\n"), ("a bare LF after the size", "5\nhello\r\n"),
        ("a bare CR after the size", "5\rhello\r\n"), ("no CR LF after the data", "5\r\nhello0\r\n\r\n"),
        ("a bare LF after the data", "5\r\nhello\n0\r\n\r\n"), ("too much data", "5\r\nhello!\r\n0\r\n\r\n"),
        ("NUL in an extension", "5;a=\u{0}\r\nhello\r\n"), ("a bare LF in a trailer", "0\r\nX: a\n\r\n"),
        ("an extension without an end", "5;" + String(repeating: "a", count: 5000)),
    ].map { Refusal("chunk: \($0.0)", post("Transfer-Encoding: chunked", $0.1), .badChunk) }

    /// Requests that must be taken, one after the other on one connection.
    static let taken: [String] = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a?b=c?d HTTP/1.1\r\nhOST:a:8080\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:4000\r\nX:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a_b.example-1~.\r\nX: \t a\tb \t\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello",
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /q HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6; a=b;c=\"d\"\r\n world\r\n0\r\n\r\n",
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n00A\r\n0123456789\r\n000;x\r\nX-T: 1\r\nY: 2\r\n\r\n"
            + "GET /q HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n",
        "get / HTTP/1.1\r\nHost: a\r\n\r\n",
        "M-SEARCH /\u{7e}%zz HTTP/1.1\r\nHost: a\r\n\r\n",
    ]
}
