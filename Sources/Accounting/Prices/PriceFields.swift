import Domain
import NIOCore
import WireFormats

/// The prices of one source (a table's row, a file's entry, a deployment) by LiteLLM's field names.
///
/// Meant for the building of a ``PriceSheet``; nothing of it is used while a call is priced.
struct PriceFields {
    private(set) var prices: [PriceName: UnitPrice] = [:]
    /// `search_context_cost_per_query`.
    private(set) var searches: [SearchContext: UnitPrice] = [:]
    /// `tiered_pricing`, shortest prompts first.
    private(set) var ranges: [PriceRange] = []
    private(set) var mode: String?
    /// Unit: tokens.
    private(set) var maximumInput: Int?
    private(set) var maximumOutput: Int?
    private(set) var problems: [PriceProblem] = []

    init() {}

    /// Reads fields as a price table holds them.
    init(_ fields: [(name: String, json: String)]) {
        var legacyMaximum: Int?
        for (name, json) in fields {
            switch name {
            case "mode": self.mode = String(json.dropFirst().dropLast())
            case "max_input_tokens": self.maximumInput = Self.count(json)
            case "max_output_tokens": self.maximumOutput = Self.count(json)
            case "max_tokens": legacyMaximum = Self.count(json)
            case "search_context_cost_per_query": self.readSearches(json)
            case "tiered_pricing": self.readRanges(json)
            case _ where Self.isPrice(name): self.prices[PriceName(reading: name)] = self.price(name, json)
            default: break
            }
        }
        self.maximumOutput = self.maximumOutput ?? legacyMaximum
    }

    /// Prices that have been read already.
    init(_ prices: [String: UnitPrice]) {
        for (name, price) in prices {
            if price < .zero {
                self.problems.append(PriceProblem(field: name, spelling: price.description, reason: .negative))
            } else {
                self.prices[PriceName(reading: name)] = price
            }
        }
    }

    var hasPrices: Bool { !self.prices.isEmpty || !self.searches.isEmpty || !self.ranges.isEmpty }

    static func isPrice(_ name: String) -> Bool {
        name.contains("_cost_per_") || name.contains("_token_cost") || name.hasPrefix("cost_per_")
    }

    // MARK: One over the other

    /// What holds when `upper` speaks first: field by field, but a source that prices input tokens prices all of their
    /// classes and tiers, and so for output tokens.
    ///
    /// A deployment that says its input costs nothing must not be charged the table's price for what was cached of it.
    func overlaid(by upper: PriceFields) -> PriceFields {
        var result = self
        if !upper.ranges.isEmpty {
            result.drop(PriceFields.inputBases)
            result.drop(PriceFields.outputBases)
            result.ranges = upper.ranges
        }
        if upper.prices[PriceName("input_cost_per_token")] != nil { result.drop(PriceFields.inputBases) }
        if upper.prices[PriceName("output_cost_per_token")] != nil { result.drop(PriceFields.outputBases) }
        result.prices.merge(upper.prices) { $1 }
        if !upper.searches.isEmpty { result.searches = upper.searches }
        result.mode = upper.mode ?? result.mode
        result.maximumInput = upper.maximumInput ?? result.maximumInput
        result.maximumOutput = upper.maximumOutput ?? result.maximumOutput
        result.problems += upper.problems
        return result
    }

    /// Limits of the model that are known from elsewhere; nil changes nothing.
    mutating func limit(maximumInput: Int?, maximumOutput: Int?) {
        self.maximumInput = maximumInput ?? self.maximumInput
        self.maximumOutput = maximumOutput ?? self.maximumOutput
    }

    private mutating func drop(_ bases: Set<String>) {
        self.prices = self.prices.filter { !bases.contains($0.key.base) }
        for index in self.ranges.indices {
            self.ranges[index].prices = self.ranges[index].prices.filter { !bases.contains($0.key) }
        }
        self.ranges.removeAll { $0.prices.isEmpty }
    }

    private static let inputBases: Set<String> = [
        "input_cost_per_token", "input_cost_per_token_cache_hit", "cache_read_input_token_cost",
        "cache_creation_input_token_cost", "cache_creation_input_token_cost_above_1hr", "input_cost_per_audio_token",
        "input_cost_per_image_token",
    ]
    private static let outputBases: Set<String> = [
        "output_cost_per_token", "output_cost_per_reasoning_token", "output_cost_per_audio_token",
        "output_cost_per_image_token",
    ]

    // MARK: Reading

    /// A price of `json`, which is a number or a number in quotes; nil, and a problem, where it is none.
    private mutating func price(_ field: String, _ json: String) -> UnitPrice? {
        let isQuoted = json.count >= 2 && json.hasPrefix("\"") && json.hasSuffix("\"")
        let spelling = isQuoted ? String(json.dropFirst().dropLast()) : json
        guard let price = UnitPrice(rounding: spelling) else {
            self.problems.append(PriceProblem(field: field, spelling: json, reason: .notANumber))
            return nil
        }
        guard price >= .zero else {
            self.problems.append(PriceProblem(field: field, spelling: json, reason: .negative))
            return nil
        }
        if UnitPrice(exactly: spelling) == nil {
            self.problems.append(PriceProblem(field: field, spelling: json, reason: .rounded))
        }
        return price
    }

    private mutating func readSearches(_ json: String) {
        // What cannot be parsed is reported just below.
        guard let object = (try? JSONValue(parsing: ByteBuffer(string: json)))?.object else {
            self.problems.append(
                PriceProblem(field: "search_context_cost_per_query", spelling: json, reason: .malformed)
            )
            return
        }
        for context in SearchContext.allCases {
            let name = "search_context_size_\(context.rawValue)"
            guard let value = object[name] else { continue }
            self.searches[context] = self.price(name, value.spelling)
        }
    }

    private mutating func readRanges(_ json: String) {
        // What cannot be parsed is reported just below.
        guard let rows = (try? JSONValue(parsing: ByteBuffer(string: json)))?.array else {
            self.problems.append(PriceProblem(field: "tiered_pricing", spelling: json, reason: .malformed))
            return
        }
        for row in rows {
            guard let object = row.object, let bounds = object["range"]?.array, let lower = bounds.first,
                let start = Self.count(lower.spelling)
            else {
                self.problems.append(PriceProblem(field: "tiered_pricing", spelling: json, reason: .malformed))
                continue
            }
            var range = PriceRange(start: start)
            for member in object.members where Self.isPrice(member.key) {
                range.prices[member.key] = self.price(member.key, member.value.spelling)
            }
            self.ranges.append(range)
        }
        self.ranges.sort { $0.start < $1.start }
    }

    /// A whole number, also where it is spelled as `8192.0` or `1e6`.
    private static func count(_ json: String) -> Int? {
        guard let reading = ScaledDecimal.read(json, scale: 0), reading.isExact, reading.value >= 0 else { return nil }
        return Int(reading.value)
    }
}

/// One row of `tiered_pricing`.
struct PriceRange {
    /// Prompts longer than this are in the range, or in one that starts higher.
    ///
    /// Unit: tokens.
    var start: Int
    var prices: [String: UnitPrice] = [:]
}

extension JSONValue {
    /// A number or a string as a price table's field holds it; something that is no number for the rest.
    var spelling: String {
        switch self {
        case .number(let number): String(buffer: number.spelling)
        case .string(let string): string.text
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .array: "[...]"
        case .object: "{...}"
        }
    }
}
