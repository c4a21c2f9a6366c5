import Domain

/// A price field's name taken apart: what is priced, above which prompt length, for which tier.
///
/// `cache_read_input_token_cost_above_200k_tokens_priority` is `cache_read_input_token_cost`, above 200,000 tokens, for
/// `priority`. Source: the field names of LiteLLM's price list.
struct PriceName: Hashable {
    var base: String
    /// The prompt must be longer than this.
    ///
    /// Unit: tokens.
    var threshold: Int?
    /// Nil where the name has no ending: the price of every tier that has none of its own.
    var tier: ServiceTier?

    init(_ base: String, above threshold: Int? = nil, tier: ServiceTier? = nil) {
        self.base = base
        self.threshold = threshold
        self.tier = tier
    }

    /// Every text is some name: what is not understood stays in `base`, where nobody asks for it.
    init(reading name: String) {
        var rest = Substring(name)
        for tier in ServiceTier.allCases {
            guard let suffix = tier.priceSuffix, rest.hasSuffix(suffix) else { continue }
            self.tier = tier
            rest = rest.dropLast(suffix.utf8.count)
            break
        }
        if let (base, threshold) = Self.threshold(of: rest) {
            self.threshold = threshold
            rest = base
        }
        self.base = String(rest)
    }

    /// Splits `x_above_200k_tokens` into `x` and 200,000; `x_above_200_tokens` is understood as well.
    private static func threshold(of name: Substring) -> (base: Substring, threshold: Int)? {
        let ending = "_tokens"
        let mark = "_above_"
        guard name.hasSuffix(ending) else { return nil }
        var number = name.dropLast(ending.utf8.count)
        // The last mark, because there is `..._above_1hr_above_200k_tokens`.
        guard let range = number.ranges(of: mark).last else { return nil }
        let base = name[..<range.lowerBound]
        number = number[range.upperBound...]
        let isThousands = number.last == "k"
        if isThousands { number = number.dropLast() }
        guard let count = Int(number), count >= 0, count <= 1_000_000_000 else { return nil }
        return (base, isThousands ? count * 1000 : count)
    }
}
