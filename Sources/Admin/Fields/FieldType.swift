import WireFormats

/// What a field's value must be, for reading it, for telling what was expected, and for the OpenAPI document.
indirect enum FieldType: Sendable, Equatable {
    case text
    case choice([String])
    case flag
    /// A whole number from 0.
    case count
    /// US dollars from 0, with at most nine decimals.
    case money
    /// `30s`, `15m`, `12h`, `30d`, `2w`, `1mo`.
    case period
    case time
    case date
    case texts
    case textMap
    case flagMap
    case countMap
    /// Any object; kept as it was written.
    case object
    case list(of: FieldType)
    case map(of: FieldType)
    case record([FieldDescription])
    case either(FieldType, FieldType)
    case anything

    /// After "expected": what a person should have sent.
    var expectation: String {
        switch self {
        case .text: "a string"
        case .choice(let names): "one of \(names.map { "'\($0)'" }.joined(separator: ", "))"
        case .flag: "true or false"
        case .count: "a whole number from 0"
        case .money: "an amount of US dollars from 0 with at most nine decimals, such as 12.5"
        case .period: "a period such as '30s', '15m', '12h', '30d', '2w' or '1mo'"
        case .time: "a time such as '2026-11-22T21:42:37Z'"
        case .date: "a date such as '2026-11-22'"
        case .texts: "a list of strings"
        case .textMap: "an object whose values are strings"
        case .flagMap: "an object whose values are true or false"
        case .countMap: "an object whose values are whole numbers from 0"
        case .object: "an object"
        case .list(let element): "a list, each element \(element.expectation)"
        case .map(let element): "an object, each value \(element.expectation)"
        case .record(let fields): "an object with \(fields.map { "'\($0.name)'" }.joined(separator: ", "))"
        case .either(let first, let second): "\(first.expectation), or \(second.expectation)"
        case .anything: "any JSON value"
        }
    }

    /// For people, in one or two words.
    var shortName: String {
        switch self {
        case .text: "string"
        case .choice(let names): names.joined(separator: " | ")
        case .flag: "boolean"
        case .count: "integer"
        case .money: "dollars"
        case .period: "period"
        case .time: "time"
        case .date: "date"
        case .texts: "strings"
        case .textMap: "string map"
        case .flagMap: "boolean map"
        case .countMap: "integer map"
        case .object, .record: "object"
        case .list(let element): "list of \(element.shortName)"
        case .map(let element): "map of \(element.shortName)"
        case .either(let first, let second): "\(first.shortName) or \(second.shortName)"
        case .anything: "any"
        }
    }
}

/// What a value that was sent is, for people.
extension JSONValue {
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// Whether the value says nothing: what clients send for fields that they do not use.
    var saysNothing: Bool {
        switch self {
        case .null, .bool(false): true
        case .bool(true): false
        case .number(let number): number.double == 0
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        }
    }
}
