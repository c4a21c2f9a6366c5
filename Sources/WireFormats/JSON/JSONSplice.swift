package import NIOCore

/// A list of cuts and insertions that turns one JSON text into another without touching the bytes between.
///
/// Edits are given in any order and must not overlap; positions are those of the original text.
package struct JSONSplice: Sendable {
    private struct Edit: Sendable {
        var range: Range<Int>
        var replacement: ByteBuffer
    }

    private var edits: [Edit] = []

    package init() {}

    package var isEmpty: Bool { self.edits.isEmpty }

    /// Puts `replacement` in the place of the bytes of `range` (an empty range inserts).
    package mutating func replace(_ range: Range<Int>, with replacement: ByteBuffer) {
        self.edits.append(Edit(range: range, replacement: replacement))
    }

    /// Takes a member out of the object `members` were found in, together with the comma that is then too many.
    ///
    /// Of neighbouring members that all go, the commas between go with them.
    package mutating func remove(_ gone: [Int], of members: [JSONMember], in bytes: Span<UInt8>) {
        // In any order and named twice, runs would not be seen as such and leave a comma too many.
        let gone = Set(gone).sorted()
        var index = 0
        while index < gone.count {
            var last = index
            while last + 1 < gone.count, gone[last + 1] == gone[last] + 1 { last += 1 }
            self.removeRun(gone[index]...gone[last], of: members, leaving: gone[index] > 0, in: bytes)
            index = last + 1
        }
    }

    private mutating func removeRun(
        _ run: ClosedRange<Int>,
        of members: [JSONMember],
        leaving hasPrevious: Bool,
        in bytes: Span<UInt8>
    ) {
        let start = members[run.lowerBound].key.lowerBound - 1
        let end = members[run.upperBound].value.upperBound
        if run.upperBound + 1 < members.count {
            // The next key's quote is kept; the comma before it goes.
            self.replace(start..<members[run.upperBound + 1].key.lowerBound - 1, with: ByteBuffer())
        } else if hasPrevious {
            // The comma before the run goes.
            self.replace(members[run.lowerBound - 1].value.upperBound..<end, with: ByteBuffer())
        } else {
            self.replace(start..<end, with: ByteBuffer())
        }
    }

    /// Appends the edited text to `output`.
    package func apply(to original: ByteBuffer, into output: inout ByteBuffer) {
        let base = original.readerIndex
        var position = 0
        var grown = original.readableBytes
        for edit in self.edits { grown += edit.replacement.readableBytes - edit.range.count }
        output.reserveCapacity(minimumWritableBytes: max(0, grown))
        for edit in self.edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            if position < edit.range.lowerBound {
                output.writeImmutableBuffer(original.slice(base + position, edit.range.lowerBound - position))
            }
            output.writeImmutableBuffer(edit.replacement)
            position = max(position, edit.range.upperBound)
        }
        if position < original.readableBytes {
            output.writeImmutableBuffer(original.slice(base + position, original.readableBytes - position))
        }
    }
}

extension ByteBuffer {
    /// The bytes of a range that is known to lie inside the readable ones; an empty buffer if it does not.
    package func slice(_ index: Int, _ length: Int) -> ByteBuffer {
        self.getSlice(at: index, length: length) ?? ByteBuffer()
    }
}
