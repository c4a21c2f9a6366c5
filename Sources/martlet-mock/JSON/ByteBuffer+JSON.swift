internal import NIOCore

extension ByteBuffer {
    /// Writes a value as compact JSON.
    mutating func write(json value: JSONValue) {
        switch value {
        case .null: self.writeStaticString("null")
        case .bool(let flag): self.writeString(flag ? "true" : "false")
        case .integer(let number): self.writeString(String(number))
        case .number(let number): self.writeString(number.description)
        case .string(let text): self.write(jsonString: text)
        case .array(let items):
            self.writeInteger(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { self.writeInteger(UInt8(ascii: ",")) }
                self.write(json: item)
            }
            self.writeInteger(UInt8(ascii: "]"))
        case .object(let members):
            self.writeInteger(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { self.writeInteger(UInt8(ascii: ",")) }
                self.write(jsonString: member.key)
                self.writeInteger(UInt8(ascii: ":"))
                self.write(json: member.value)
            }
            self.writeInteger(UInt8(ascii: "}"))
        }
    }

    /// Writes a quoted and escaped JSON string; text beyond ASCII stays as UTF-8.
    mutating func write(jsonString text: String) {
        self.writeInteger(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var clean = 0
            for index in bytes.indices where Self.needsEscape(bytes[index]) {
                self.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[clean..<index]))
                self.writeEscape(of: bytes[index])
                clean = index + 1
            }
            self.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[clean...]))
        }
        self.writeInteger(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): self.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): self.writeStaticString("\\\\")
        case 0x0A: self.writeStaticString("\\n")
        case 0x0D: self.writeStaticString("\\r")
        case 0x09: self.writeStaticString("\\t")
        default:
            let digits = String(byte, radix: 16)
            self.writeString(digits.utf8.count == 1 ? "\\u000\(digits)" : "\\u00\(digits)")
        }
    }
}

extension JSONValue {
    /// The value as compact JSON text.
    var serialised: String {
        var buffer = ByteBuffer()
        buffer.write(json: self)
        return String(buffer: buffer)
    }
}
