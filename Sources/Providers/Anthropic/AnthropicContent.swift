import Domain
import NIOCore
import WireFormats

/// Turns parts of contents into Anthropic's blocks.
///
/// Source: provider-formats.md, section 2.3, item 2; Anthropic API reference, "Vision" and "PDF support".
enum AnthropicContent {
    static let filesBeta = "files-api-2025-04-14"

    /// The texts of a content, blank ones left out, with the cache marks of their parts.
    static func texts(_ content: JSONValue?) -> [JSONValue] {
        switch content {
        case .string: return content.flatMap { self.text($0, markedBy: nil) }.map { [$0] } ?? []
        case .array(let parts):
            return parts.compactMap { part in
                if case .string = part { return self.text(part, markedBy: nil) }
                guard let text = part["text"] ?? part["refusal"] else { return nil }
                return self.text(text, markedBy: part)
            }
        default: return []
        }
    }

    /// The blocks of a user's content.
    ///
    /// - Throws: `badRequest` for parts Anthropic has no block for.
    static func blocks(_ content: JSONValue?, needsFiles: inout Bool) throws(GatewayError) -> [JSONValue] {
        guard let parts = content?.array else { return self.texts(content) }
        var blocks: [JSONValue] = []
        for part in parts {
            if let block = try self.block(part, needsFiles: &needsFiles) { blocks.append(block) }
        }
        return blocks
    }

    /// `blocks` with the mark of the message they are of on the last one.
    static func marked(_ blocks: [JSONValue], by message: JSONValue) -> [JSONValue] {
        guard let mark = message["cache_control"], !mark.isNull, let last = blocks.last,
            !AnthropicTurn.isThinking(last), var object = last.object
        else { return blocks }
        object["cache_control"] = mark
        return blocks.dropLast() + [.object(object)]
    }

    private static func text(_ text: JSONValue, markedBy part: JSONValue?) -> JSONValue? {
        guard case .string(let string) = text, string.text.contains(where: { !$0.isWhitespace }) else { return nil }
        return self.carrying(["type": "text", "text": text], part)
    }

    private static func carrying(_ block: JSONValue, _ part: JSONValue?) -> JSONValue {
        guard let mark = part?["cache_control"], !mark.isNull, var object = block.object else { return block }
        object["cache_control"] = mark
        return .object(object)
    }

    private static func block(_ part: JSONValue, needsFiles: inout Bool) throws(GatewayError) -> JSONValue? {
        if case .string = part { return self.text(part, markedBy: nil) }
        let type = part["type"]?.string ?? ""
        switch type {
        case "text": return part["text"].flatMap { self.text($0, markedBy: part) }
        case "image_url": return self.carrying(try self.image(part["image_url"]), part)
        case "file": return self.carrying(try self.file(part["file"], &needsFiles), part)
        case "image", "document", "search_result", "container_upload": return part
        default:
            throw AnthropicErrors.badRequest(
                "\(AnthropicErrors.name) does not support content parts of type '\(type.prefix(64))'."
            )
        }
    }

    private static func image(_ value: JSONValue?) throws(GatewayError) -> JSONValue {
        guard case .string(let url)? = value?["url"] ?? value else {
            throw AnthropicErrors.badRequest("An image_url part has no url.")
        }
        if let data = DataURL(url) { return ["type": "image", "source": data.source] }
        let text = url.text
        if text.hasPrefix("https://") { return ["type": "image", "source": ["type": "url", "url": .string(url)]] }
        throw AnthropicErrors.badRequest(
            "\(AnthropicErrors.name) takes images as base64 data URLs or https URLs; this one begins "
                + "with '\(text.prefix(16))'."
        )
    }

    private static func file(_ file: JSONValue?, _ needsFiles: inout Bool) throws(GatewayError) -> JSONValue {
        var block = JSONObject([("type", "document")])
        if case .string(let string)? = file?["file_data"] {
            guard let data = DataURL(string) else {
                throw AnthropicErrors.badRequest("file_data must be a base64 data URL.")
            }
            if data.mediaType.hasPrefix("image/") { return ["type": "image", "source": data.source] }
            block.append("source", data.isPlainText ? data.textSource : data.source)
        } else if case .string(let id)? = file?["file_id"] {
            let isURL = id.text.hasPrefix("https://") || id.text.hasPrefix("http://")
            if !isURL { needsFiles = true }
            block.append(
                "source",
                isURL ? ["type": "url", "url": .string(id)] : ["type": "file", "file_id": .string(id)]
            )
        } else {
            throw AnthropicErrors.badRequest("A file part has neither file_data nor file_id.")
        }
        if let name = file?["filename"], name.string?.isEmpty == false { block.append("title", name) }
        return .object(block)
    }
}
