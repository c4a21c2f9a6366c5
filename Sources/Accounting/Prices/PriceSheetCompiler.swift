import Domain

/// Makes a ``PriceSheet`` of price fields.
///
/// Source: litellm.md, sections 6.1 and 6.2.
struct PriceSheetCompiler {
    /// What a sheet consists of.
    struct Parts {
        var source: String?
        var problems: [PriceProblem] = []
        var maximumInput: Int?
        var maximumOutput: Int?
        var pieces = PieceRates()
        var tokensPerImage = PriceSheetCompiler.usualTokensPerImage
        var cachesOnRequest = false
        var searchesUnasked = false
        var limits: [Int] = []
        var rates = [TokenRates()]
        var tierStarts = [Int](repeating: 0, count: ServiceTier.allCases.count)
    }

    private let fields: PriceFields
    private let provider: String
    private let model: String
    /// The lengths above which prices differ, ascending.
    private let thresholds: [Int]

    init(_ fields: PriceFields, provider: String, model: String) {
        self.fields = fields
        self.provider = provider
        self.model = model
        let named = fields.prices.keys.compactMap(\.threshold)
        // The first range is the base, wherever it begins.
        let ranges = fields.ranges.dropFirst().map(\.start)
        self.thresholds = Set(named + ranges).sorted()
    }

    func sheet(source: String?) -> PriceSheet {
        var parts = Parts()
        parts.source = self.fields.hasPrices ? source : nil
        parts.problems = self.fields.problems
        parts.maximumInput = self.fields.maximumInput
        parts.maximumOutput = self.fields.maximumOutput
        parts.pieces = self.pieces
        parts.limits = self.limits
        parts.rates = []
        for tier in ServiceTier.allCases {
            let hasOwn = self.fields.prices.keys.contains { $0.tier == tier }
            guard tier == .standard || hasOwn else { continue }
            parts.tierStarts[tier.place] = parts.rates.count
            parts.rates += self.steps(tier == .standard ? nil : tier)
        }
        let name = self.model.lowercased()
        parts.cachesOnRequest = self.provider == "anthropic" || name.contains("claude")
        parts.searchesUnasked = self.provider == "perplexity" || name.contains("search")
        if name.contains("gpt-4o-mini") { parts.tokensPerImage = Self.tokensPerImageOfFourOMini }
        return PriceSheet(parts)
    }

    /// More than any current model takes for one picture but the one below: Claude up to 4,784, OpenAI's tiles and
    /// patches up to 3,779, Gemini 258 for each of at most 36 tiles.
    static let usualTokensPerImage = 10_000
    /// `gpt-4o-mini` counts 2,833 and 5,667 for each of up to eight tiles.
    private static let tokensPerImageOfFourOMini = 49_000

    /// LiteLLM bills xAI's higher tier from the threshold on, and everybody else's above it.
    private var limits: [Int] {
        self.provider == "xai" ? self.thresholds.map { $0 - 1 } : self.thresholds
    }

    // MARK: Tokens

    private func steps(_ tier: ServiceTier?) -> [TokenRates] {
        var steps = [TokenRates](repeating: TokenRates(), count: self.thresholds.count + 1)
        self.fill(&steps, \.input, "input_cost_per_token", tier)
        // DeepSeek's rows have an older name for the price of what was cached.
        self.fill(&steps, \.cacheRead, "input_cost_per_token_cache_hit", tier)
        self.fill(&steps, \.cacheRead, "cache_read_input_token_cost", tier)
        self.fill(&steps, \.cacheWrite, "cache_creation_input_token_cost", tier)
        self.fill(&steps, \.cacheWriteOneHour, "cache_creation_input_token_cost_above_1hr", tier)
        self.fill(&steps, \.audioInput, "input_cost_per_audio_token", tier)
        self.fill(&steps, \.imageInput, "input_cost_per_image_token", tier)
        self.fill(&steps, \.output, "output_cost_per_token", tier)
        self.fill(&steps, \.reasoning, "output_cost_per_reasoning_token", tier)
        self.fill(&steps, \.audioOutput, "output_cost_per_audio_token", tier)
        self.fill(&steps, \.imageOutput, "output_cost_per_image_token", tier)
        for index in steps.indices { steps[index].fillGaps() }
        return steps
    }

    /// Writes one class's price into every step: its own, else that of the step before.
    private func fill(
        _ steps: inout [TokenRates],
        _ rate: WritableKeyPath<TokenRates, Int64>,
        _ base: String,
        _ tier: ServiceTier?
    ) {
        var known: UnitPrice?
        for index in steps.indices {
            let threshold = index == 0 ? nil : self.thresholds[index - 1]
            known = self.price(base, above: threshold, tier) ?? known
            if let known { steps[index][keyPath: rate] = known.femtoDollars }
        }
    }

    private func price(_ base: String, above threshold: Int?, _ tier: ServiceTier?) -> UnitPrice? {
        let range = self.fields.ranges.last { $0.start == threshold ?? self.fields.ranges.first?.start }
        if let price = range?.prices[base] { return price }
        if let tier, let price = self.fields.prices[PriceName(base, above: threshold, tier: tier)] { return price }
        return self.fields.prices[PriceName(base, above: threshold)]
    }

    // MARK: Pieces

    private var pieces: PieceRates {
        var rates = PieceRates()
        rates.request = self.piece("input_cost_per_request")
        rates.inputSecond = self.piece("input_cost_per_second", "cost_per_second")
        rates.outputSecond = self.piece("output_cost_per_second")
        rates.imageMade = self.piece("output_cost_per_image")
        rates.imageGiven = self.piece("input_cost_per_image")
        rates.character = self.piece("input_cost_per_character", "output_cost_per_character")
        rates.query = self.piece("input_cost_per_query")
        rates.page = self.piece("ocr_cost_per_page")
        rates.searchLow = self.search(.low)
        rates.searchMedium = self.search(.medium)
        rates.searchHigh = self.search(.high)
        switch self.fields.mode {
        case "audio_transcription":
            // What is transcribed has one length; some rows write its price on the output's side.
            if rates.outputSecond > 0 { rates.inputSecond = rates.outputSecond }
            rates.outputSecond = TokenRates.unknown
        case "image_generation", "image_edit":
            // The rows named by size and quality call the price of a picture that is made "input".
            if rates.imageMade == TokenRates.unknown { rates.imageMade = rates.imageGiven }
            rates.imageGiven = TokenRates.unknown
        default: break
        }
        return rates
    }

    private func piece(_ names: String...) -> Int64 {
        for name in names {
            if let price = self.fields.prices[PriceName(reading: name)] { return price.femtoDollars }
        }
        return TokenRates.unknown
    }

    /// A size without a price of its own is billed at the dearest that has one.
    private func search(_ context: SearchContext) -> Int64 {
        let price = self.fields.searches[context] ?? self.fields.searches.values.max()
        return price?.femtoDollars ?? TokenRates.unknown
    }
}
