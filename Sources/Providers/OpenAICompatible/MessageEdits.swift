import NIOCore
import WireFormats

/// Finds what a vendor does not take inside `messages` and `tools`, and notes the cuts.
///
/// The texts between stay as the client wrote them; nothing is decoded.
struct MessageEdits {
    let rules: RequestRules
    let body: ByteBuffer

    /// Walks the list of messages at `messages`.
    func edit(_ messages: Range<Int>, _ bytes: Span<UInt8>, _ splice: inout JSONSplice) {
        var walk = ArrayWalk(messages, in: bytes)
        var members: [JSONMember] = []
        while let message = walk.next(in: bytes) {
            members.removeAll(keepingCapacity: true)
            var walk = ObjectWalk(message, in: bytes)
            while let member = walk.next(in: bytes) { members.append(member) }
            self.editMessage(members, bytes, &splice)
        }
    }

    private func editMessage(_ members: [JSONMember], _ bytes: Span<UInt8>, _ splice: inout JSONSplice) {
        let role = members.first { JSONPeek.matches(bytes, $0.key, "role") }?.value
        var gone: [Int] = []
        for (index, member) in members.enumerated() {
            if self.mustGo(member, role: role, bytes) {
                gone.append(index)
            } else if JSONPeek.matches(bytes, member.key, "content") {
                self.editContent(member.value, bytes, &splice)
            } else if self.rules.developerIsSystem, JSONPeek.matches(bytes, member.key, "role"),
                JSONPeek.isString(member.value, "developer", in: bytes)
            {
                splice.replace(member.value, with: ByteBuffer(string: #""system""#))
            }
        }
        splice.remove(gone, of: members, in: bytes)
    }

    private func mustGo(_ member: JSONMember, role: Range<Int>?, _ bytes: Span<UInt8>) -> Bool {
        if JSONPeek.isOne(of: self.rules.strippedMessageMembers, member.key, in: bytes) { return true }
        if self.rules.stripsNulls, JSONPeek.isNull(member.value, in: bytes),
            JSONPeek.isString(role, "assistant", in: bytes)
        {
            return true
        }
        if let roles = self.rules.namedRoles, JSONPeek.matches(bytes, member.key, "name") {
            for named in roles where JSONPeek.isString(role, named, in: bytes) { return false }
            return true
        }
        return false
    }

    private func editContent(_ content: Range<Int>, _ bytes: Span<UInt8>, _ splice: inout JSONSplice) {
        guard JSONPeek.isArray(content, in: bytes) else { return }
        if self.rules.joinsText, let joined = self.joinedText(content, bytes) {
            splice.replace(content, with: joined)
            return
        }
        guard !self.rules.strippedMessageMembers.isEmpty else { return }
        var parts = ArrayWalk(content, in: bytes)
        while let part = parts.next(in: bytes) {
            var members: [JSONMember] = []
            var gone: [Int] = []
            var walk = ObjectWalk(part, in: bytes)
            while let member = walk.next(in: bytes) {
                if JSONPeek.isOne(of: self.rules.strippedMessageMembers, member.key, in: bytes) {
                    gone.append(members.count)
                }
                members.append(member)
            }
            if !gone.isEmpty { splice.remove(gone, of: members, in: bytes) }
        }
    }

    /// The texts of a list of text parts as one string, a line each; nil when other parts are among them.
    private func joinedText(_ content: Range<Int>, _ bytes: Span<UInt8>) -> ByteBuffer? {
        var joined = ByteBuffer(string: "\"")
        var parts = ArrayWalk(content, in: bytes)
        var isFirst = true
        while let part = parts.next(in: bytes) {
            guard JSONPeek.isString(JSONPeek.member("type", of: part, in: bytes), "text", in: bytes),
                let text = JSONPeek.stringContent(JSONPeek.member("text", of: part, in: bytes), in: bytes)
            else { return nil }
            if !isFirst { joined.writeStaticString("\\n") }
            isFirst = false
            joined.writeImmutableBuffer(self.body.slice(text))
        }
        joined.writeStaticString("\"")
        return joined
    }

    /// Takes `strict` out of every function of `tools`.
    static func stripStrict(fromTools tools: Range<Int>, _ bytes: Span<UInt8>, _ splice: inout JSONSplice) {
        var walk = ArrayWalk(tools, in: bytes)
        while let tool = walk.next(in: bytes) {
            guard let function = JSONPeek.member("function", of: tool, in: bytes) else { continue }
            var members: [JSONMember] = []
            var gone: [Int] = []
            var inside = ObjectWalk(function, in: bytes)
            while let member = inside.next(in: bytes) {
                if JSONPeek.matches(bytes, member.key, "strict") { gone.append(members.count) }
                members.append(member)
            }
            splice.remove(gone, of: members, in: bytes)
        }
    }
}
