import Crypto

/// Makes tool names fit a vendor's rules, and remembers how to bring them back.
///
/// One value serves one request: the same name always becomes the same name, and two names never become one.
/// Source: provider-formats.md, section 0.1, rule 8.
struct ToolNames {
    /// Sent name to the client's, for those that differ.
    private(set) var renamed: [String: String] = [:]
    private var sent: [String: String] = [:]
    private var taken: Set<String> = []

    private static let maximumLength = 64

    /// The name to send for `name`.
    mutating func sentName(for name: String) -> String {
        if let known = self.sent[name] { return known }
        let fitting = Self.fitting(name)
        var candidate = fitting
        var number = 2
        while self.taken.contains(candidate) {
            // A handful of numbers reads well; after that a digest, or many equal names would take quadratic time.
            let mark = number < 10 ? String(number) : Identifiers.digest(of: "\(name)#\(number)", length: 8)
            candidate = "\(fitting.prefix(55))_\(mark)"
            number += 1
        }
        self.taken.insert(candidate)
        self.sent[name] = candidate
        if candidate != name { self.renamed[candidate] = name }
        return candidate
    }

    /// Keeps `name` for the tool that is called so already, should another's become the same.
    mutating func reserve(_ name: String) {
        if Self.fitting(name) == name { _ = self.sentName(for: name) }
    }

    private static func fitting(_ name: String) -> String {
        var fitting = ""
        for scalar in name.unicodeScalars { fitting.unicodeScalars.append(Identifiers.isPlain(scalar) ? scalar : "_") }
        if fitting.isEmpty { return "tool" }
        guard fitting.utf8.count > self.maximumLength else { return fitting }
        return "\(fitting.prefix(55))_\(Identifiers.digest(of: name, length: 8))"
    }
}

/// Makes identities of tool calls fit a vendor's rules: by a digest, so that a call and its result keep agreeing.
///
/// Source: provider-formats.md, section 0.1, rule 7.
enum ToolCallID {
    static func fitting(_ id: String) -> String {
        let isPlain = !id.isEmpty && id.utf8.count <= 128 && id.unicodeScalars.allSatisfy(Identifiers.isPlain)
        return isPlain ? id : "call_" + Identifiers.digest(of: id, length: 24)
    }
}

enum Identifiers {
    /// Whether `scalar` is one of `[a-zA-Z0-9_-]`.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    /// The first `length` hexadecimal digits of SHA-256.
    static func digest(of text: String, length: Int) -> String {
        let digits = Array("0123456789abcdef")
        let hex = SHA256.hash(data: Array(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] }
        return String(hex.prefix(length))
    }
}
