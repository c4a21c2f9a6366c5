/// How much of what a search found is read: providers bill a search by it.
///
/// Source: OpenAI and Perplexity API references, `search_context_size`.
package enum SearchContext: String, Sendable, Hashable, Codable, CaseIterable {
    case low
    case medium
    case high
}
