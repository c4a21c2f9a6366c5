package import Domain

/// The row that a statement stands on; good only until the closure that was given it returns.
///
/// Columns are counted from 0. Asking for a type that the column does not have gives an unspecified value of that type,
/// never a trap.
package protocol SQLRow {
    func isNull(_ column: Int) -> Bool
    /// 0 for NULL.
    func integer(_ column: Int) -> Int64
    /// Empty for NULL.
    func text(_ column: Int) -> String
    /// The bytes of a text (UTF-8) or a blob, without a copy where the driver allows that; none for NULL.
    func withBytes<Result>(
        _ column: Int,
        _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Result
    ) throws(StoreError) -> Result
}

extension SQLRow {
    package func integerIfAny(_ column: Int) -> Int64? {
        self.isNull(column) ? nil : self.integer(column)
    }

    package func textIfAny(_ column: Int) -> String? {
        self.isNull(column) ? nil : self.text(column)
    }

    package func flag(_ column: Int) -> Bool {
        self.integer(column) != 0
    }

    package func count(_ column: Int) -> Int {
        Int(self.integer(column))
    }
}
