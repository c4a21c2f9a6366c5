import NIOCore
import WireFormats

/// The three readers of JSON against each other, and the splicer against them.
enum JSONFuzz {
    static func run(_ input: ByteBuffer) {
        let scanned = self.scan(input)
        switch Result(catching: { () throws(JSONSyntaxError) in try JSONValue(parsing: input) }) {
        case .failure(let error):
            precondition(scanned == error, "the scanner says \(String(describing: scanned)), the parser \(error)")
        case .success(let value):
            precondition(scanned == nil, "the parser takes what the scanner refuses: \(String(describing: scanned))")
            self.rewrite(value)
        }
        self.splice(input)
    }

    private static func scan(_ input: ByteBuffer) -> JSONSyntaxError? {
        let bytes = input.readableBytesUInt8Span
        var offset = 0
        do throws(JSONSyntaxError) {
            JSONScanner.skipWhitespace(bytes, &offset)
            try JSONScanner.skipValue(bytes, &offset)
            JSONScanner.skipWhitespace(bytes, &offset)
            return offset == bytes.count ? nil : JSONSyntaxError(.trailingBytes, at: offset)
        } catch {
            return error
        }
    }

    private static func rewrite(_ value: JSONValue) {
        let text = value.serialized
        guard let again = try? JSONValue(parsing: text) else { preconditionFailure("wrote what it cannot read") }
        precondition(again == value, "a value changed by being written")
        precondition(again.serialized == text, "a text changed by being written again")
    }

    /// Removes some members (the input's own bits say which), and replaces the others.
    private static func splice(_ input: ByteBuffer) {
        let bytes = input.readableBytesUInt8Span
        var members = JSONMembers()
        guard (try? members.scan(bytes)) != nil else { return }
        precondition(self.scan(input) == nil, "members of what is no JSON")
        let mask = input.readableBytesView.reduce(into: UInt64(0)) { $0 = $0 &* 31 &+ UInt64($1) }
        let gone = members.items.indices.filter { mask >> ($0 % 64) & 1 == 1 }
        var splice = JSONSplice()
        splice.remove(gone, of: members.items, in: bytes)
        for index in members.items.indices where !gone.contains(index) {
            splice.replace(members.items[index].value, with: ByteBuffer(string: "[0]"))
        }
        var output = ByteBuffer()
        splice.apply(to: input, into: &output)
        var after = JSONMembers()
        guard (try? after.scan(output.readableBytesUInt8Span)) != nil else { preconditionFailure("spliced no object") }
        let kept = members.items.indices.filter { !gone.contains($0) }.map { self.slice(input, members.items[$0].key) }
        precondition(after.items.map { self.slice(output, $0.key) } == kept, "other members than were kept")
        precondition(after.items.allSatisfy { self.slice(output, $0.value) == ByteBuffer(string: "[0]") })
    }

    private static func slice(_ text: ByteBuffer, _ range: Range<Int>) -> ByteBuffer {
        text.slice(text.readerIndex + range.lowerBound, range.count)
    }
}
