import Domain
import FoundationEssentials
package import NIOCore
import WireFormats

/// Prices an operator keeps in a file of LiteLLM's format: an object of models, each an object of fields.
///
/// The condensed form `{"version": ..., "models": {...}}` is understood as well.
package struct PriceFile: Sendable {
    /// A digest of the text, or the version it gives itself.
    package let version: String
    /// Fields that could not be taken.
    package let problems: [PriceProblem]
    private let entries: [String: Entry]

    struct Entry: Sendable {
        /// Normalised; nil where the file does not say.
        var provider: String?
        var fields: [(name: String, json: String)]
    }

    /// - Throws: when the text is not a JSON object; an entry or a field that is wrong is left out and reported.
    package init(_ text: ByteBuffer) throws(PriceFileError) {
        let root: JSONValue
        do {
            root = try JSONValue(parsing: text)
        } catch {
            throw PriceFileError(reason: "it is not JSON: \(error)")
        }
        guard var models = root.object else { throw PriceFileError(reason: "it is not a JSON object") }
        var version = String(Checksum.of(text.readableBytesUInt8Span), radix: 16)
        if let condensed = models["models"]?.object {
            if let own = models["version"]?.string, own.utf8.count <= 32 { version = own }
            models = condensed
        }
        var entries: [String: Entry] = [:]
        var problems: [PriceProblem] = []
        for member in models.members where member.key != "sample_spec" && member.key != "fallback_generalizations" {
            guard let fields = member.value.object else {
                problems.append(
                    PriceProblem(model: member.key, field: "entry", spelling: "no object", reason: .malformed)
                )
                continue
            }
            let entry = Self.entry(fields)
            for var problem in PriceFields(entry.fields).problems {
                problem.model = member.key
                problems.append(problem)
            }
            entries[member.key] = entry
        }
        self.version = version
        self.entries = entries
        self.problems = problems
    }

    /// Reads the file at `path`.
    package init(path: String) throws(PriceFileError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PriceFileError(reason: "it cannot be read")
        }
        try self.init(ByteBuffer(bytes: data))
    }

    package var count: Int { self.entries.count }

    /// The fields for `model` at `provider`: those of `provider/model`, else of `model` if it is nobody else's.
    func fields(provider: String, model: String) -> [(name: String, json: String)]? {
        for name in ModelSpellings.all(of: model) {
            if let entry = self.entries["\(provider)/\(name)"] { return entry.fields }
            if let entry = self.entries[name], entry.provider == nil || entry.provider == provider {
                return entry.fields
            }
        }
        return nil
    }

    /// The fields of the entry that is called exactly `name`.
    func fields(named name: String) -> [(name: String, json: String)]? { self.entries[name]?.fields }

    private static func entry(_ object: JSONObject) -> Entry {
        let provider = object["litellm_provider"]?.string ?? object["provider"]?.string
        var fields: [(name: String, json: String)] = []
        for member in object.members {
            let json: String
            switch member.value {
            case .array, .object:
                var text = ByteBuffer()
                member.value.write(into: &text)
                json = String(buffer: text)
            case .string(let string): json = "\"\(string.text)\""
            default: json = member.value.spelling
            }
            if json != "null" { fields.append((member.key, json)) }
        }
        return Entry(provider: provider.map(PriceProviders.normalized), fields: fields)
    }
}

/// Why a price file could not be read.
package struct PriceFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package var reason: String
    package var description: String { "the price file cannot be used: \(self.reason)" }
}
