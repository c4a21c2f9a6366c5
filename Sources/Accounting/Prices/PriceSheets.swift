package import Domain
import Synchronization

/// The sheets of a deployment whose model's name is filled in by each call (`openai/*`).
///
/// A sheet is made when its model is first called and kept; the number kept is bounded, because names come from
/// clients. Looking one up takes a lock for the time of one hash table's search.
package final class PriceSheets: Sendable {
    private let book: PriceBook
    private let provider: String
    private let ownPrices: [String: UnitPrice]
    private let known = Mutex<[String: PriceSheet]>([:])

    private static let limit = 1024

    package init(book: PriceBook, provider: String, ownPrices: [String: UnitPrice] = [:]) {
        self.book = book
        self.provider = provider
        self.ownPrices = ownPrices
    }

    package func sheet(for model: String) -> PriceSheet {
        if let sheet = self.known.withLock({ $0[model] }) { return sheet }
        let sheet = self.book.sheet(provider: self.provider, model: model, ownPrices: self.ownPrices)
        self.known.withLock { known in
            if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
            known[model] = sheet
        }
        return sheet
    }
}
