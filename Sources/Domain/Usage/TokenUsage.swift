/// What one answer used, by the classes that providers bill apart.
///
/// Unit: tokens, where a member does not say otherwise. `prompt` includes the cached and cache-written ones,
/// `completion` the reasoning ones, both the audio and image ones, as in OpenAI's format (provider-specific counts are
/// brought to this form by their translator).
package struct TokenUsage: Sendable, Equatable, Codable {
    package var prompt: Int
    package var completion: Int
    package var cacheRead: Int
    package var cacheWrite: Int
    /// The part of `cacheWrite` that is kept for an hour (Anthropic bills it higher).
    package var cacheWriteOneHour: Int
    package var reasoning: Int
    package var audioInput: Int
    package var audioOutput: Int
    package var imageInput: Int
    package var imageOutput: Int
    /// Web searches the provider made on its own.
    package var searches: Int
    /// How much each search read; nil when the provider does not say.
    package var searchContext: SearchContext?
    /// Pictures made.
    package var images: Int
    /// Length of the audio or video that was taken in.
    ///
    /// Unit: milliseconds.
    package var inputMilliseconds: Int
    /// Length of the audio or video that was made.
    ///
    /// Unit: milliseconds.
    package var outputMilliseconds: Int
    /// Characters spoken or read, where they are billed.
    package var characters: Int
    package var pages: Int
    /// Rerank and search units.
    package var queries: Int
    /// The tier the provider says it served the call at.
    package var serviceTier: ServiceTier?
    /// What the provider says the call cost.
    package var reportedCost: NanoDollars?
    /// Whether the gateway counted because the provider did not say.
    package var isEstimate: Bool

    package init(
        prompt: Int = 0,
        completion: Int = 0,
        cacheRead: Int = 0,
        cacheWrite: Int = 0,
        cacheWriteOneHour: Int = 0,
        reasoning: Int = 0,
        audioInput: Int = 0,
        audioOutput: Int = 0,
        searches: Int = 0,
        isEstimate: Bool = false,
        imageInput: Int = 0,
        imageOutput: Int = 0,
        searchContext: SearchContext? = nil,
        images: Int = 0,
        inputMilliseconds: Int = 0,
        outputMilliseconds: Int = 0,
        characters: Int = 0,
        pages: Int = 0,
        queries: Int = 0,
        serviceTier: ServiceTier? = nil,
        reportedCost: NanoDollars? = nil
    ) {
        self.prompt = prompt
        self.completion = completion
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.cacheWriteOneHour = cacheWriteOneHour
        self.reasoning = reasoning
        self.audioInput = audioInput
        self.audioOutput = audioOutput
        self.imageInput = imageInput
        self.imageOutput = imageOutput
        self.searches = searches
        self.searchContext = searchContext
        self.images = images
        self.inputMilliseconds = inputMilliseconds
        self.outputMilliseconds = outputMilliseconds
        self.characters = characters
        self.pages = pages
        self.queries = queries
        self.serviceTier = serviceTier
        self.reportedCost = reportedCost
        self.isEstimate = isEstimate
    }

    package var total: Int { self.prompt + self.completion }
}

extension TokenUsage {
    /// Members that are missing are none: usage may have been written down before they were counted.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func count(_ key: CodingKeys) throws -> Int { try values.decodeIfPresent(Int.self, forKey: key) ?? 0 }
        self.init(
            prompt: try count(.prompt),
            completion: try count(.completion),
            cacheRead: try count(.cacheRead),
            cacheWrite: try count(.cacheWrite),
            cacheWriteOneHour: try count(.cacheWriteOneHour),
            reasoning: try count(.reasoning),
            audioInput: try count(.audioInput),
            audioOutput: try count(.audioOutput),
            searches: try count(.searches),
            isEstimate: try values.decodeIfPresent(Bool.self, forKey: .isEstimate) ?? false,
            imageInput: try count(.imageInput),
            imageOutput: try count(.imageOutput),
            searchContext: try values.decodeIfPresent(SearchContext.self, forKey: .searchContext),
            images: try count(.images),
            inputMilliseconds: try count(.inputMilliseconds),
            outputMilliseconds: try count(.outputMilliseconds),
            characters: try count(.characters),
            pages: try count(.pages),
            queries: try count(.queries),
            serviceTier: try values.decodeIfPresent(ServiceTier.self, forKey: .serviceTier),
            reportedCost: try values.decodeIfPresent(NanoDollars.self, forKey: .reportedCost)
        )
    }
}
