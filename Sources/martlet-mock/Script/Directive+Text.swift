extension Directive {
    /// A text without its directives, and what they said together; the directive is nil if there was none.
    struct Extraction {
        var text: String
        var directive: Directive?
    }

    private static let marker = "mock:{"

    /// Takes every `mock:{...}` out of a text.
    ///
    /// A later one is laid over the earlier ones.
    static func extract(from text: String) throws(DirectiveError) -> Extraction {
        var members: [JSONValue.Member] = []
        var found = false
        var bytes = Array(text.utf8)
        while let start = bytes.firstRange(of: Array(Self.marker.utf8))?.lowerBound {
            found = true
            let end = try Self.readObject(in: bytes, at: start + Self.marker.utf8.count - 1, into: &members)
            Self.cut(start..<end, from: &bytes)
        }
        guard found else { return Extraction(text: text, directive: nil) }
        let remaining = String(decoding: bytes, as: UTF8.self)
        return Extraction(text: remaining, directive: try Directive(.object(members)))
    }

    /// Reads the object at an offset and returns where it ends.
    private static func readObject(
        in bytes: [UInt8],
        at offset: Int,
        into members: inout [JSONValue.Member]
    ) throws(DirectiveError) -> Int {
        let outcome: Result<(JSONValue, Int), JSONError> = bytes.withUnsafeBytes { raw in
            var parser = JSONParser(raw, at: offset)
            do throws(JSONError) {
                let value = try parser.value()
                return .success((value, parser.position))
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case .success((let value, let end)):
            members.append(contentsOf: value.members ?? [])
            return end
        case .failure(let error):
            throw DirectiveError(
                message: "mock directive is not JSON: \(error.message) at byte \(error.offset - offset)"
            )
        }
    }

    /// Removes a range and the spaces it leaves doubled or at the ends.
    private static func cut(_ range: Range<Int>, from bytes: inout [UInt8]) {
        var lower = range.lowerBound
        var upper = range.upperBound
        while upper < bytes.count, TextWords.isSpace(bytes[upper]) { upper += 1 }
        if upper == bytes.count {
            while lower > 0, TextWords.isSpace(bytes[lower - 1]) { lower -= 1 }
        }
        bytes.removeSubrange(lower..<upper)
    }
}

extension [UInt8] {
    /// Where a byte sequence first occurs.
    fileprivate func firstRange(of needle: [UInt8]) -> Range<Int>? {
        guard let first = needle.first, self.count >= needle.count else { return nil }
        var index = 0
        while index <= self.count - needle.count {
            if self[index] == first, self[index..<index + needle.count].elementsEqual(needle) {
                return index..<index + needle.count
            }
            index += 1
        }
        return nil
    }
}
