/// The prices of what is not counted in tokens.
///
/// Unit: femto-dollars a piece (a second, an image, a page, ...); `TokenRates.unknown` where there is no price.
struct PieceRates: Sendable, Equatable {
    var request = TokenRates.unknown
    var inputSecond = TokenRates.unknown
    var outputSecond = TokenRates.unknown
    var imageMade = TokenRates.unknown
    var imageGiven = TokenRates.unknown
    var character = TokenRates.unknown
    var query = TokenRates.unknown
    var page = TokenRates.unknown
    var searchLow = TokenRates.unknown
    var searchMedium = TokenRates.unknown
    var searchHigh = TokenRates.unknown

    /// Whether anything has a price here that stands for the answer's work itself; searches come on top of it.
    var hasWork: Bool {
        [
            self.inputSecond, self.outputSecond, self.imageMade, self.imageGiven, self.character, self.query, self.page,
            self.request,
        ].contains { $0 != TokenRates.unknown }
    }

    var highestSearch: Int64 { max(self.searchLow, self.searchMedium, self.searchHigh) }
}
