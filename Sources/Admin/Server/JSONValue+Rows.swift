import Domain
import NIOCore
import WireFormats

/// How values of the domain are spelled in answers.
extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
    static func optional(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }
    static func optional(_ flag: Bool?) -> JSONValue { flag.map { .bool($0) } ?? .null }

    /// Dollars, exactly; whole amounts with `.0`, so that a client that reads numbers by their spelling sees a float.
    static func money(_ amount: NanoDollars) -> JSONValue {
        let text = amount.description
        return .number(JSONNumber(spelling: ByteBuffer(string: text.contains(".") ? text : text + ".0")))
    }

    static func money(_ amount: NanoDollars?) -> JSONValue { amount.map { .money($0) } ?? .null }

    /// ISO 8601; what was never set is null.
    static func time(_ time: WallTime?) -> JSONValue {
        guard let time, time != .distantPast else { return .null }
        return .text(time.description)
    }

    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .text($0) }) }
    static func texts(_ texts: [String]?) -> JSONValue { texts.map { .texts($0) } ?? .null }

    static func map<Value>(_ map: [String: Value], _ write: (Value) -> JSONValue) -> JSONValue {
        .object(JSONObject(map.sorted { $0.key < $1.key }.map { ($0.key, write($0.value)) }))
    }

    /// A stored JSON text; an empty object where there is none, or it is none.
    static func stored(_ text: String?) -> JSONValue {
        guard let text else { return .object(JSONObject()) }
        // A text that cannot be read is nothing to fail a whole answer for.
        return (try? JSONValue(parsing: ByteBuffer(string: text))) ?? .object(JSONObject())
    }
}
