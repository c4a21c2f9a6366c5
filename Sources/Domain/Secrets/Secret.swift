/// A value that must never be printed, logged or encoded.
///
/// The only way to the value is ``reveal()``, so that every use can be found by its name. A secret has no
/// `Encodable` conformance; its description and its mirror show three stars.
package struct Secret<Value: Sendable>: Sendable {
    private let value: Value

    package init(_ value: Value) {
        self.value = value
    }

    /// The value itself: for a header that goes to its owner, or a comparison.
    package func reveal() -> Value {
        self.value
    }
}

extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret where Value == String {
    /// Enough of a key to recognise it by, never enough to use it: `sk-...wxyz`, or `***` when it is short.
    package var masked: String {
        guard self.value.utf8.count >= 16 else { return "***" }
        return "\(self.value.prefix(3))...\(self.value.suffix(4))"
    }
}
