import WireFormats

extension AnthropicConversation {
    /// Brings the turns into the form Anthropic insists on: a user's first, an answer to every call and none without.
    mutating func repair() {
        self.pairResults()
        self.mergeNeighbours()
        self.trimEnd()
        if self.turns.first?.role != .user {
            self.turns.insert(AnthropicTurn(role: .user, blocks: [Self.placeholder]), at: 0)
        }
    }

    /// Something must be said, and this says least.
    private static let placeholder: JSONValue = ["type": "text", "text": "."]

    /// Gives each call exactly one result in the very next turn; results nobody asked for go.
    private mutating func pairResults() {
        var paired: [AnthropicTurn] = []
        var open: [String] = []
        for turn in self.turns {
            if turn.role == .assistant {
                if !open.isEmpty { paired.append(Self.answered(open, by: [])) }
                open = turn.blocks.compactMap(Self.callID)
                paired.append(turn)
            } else {
                paired.append(Self.answered(open, by: turn.blocks))
                open = []
            }
        }
        if !open.isEmpty { paired.append(Self.answered(open, by: [])) }
        self.turns = paired.filter { !$0.blocks.isEmpty }
    }

    private static func callID(_ block: JSONValue) -> String? {
        AnthropicTurn.kind(block) == "tool_use" ? block["id"]?.string : nil
    }

    /// A user's turn with the results of `calls` first, in the order they were given, and the rest behind.
    private static func answered(_ calls: [String], by blocks: [JSONValue]) -> AnthropicTurn {
        let wanted = Set(calls)
        var results: [JSONValue] = []
        var places: [String: Int] = [:]
        var rest: [JSONValue] = []
        for block in blocks {
            guard AnthropicTurn.kind(block) == "tool_result" else {
                rest.append(block)
                continue
            }
            guard let id = block["tool_use_id"]?.string, wanted.contains(id) else { continue }
            if let place = places[id] {
                results[place] = block
            } else {
                places[id] = results.count
                results.append(block)
            }
        }
        for id in calls where places[id] == nil {
            places[id] = results.count
            let missing: JSONValue = [
                "type": "tool_result", "tool_use_id": .text(id), "content": "[no result was given]",
            ]
            results.append(missing)
        }
        return AnthropicTurn(role: .user, blocks: results + rest)
    }

    private mutating func mergeNeighbours() {
        var merged: [AnthropicTurn] = []
        for turn in self.turns {
            if let last = merged.indices.last, merged[last].role == turn.role {
                merged[last].blocks += turn.blocks
            } else {
                merged.append(turn)
            }
        }
        self.turns = merged
    }

    /// White space at the end of an assistant's last text is refused.
    private mutating func trimEnd() {
        guard let last = self.turns.indices.last, self.turns[last].role == .assistant,
            let end = self.turns[last].blocks.indices.last, var block = self.turns[last].blocks[end].object,
            block["type"]?.string == "text", let text = block["text"]?.string, text.last?.isWhitespace == true
        else { return }
        var trimmed = text
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        if trimmed.isEmpty {
            self.turns[last].blocks.remove(at: end)
            if self.turns[last].blocks.isEmpty { self.turns.remove(at: last) }
        } else {
            block["text"] = .text(trimmed)
            self.turns[last].blocks[end] = .object(block)
        }
    }
}
