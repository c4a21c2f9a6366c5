/// The names under which a price table may know a model.
enum ModelSpellings {
    /// `model` itself, then with less and less of what only says where it runs and which edition it is.
    static func all(of model: String) -> [String] {
        var names = [model]
        let region = self.withoutRegion(model)
        for name in [region, self.withoutVersion(model), self.withoutVersion(region)] where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// Bedrock's inference profiles (`us.`) and the table's own folders for regions (`eu/`, `us-east-1/`).
    private static func withoutRegion(_ model: String) -> String {
        guard let mark = model.firstIndex(where: { $0 == "." || $0 == "/" }) else { return model }
        let first = model[..<mark]
        let rest = model[model.index(after: mark)...]
        guard !rest.isEmpty, self.areas.contains(where: { first == $0 }) || (model[mark] == "/" && self.isRegion(first))
        else { return model }
        return String(rest)
    }

    private static let areas = ["us", "eu", "apac", "global", "us-gov", "au", "jp", "ca", "in", "sa"]

    /// Whether `name` is spelled like an AWS region: `us-east-1`, `us-gov-west-1`.
    private static func isRegion(_ name: Substring) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 4, let area = parts.first, let number = parts.last else {
            return false
        }
        return area.utf8.count == 2 && number.utf8.count == 1 && self.areDigits(number)
            && parts.dropFirst().dropLast().allSatisfy { $0.allSatisfy(\.isLetter) && !$0.isEmpty }
    }

    /// Without `@version`, `:latest`, `-latest`, `-YYYYMMDD` or `-YYYY-MM-DD` at its end.
    private static func withoutVersion(_ model: String) -> String {
        if let mark = model.lastIndex(of: "@"), mark > model.startIndex { return String(model[..<mark]) }
        for suffix in [":latest", "-latest"] where model.hasSuffix(suffix) && model.utf8.count > suffix.utf8.count {
            return String(model.dropLast(suffix.count))
        }
        let parts = model.split(separator: "-", omittingEmptySubsequences: false)
        for lengths in [[8], [4, 2, 2]] where parts.count > lengths.count {
            let date = parts.suffix(lengths.count)
            let isDate = zip(date, lengths).allSatisfy { $0.utf8.count == $1 && self.areDigits($0) }
            if isDate { return parts.dropLast(lengths.count).joined(separator: "-") }
        }
        return model
    }

    private static func areDigits(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
