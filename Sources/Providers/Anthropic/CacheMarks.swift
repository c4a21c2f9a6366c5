import WireFormats

/// Keeps the number of cache breakpoints at what Anthropic takes.
///
/// The first marks of the tools and the system prompt stay, which change least, and the last ones of the messages,
/// which reach furthest. Source: Anthropic API reference, "Prompt caching".
enum CacheMarks {
    private static let maximum = 4

    static func limit(tools: inout [JSONValue], system: inout [JSONValue], turns: inout [AnthropicTurn]) {
        let head = (tools + system).filter(self.isMarked).count
        let tail = turns.reduce(0) { $0 + $1.blocks.filter(self.isMarked).count }
        guard head + tail > self.maximum else { return }
        let keptTail = min(tail, max(self.maximum / 2, self.maximum - head))
        var keptHead = self.maximum - keptTail
        var goneTail = tail - keptTail
        for index in tools.indices where self.isMarked(tools[index]) {
            keptHead -= 1
            if keptHead < 0 { tools[index] = self.unmarked(tools[index]) }
        }
        for index in system.indices where self.isMarked(system[index]) {
            keptHead -= 1
            if keptHead < 0 { system[index] = self.unmarked(system[index]) }
        }
        for turn in turns.indices {
            for index in turns[turn].blocks.indices where self.isMarked(turns[turn].blocks[index]) && goneTail > 0 {
                goneTail -= 1
                turns[turn].blocks[index] = self.unmarked(turns[turn].blocks[index])
            }
        }
    }

    static func unmarked(_ block: JSONValue) -> JSONValue {
        guard var object = block.object, object["cache_control"] != nil else { return block }
        object["cache_control"] = nil
        return .object(object)
    }

    private static func isMarked(_ block: JSONValue) -> Bool {
        block["cache_control"] != nil
    }
}
