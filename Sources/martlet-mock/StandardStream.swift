internal import NIOCore

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Standard output and standard error, unbuffered: whoever started the mock waits for its first line.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                raw.baseAddress.map { system(self.rawValue, $0 + sent, bytes.count - sent) } ?? -1
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}

extension IOError {
    /// What the system says about the error.
    var reason: String {
        strerror(self.errnoCode).map { String(cString: $0) } ?? "error \(self.errnoCode)"
    }
}

/// `write(2)`; the name is taken inside the type.
private func system(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

/// Ends the process at once, with status 0, when it is told to stop.
enum StopSignals {
    static func install() {
        signal(SIGTERM) { _ in _exit(0) }
        signal(SIGINT) { _ in _exit(0) }
        signal(SIGPIPE, SIG_IGN)
    }
}
