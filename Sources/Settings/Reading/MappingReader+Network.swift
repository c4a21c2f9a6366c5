internal import Domain

extension MappingReader {
    /// An `http` or `https` URL.
    mutating func httpURL(_ key: String) -> String? {
        guard let text = self.string(key) else { return nil }
        let scheme = text.prefix(8).lowercased()
        let hasHost = scheme.hasPrefix("http://") && text.utf8.count > 7 || scheme == "https://" && text.utf8.count > 8
        guard hasHost, !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            let isBare = !text.isEmpty && !text.contains("://") && !text.contains("@")
            let suggestion = isBare ? "did you mean 'https://\(self.shown(text, of: key))'?" : nil
            self.error(key, "\(self.pathOf(key)) must be a URL with http:// or https://", suggestion: suggestion)
            return nil
        }
        return text
    }

    /// Headers in order.
    ///
    /// Names are tokens, and no value has a line break: both would let a file smuggle headers in.
    mutating func headers(_ key: String) -> [NamedSecret]? {
        self.secretPairs(key)?.filter { header in
            let path = ConfigurationPath.joined(self.pathOf(key), header.name)
            if !HeaderRules.isName(header.name) {
                self.error(key, "'\(Found.shortened(header.name))' can't be the name of a header")
                return false
            }
            if !HeaderRules.isValue(header.value.reveal()) {
                self.error(key, "\(path) holds a character that no header may have")
                return false
            }
            return true
        }
    }

    /// The name of a header.
    mutating func headerName(_ key: String) -> String? {
        guard let name = self.string(key) else { return nil }
        if HeaderRules.isName(name) { return name }
        self.error(key, "'\(self.shown(name, of: key))' can't be the name of a header")
        return nil
    }
}

/// RFC 9110, sections 5.1 and 5.5.
private enum HeaderRules {
    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
