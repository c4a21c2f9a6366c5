import Domain

/// What must hold of a statement's rows: conditions in SQL, and the values of their placeholders.
///
/// What comes from outside is always a value, never SQL.
struct Conditions: Sendable {
    private var terms: [String] = []
    private(set) var values: [SQLValue] = []

    /// `WHERE ...` with a space in front, or empty.
    var clause: String {
        self.terms.isEmpty ? "" : " WHERE \(self.terms.joined(separator: " AND "))"
    }

    mutating func add(_ term: String) {
        self.terms.append(term)
    }

    /// Adds nothing for nil.
    mutating func add(_ term: String, _ text: String?) {
        guard let text else { return }
        self.terms.append(term)
        self.values.append(.text(text))
    }

    /// Adds nothing for nil.
    mutating func add(_ term: String, _ number: Int64?) {
        guard let number else { return }
        self.terms.append(term)
        self.values.append(.integer(number))
    }

    /// Adds that `column` (text) is one of `texts`; nothing for nil.
    ///
    /// One placeholder serves any number of them, so that statements can be kept by their text.
    mutating func add(_ column: String, among texts: [String]?, _ dialect: SQLDialect) throws(StoreError) {
        guard let texts else { return }
        let list = try DocumentEncoder().encode(texts.map(SQLValue.storable))
        self.add(dialect.isAmong(column), list)
    }

    /// A text as a part of a pattern for `LIKE ... ESCAPE '\'` in which everything means itself.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            if character == "%" || character == "_" || character == "\\" { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(character)
        }
        return escaped
    }
}

/// Which part of a list to show, for `LIMIT ? OFFSET ?`.
struct Paging: Sendable {
    let limit: Int64
    let offset: Int64

    /// - Parameters:
    ///   - page: begins at 1; smaller ones are the first.
    ///   - size: of a page; a negative one is 0.
    init(page: Int, size: Int) {
        self.limit = Int64(min(max(size, 0), 1_000_000))
        let (offset, isTooFar) = Int64(max(page, 1) - 1).multipliedReportingOverflow(by: self.limit)
        self.offset = isTooFar ? .max : offset
    }

    var values: [SQLValue] { [.integer(self.limit), .integer(self.offset)] }
}
