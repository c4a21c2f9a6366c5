import CPostgreSQL

/// Rows of a result, all of which are in memory.
///
/// Belongs to the thread that asked for it. Memory is given back with the last reference, rows' included.
package final class PostgresRows {
    fileprivate let result: OpaquePointer
    package let count: Int
    package let columns: Int

    /// Takes over `result`, which is in the binary format.
    init(_ result: OpaquePointer) {
        self.result = result
        self.count = Int(PQntuples(result))
        self.columns = Int(PQnfields(result))
    }

    deinit {
        PQclear(self.result)
    }

    /// How many rows a statement changed or gave.
    package var affected: Int {
        PQcmdTuples(self.result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    package subscript(index: Int) -> PostgresRow {
        PostgresRow(rows: self, index: index)
    }

    package func name(_ column: Int) -> String {
        PQfname(self.result, Int32(clamping: column)).map { String(cString: $0) } ?? ""
    }
}

/// One row of a result; columns are counted from 0.
///
/// Asking for a type that a column does not have gives some value of that type, never a trap.
package struct PostgresRow {
    fileprivate let rows: PostgresRows
    fileprivate let index: Int

    package func isNull(_ column: Int) -> Bool {
        self.bytes(column) == nil
    }

    /// 0 for NULL.
    ///
    /// Fractions are cut off, what is too large becomes the largest.
    package func integer(_ column: Int) -> Int64 {
        guard let bytes = self.bytes(column) else { return 0 }
        return BinaryValue.integer(bytes, type: PQftype(self.rows.result, Int32(column)))
    }

    /// Empty for NULL.
    package func text(_ column: Int) -> String {
        guard let bytes = self.bytes(column) else { return "" }
        return BinaryValue.text(bytes, type: PQftype(self.rows.result, Int32(column)))
    }

    /// The bytes of a `BYTEA` or a text; none for NULL.
    ///
    /// Good only inside of `body`.
    package func withBytes<Result, Failure: Error>(
        _ column: Int,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(self.bytes(column) ?? UnsafeRawBufferPointer(start: nil, count: 0))
    }

    private func bytes(_ column: Int) -> UnsafeRawBufferPointer? {
        guard (0..<self.rows.columns).contains(column), (0..<self.rows.count).contains(self.index) else { return nil }
        let row = Int32(self.index)
        guard PQgetisnull(self.rows.result, row, Int32(column)) == 0 else { return nil }
        return UnsafeRawBufferPointer(
            start: PQgetvalue(self.rows.result, row, Int32(column)),
            count: Int(PQgetlength(self.rows.result, row, Int32(column)))
        )
    }
}
