import Domain

/// One line of a price table: `name TAB provider TAB field=json TAB ...`.
struct PriceRow {
    let name: String
    /// Normalised, see ``PriceProviders``.
    let provider: String
    /// The fields, not parsed yet: most rows are looked at only to see whose they are.
    private let fields: Substring

    /// - Returns: nil when the line has no provider, which no line of ours lacks.
    init?(_ bytes: Span<UInt8>, _ line: Range<Int>) {
        let text = String(unsafeUninitializedCapacity: line.count) { target in
            for index in 0..<line.count { target[index] = bytes[line.lowerBound + index] }
            return line.count
        }
        let columns = text.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
        guard columns.count >= 2, !columns[1].isEmpty else { return nil }
        self.name = String(columns[0])
        self.provider = PriceProviders.normalized(String(columns[1]))
        self.fields = columns.count > 2 ? columns[2] : ""
    }

    /// The name by which its provider knows the model: the table's, less the provider's prefix.
    var nameAtProvider: String {
        let prefix = self.provider + "/"
        return self.name.hasPrefix(prefix) ? String(self.name.dropFirst(prefix.count)) : self.name
    }

    /// Whether the model writes or embeds text, which is what the gateway's routes offer.
    var isForText: Bool {
        // The mode comes first, see scripts/make-prices.
        ["mode=\"chat\"", "mode=\"completion\"", "mode=\"embedding\""].contains { self.fields.hasPrefix($0) }
    }

    var facts: ModelEntryFacts {
        var fields: [(name: String, json: String)] = []
        for column in self.fields.split(separator: "\t") {
            guard let mark = column.firstIndex(of: "=") else { continue }
            fields.append((String(column[..<mark]), String(column[column.index(after: mark)...])))
        }
        return ModelEntryFacts(capabilities: ModelCapabilities(fields: fields), fields: fields)
    }
}
