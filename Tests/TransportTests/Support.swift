import NIOCore
@testable import Transport

/// One thing that a parser said, in a form that can be compared.
enum Said: Equatable {
    case sendContinue
    case request(path: String, body: String)
    case refused
}

/// Feeds `text` to a request parser in pieces of `step` bytes and gives all that it said.
func parse(_ text: String, step: Int, limits: HeadLimits = HeadLimits(), maximumBody: Int = 1_000_000) -> [Said] {
    parse(Array(text.utf8), step: step, limits: limits, maximumBody: maximumBody)
}

func parse(_ bytes: [UInt8], step: Int, limits: HeadLimits = HeadLimits(), maximumBody: Int = 1_000_000) -> [Said] {
    parse(pieces(of: bytes, step: step), limits: limits, maximumBody: maximumBody)
}

func parse(_ pieces: [ArraySlice<UInt8>], limits: HeadLimits = HeadLimits(), maximumBody: Int = 1_000_000) -> [Said] {
    var parser = RequestParser(limits: limits, maximumBody: maximumBody)
    var inbound = ByteBuffer()
    var said: [Said] = []
    for piece in pieces {
        inbound.writeBytes(piece)
        reading: while true {
            switch parser.next(&inbound) {
            case .needsMore: break reading
            case .sendContinue: said.append(.sendContinue)
            case .request(let head, let body):
                said.append(.request(path: head.pathText, body: String(buffer: body)))
                parser.recycle(head)
            case .refused:
                said.append(.refused)
                return said
            }
        }
    }
    return said
}

func pieces(of bytes: [UInt8], step: Int) -> [ArraySlice<UInt8>] {
    stride(from: 0, to: bytes.count, by: step).map { bytes[$0..<min($0 + step, bytes.count)] }
}

/// The defect a whole request is refused for, or nil when it is taken (or not whole).
func defect(_ text: String, limits: HeadLimits = HeadLimits(), maximumBody: Int = 1_000_000) -> HeadDefect? {
    var parser = RequestParser(limits: limits, maximumBody: maximumBody)
    var inbound = ByteBuffer(string: text)
    if case .refused(let defect) = parser.next(&inbound) { return defect }
    return nil
}
