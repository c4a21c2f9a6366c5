import NIOCore

/// Writes a table as comma-separated values (RFC 4180).
///
/// Texts that a spreadsheet would run as a formula begin with an apostrophe: names and tags come from outside.
struct CSVText: Sendable {
    enum Cell: Sendable, ExpressibleByStringLiteral {
        case text(String)
        /// Digits that we made ourselves.
        case number(String)

        init(stringLiteral text: String) { self = .text(text) }

        static func number(_ value: Int) -> Cell { .number(String(value)) }
        static func optional(_ text: String?) -> Cell { .text(text ?? "") }
    }

    private(set) var buffer = ByteBuffer()

    init(header: [String]) {
        self.append(header.map { .text($0) })
    }

    mutating func append(_ row: [Cell]) {
        for (index, cell) in row.enumerated() {
            if index > 0 { self.buffer.writeInteger(UInt8(ascii: ",")) }
            switch cell {
            case .number(let digits): self.buffer.writeString(digits)
            case .text(let text): self.buffer.writeString(Self.quoted(Self.harmless(text)))
            }
        }
        self.buffer.writeStaticString("\r\n")
    }

    private static func harmless(_ text: String) -> String {
        guard let first = text.utf8.first else { return text }
        return "=+-@\t\r".utf8.contains(first) ? "'" + text : text
    }

    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    func answer(_ fileName: String) -> Answer {
        var answer = Answer(contentType: "text/csv; charset=utf-8", body: self.buffer)
        answer.headers.append(("content-disposition", "attachment; filename=\"\(fileName)\""))
        return answer
    }
}

/// How an answer is wanted.
enum AnswerFormat: String, Sendable, CaseIterable {
    case json
    case csv
}
