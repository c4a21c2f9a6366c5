/// A place in a configuration file.
///
/// Lines and columns start at 1; columns count Unicode scalars, as libyaml does.
package struct SourcePosition: Sendable, Hashable {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The file as a whole: line 0, which is not shown.
    package static func whole(_ file: String) -> SourcePosition {
        SourcePosition(file: file, line: 0, column: 0)
    }
}
