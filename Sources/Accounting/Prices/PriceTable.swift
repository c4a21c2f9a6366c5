package import Domain

/// What is known about the models of the world: prices, limits and abilities, as `scripts/make-prices` wrote them down.
///
/// A look-up is a binary search over the table's text, and only the row it finds is parsed: nothing is built at start,
/// and no copy of the table is held. It is meant for the building of a snapshot, not for every call.
package struct PriceTable: ModelFacts, Sendable {
    private let text: PriceText
    /// Which list the table was made from, for records of what calls cost.
    package let version: String

    /// The table the program carries.
    package static let bundled = PriceTable(.bundled, version: PriceText.bundledVersion)

    private init(_ text: PriceText, version: String) {
        self.text = text
        self.version = version
    }

    /// A table of the lines of `text`, which are in the form and the order that `scripts/make-prices` writes.
    package init(lines text: String, version: String = "given") {
        self.init(.lines(Array(text.utf8)), version: version)
    }

    /// How many models the table has.
    package var count: Int {
        var count = 0
        self.text.forEachRow { _, _ in count += 1 }
        return count
    }

    /// The facts about `model` at `provider`, found by the first of its spellings that has a row.
    ///
    /// The spellings, for each of which `provider/model` is tried and then `model` if its row is the provider's: as it
    /// is, without a region prefix, without a version suffix, without both.
    package func facts(provider: String, model: String) -> ModelEntryFacts? {
        let provider = PriceProviders.normalized(provider)
        for name in ModelSpellings.all(of: model) {
            if let row = self.row("\(provider)/\(name)") { return row.facts }
            if let row = self.row(name), row.provider == provider { return row.facts }
        }
        return nil
    }

    /// The facts of the row that is called exactly `name`, whoever's it is, with its provider.
    package func entry(named name: String) -> (provider: String, facts: ModelEntryFacts)? {
        self.row(name).map { ($0.provider, $0.facts) }
    }

    /// Calls `body` with the name, the provider and the facts of every row.
    package func forEachEntry(_ body: (_ name: String, _ provider: String, _ facts: ModelEntryFacts) -> Void) {
        self.text.forEachRow { bytes, line in
            if let row = PriceRow(bytes, line) { body(row.name, row.provider, row.facts) }
        }
    }

    package func provider(ofBareModel model: String) -> String? {
        self.row(model)?.provider
    }

    package func models(of provider: String) -> [String] {
        let provider = PriceProviders.normalized(provider)
        var names: Set<String> = []
        self.text.forEachRow { bytes, line in
            guard let row = PriceRow(bytes, line), row.provider == provider, row.isForText else { return }
            names.insert(row.nameAtProvider)
        }
        return names.sorted()
    }

    private func row(_ name: String) -> PriceRow? {
        self.text.row(named: name)
    }
}
