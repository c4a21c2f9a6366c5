#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What people read of the command line: answers on standard output, complaints on standard error.
enum StandardStreams {
    static func say(_ text: String) {
        self.write(text, to: 1)
    }

    /// One line, as `martlet: ...`.
    static func complain(_ line: String) {
        self.write("martlet: \(line)\n", to: 2)
    }

    /// A log line, whole.
    static func log(_ line: String) {
        self.write(line, to: 2)
    }

    static var isTerminal: Bool { isatty(1) == 1 }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            // A reader that has gone away is no reason to fail.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
