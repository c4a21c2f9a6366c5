package import NIOCore

/// A JSON value that keeps what a translation must not change: the order of keys and the spelling of numbers.
///
/// Strings stay as they were written (escaped, a slice of the original text) until somebody asks for their text, so
/// that carrying a value from one format to another copies bytes and decodes nothing.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(JSONString)
    case array([JSONValue])
    case object(JSONObject)
}

/// A number as it was spelled.
package struct JSONNumber: Sendable, Equatable {
    package let spelling: ByteBuffer

    package init(spelling: ByteBuffer) {
        self.spelling = spelling
    }

    package init(_ value: Int) {
        self.spelling = ByteBuffer(string: String(value))
    }

    /// The value if it is a whole number spelled without fraction or exponent.
    package var integer: Int? { Int(String(buffer: self.spelling)) }

    package var double: Double? { Double(String(buffer: self.spelling)) }
}

/// A string, either still escaped as it stood in a text, or decoded.
package enum JSONString: Sendable {
    /// The inside of the string literal, without its quotes.
    case escaped(ByteBuffer)
    case text(String)

    package var text: String {
        switch self {
        case .text(let text): text
        case .escaped(let raw): JSONText.decode(raw.readableBytesUInt8Span, 0..<raw.readableBytes)
        }
    }

    package var isEmpty: Bool {
        switch self {
        case .text(let text): text.isEmpty
        case .escaped(let raw): raw.readableBytes == 0
        }
    }

    /// Appends the string's inside, escaped, without quotes.
    package func writeEscaped(into output: inout ByteBuffer) {
        switch self {
        case .text(let text): JSONText.escape(text, into: &output)
        case .escaped(let raw): output.writeImmutableBuffer(raw)
        }
    }

    /// Whether the text is `other`, without decoding where nothing is escaped.
    package func isEqual(to other: StaticString) -> Bool {
        switch self {
        case .text(let text): JSONText.areIdentical(text, "\(other)")
        case .escaped(let raw):
            JSONPeek.matches(raw.readableBytesUInt8Span, 0..<raw.readableBytes, other)
                || JSONText.hasEscape(raw.readableBytesUInt8Span) && JSONText.areIdentical(self.text, "\(other)")
        }
    }
}

extension JSONString: Equatable {
    /// The same scalars: unlike Swift's strings, JSON's are not the same for looking the same.
    package static func == (a: JSONString, b: JSONString) -> Bool { JSONText.areIdentical(a.text, b.text) }
}

/// Members in the order they were written.
package struct JSONObject: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var key: String
        package var value: JSONValue

        package static func == (a: Member, b: Member) -> Bool {
            JSONText.areIdentical(a.key, b.key) && a.value == b.value
        }
    }

    package private(set) var members: [Member]

    package init(_ members: [(String, JSONValue)] = []) {
        self.members = members.map { Member(key: $0.0, value: $0.1) }
    }

    /// An empty object with room for `capacity` members.
    package init(capacity: Int) {
        self.members = []
        self.members.reserveCapacity(capacity)
    }

    package var isEmpty: Bool { self.members.isEmpty }

    /// The value of `key`.
    ///
    /// Setting replaces in place, appends what is new and, given `nil`, removes.
    package subscript(key: String) -> JSONValue? {
        get { self.members.first { JSONText.areIdentical($0.key, key) }?.value }
        set {
            let index = self.members.firstIndex { JSONText.areIdentical($0.key, key) }
            switch (index, newValue) {
            case (let index?, let value?): self.members[index].value = value
            case (let index?, nil): self.members.remove(at: index)
            case (nil, let value?): self.members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Replaces the value of the member at `index`.
    mutating func replace(at index: Int, with value: JSONValue) {
        self.members[index].value = value
    }

    /// Adds a member without looking whether the key is there already.
    package mutating func append(_ key: String, _ value: JSONValue) {
        self.members.append(Member(key: key, value: value))
    }
}

extension JSONValue {
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    package var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }
    package var string: String? { if case .string(let string) = self { string.text } else { nil } }
    package var integer: Int? { if case .number(let number) = self { number.integer } else { nil } }
    package var double: Double? { if case .number(let number) = self { number.double } else { nil } }
    package var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    package var isNull: Bool { self == .null }

    /// The member `key` if this is an object that has it.
    package subscript(key: String) -> JSONValue? { self.object?[key] }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral text: String) { self = .string(.text(text)) }
    package init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral members: (String, JSONValue)...) { self = .object(JSONObject(members)) }
}

extension JSONValue {
    /// A string value of `text`.
    package static func text(_ text: String) -> JSONValue { .string(.text(text)) }
    package static func integer(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}
