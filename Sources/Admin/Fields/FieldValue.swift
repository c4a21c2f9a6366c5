import Domain
import NIOCore
import WireFormats

/// Why a value was not taken: the rest of a sentence that begins with the field's name.
struct FieldProblem: Error, Sendable, Equatable {
    var text: String

    init(_ text: String) {
        self.text = text
    }

    static func expected(_ type: FieldType, _ value: JSONValue) -> FieldProblem {
        FieldProblem("expected \(type.expectation), got \(value.kindName)")
    }
}

/// Reads single values strictly: nothing is converted from a type to another.
enum FieldValue {
    /// Names, ids and aliases are bounded, so that no record grows beyond what a database takes.
    private static let longestText = 4096
    private static let mostElements = 10_000

    static func text(_ value: JSONValue) throws(FieldProblem) -> String {
        guard let text = value.string else { throw .expected(.text, value) }
        guard text.utf8.count <= self.longestText else {
            throw FieldProblem("longer than \(self.longestText) bytes")
        }
        guard !text.unicodeScalars.contains(where: { $0.value == 0 }) else {
            throw FieldProblem("contains a NUL character")
        }
        return text
    }

    static func flag(_ value: JSONValue) throws(FieldProblem) -> Bool {
        guard let flag = value.bool else { throw .expected(.flag, value) }
        return flag
    }

    static func count(_ value: JSONValue) throws(FieldProblem) -> Int {
        guard case .number(let number) = value else { throw .expected(.count, value) }
        let spelling = String(buffer: number.spelling)
        guard let reading = ScaledDecimal.read(spelling, scale: 0), reading.isExact,
            let count = Int(exactly: reading.value)
        else { throw FieldProblem("expected \(FieldType.count.expectation), got \(Self.shown(spelling))") }
        guard count >= 0 else { throw FieldProblem("must not be negative, got \(Self.shown(spelling))") }
        return count
    }

    static func money(_ value: JSONValue) throws(FieldProblem) -> NanoDollars {
        guard case .number(let number) = value else { throw .expected(.money, value) }
        let spelling = String(buffer: number.spelling)
        guard let amount = NanoDollars(exactly: spelling) else {
            throw FieldProblem("expected \(FieldType.money.expectation), got \(Self.shown(spelling))")
        }
        guard amount >= .zero else { throw FieldProblem("must not be negative, got \(Self.shown(spelling))") }
        return amount
    }

    static func period(_ value: JSONValue) throws(FieldProblem) -> BudgetPeriod {
        let text = try self.text(value)
        guard let period = BudgetPeriod(text) else {
            throw FieldProblem("expected \(FieldType.period.expectation), got '\(Self.shown(text))'")
        }
        return period
    }

    static func time(_ value: JSONValue) throws(FieldProblem) -> WallTime {
        let text = try self.text(value)
        guard let time = WallTime(iso: text) else {
            throw FieldProblem("expected \(FieldType.time.expectation), got '\(Self.shown(text))'")
        }
        return time
    }

    static func texts(_ value: JSONValue) throws(FieldProblem) -> [String] {
        try self.list(value, of: .text) { (element) throws(FieldProblem) in try self.text(element) }
    }

    static func list<Element>(
        _ value: JSONValue,
        of type: FieldType,
        _ read: (JSONValue) throws(FieldProblem) -> Element
    ) throws(FieldProblem) -> [Element] {
        guard let elements = value.array else { throw .expected(.list(of: type), value) }
        guard elements.count <= self.mostElements else {
            throw FieldProblem("more than \(self.mostElements) elements")
        }
        var result: [Element] = []
        for (index, element) in elements.enumerated() {
            do {
                result.append(try read(element))
            } catch {
                throw FieldProblem("element \(index): \(error.text)")
            }
        }
        return result
    }

    static func map<Element>(
        _ value: JSONValue,
        of type: FieldType,
        _ read: (JSONValue) throws(FieldProblem) -> Element
    ) throws(FieldProblem) -> [String: Element] {
        guard let object = value.object else { throw .expected(.map(of: type), value) }
        guard object.members.count <= self.mostElements else {
            throw FieldProblem("more than \(self.mostElements) members")
        }
        var result: [String: Element] = [:]
        for member in object.members {
            do {
                result[member.key] = try read(member.value)
            } catch {
                throw FieldProblem("'\(Self.shown(member.key))': \(error.text)")
            }
        }
        return result
    }

    /// An object's text, as the client wrote its numbers and strings.
    static func object(_ value: JSONValue) throws(FieldProblem) -> String {
        guard case .object = value else { throw .expected(.object, value) }
        let text = String(buffer: value.serialized)
        guard text.utf8.count <= 65_536 else { throw FieldProblem("larger than 65536 bytes") }
        return text
    }

    static func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: JSONValue,
        _ type: Choice.Type
    ) throws(FieldProblem) -> Choice where Choice.RawValue == String {
        let text = try self.text(value)
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue)
            throw FieldProblem("expected \(FieldType.choice(names).expectation), got '\(Self.shown(text))'")
        }
        return choice
    }

    /// What somebody sent, short enough for a message.
    static func shown(_ text: String) -> String {
        text.count > 80 ? "\(text.prefix(80))..." : text
    }
}
