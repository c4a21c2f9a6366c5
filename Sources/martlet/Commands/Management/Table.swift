import NIOCore
import WireFormats

/// Rows for people: columns as wide as their widest cell.
struct Table {
    private let titles: [String]
    private var rows: [[String]] = []

    init(_ titles: [String]) {
        self.titles = titles
    }

    /// Adds `values` of `object`, in the order of the titles.
    mutating func add(_ object: JSONValue, _ fields: [String]) {
        self.rows.append(fields.map { Self.text(object, $0) })
    }

    var rendered: String {
        let widths = self.titles.indices.map { column in
            ([self.titles] + self.rows).map { $0[column].count }.max() ?? 0
        }
        return ([self.titles] + self.rows).map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// A field for people; a list of models without entries lets all of them.
    static func text(_ object: JSONValue, _ field: String) -> String {
        field == "models" && object[field]?.array?.isEmpty == true ? "all" : self.text(object[field])
    }

    /// A value for people, or a dash where there is none.
    ///
    /// Control characters, which could steer a terminal, are left out.
    static func text(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "-" }
        if let texts = value.array { return texts.isEmpty ? "-" : texts.map(self.text).joined(separator: ",") }
        let text = value.string ?? String(buffer: value.serialized)
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
    }
}

/// One record for people, a line a field.
enum Sheet {
    static func render(_ object: JSONValue, _ fields: [String]) -> String {
        let width = fields.map(\.count).max() ?? 0
        return fields.map { field in
            field + String(repeating: " ", count: width - field.count + 2) + Table.text(object, field) + "\n"
        }.joined()
    }
}

/// Query strings.
enum QueryString {
    /// `?a=1&b=2` of those that have a value (RFC 3986, section 2.1).
    static func make(_ items: [(String, String?)]) -> String {
        let pairs = items.compactMap { name, value in value.map { "\(name)=\(self.encode($0))" } }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }

    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return result
    }
}
