/// Lays out rows of text in columns.
enum SummaryTable {
    private static let widestColumn = 44
    private static let width = 100

    /// One line a row, columns two spaces apart, no spaces at the end.
    static func lines(_ rows: [[String]], indent: Int) -> String {
        var widths: [Int] = []
        for row in rows {
            for (index, cell) in row.enumerated() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], min(cell.count, self.widestColumn))
            }
        }
        return rows.map { self.line($0, widths: widths, indent: indent) }.joined()
    }

    private static func line(_ row: [String], widths: [Int], indent: Int) -> String {
        var line = String(repeating: " ", count: indent)
        let cells = row.reversed().drop { $0.isEmpty }.reversed()
        for (index, cell) in cells.enumerated() {
            let text = self.printable(cell)
            guard index < cells.count - 1 else { return self.wrapped(line, text) }
            line += text + String(repeating: " ", count: max(0, widths[index] - text.count) + 2)
        }
        return line + "\n"
    }

    /// The last cell of a line; where it would pass the width it goes on below itself, broken after a comma.
    private static func wrapped(_ start: String, _ cell: String) -> String {
        let column = min(start.count, self.width / 2)
        var text = start
        var room = max(self.width - start.count, 0)
        var isFirst = true
        for piece in cell.split(separator: ",", omittingEmptySubsequences: false) {
            let piece = isFirst ? piece : "," + piece
            if piece.count > room, !isFirst {
                text += ",\n" + String(repeating: " ", count: column) + piece.dropFirst(2)
                room = self.width - column - piece.count
            } else {
                text += piece
                room -= piece.count
            }
            isFirst = false
        }
        return text + "\n"
    }

    /// `90s`, `5m`, `2h`, `1.5s`: in the largest unit that needs no fraction.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        guard attoseconds == 0 else { return "\(duration / .seconds(1))s" }
        if seconds != 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds >= 120, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }

    static func text(bytes: Int) -> String {
        for (shift, unit) in [(30, "GB"), (20, "MB"), (10, "KB")] where bytes >= 1 << shift && bytes % (1 << shift) == 0
        {
            return "\(bytes >> shift) \(unit)"
        }
        return "\(bytes) bytes"
    }

    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 })
        )
    }
}
