import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Lets another thread cut a connection off whose own thread waits for the server.
final class SocketGuard: Sendable {
    /// Nil once the socket is closed: its number may belong to somebody else then.
    private let socket: Mutex<Int32?>

    init(socket: Int32) {
        self.socket = Mutex(socket)
    }

    /// Ends both directions; whoever waits at the socket is woken and finds the connection broken.
    func cutOff() {
        self.socket.withLock { socket in
            guard let socket else { return }
            #if canImport(Darwin)
                shutdown(socket, SHUT_RDWR)
            #else
                shutdown(socket, Int32(SHUT_RDWR))
            #endif
        }
    }

    /// Must be called before the socket is closed.
    func forget() {
        self.socket.withLock { $0 = nil }
    }
}

/// Waits at a socket.
enum SocketWait {
    struct Events: OptionSet {
        let rawValue: Int16

        static let read = Events(rawValue: Int16(POLLIN))
        static let write = Events(rawValue: Int16(POLLOUT))
    }

    /// Waits until one of `events` is there, or the socket has an error, which the next use of it shows.
    ///
    /// - Returns: nil when `deadline` came first.
    static func wait(_ socket: Int32, for events: Events, until deadline: ContinuousClock.Instant) -> Events? {
        var entry = pollfd(fd: socket, events: events.rawValue, revents: 0)
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            // Rounded up, so that the last millisecond is not spent in a circle.
            let (seconds, attoseconds) = left.components
            let milliseconds =
                seconds >= 1_000_000 ? 1_000_000_000 : seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1
            let count = poll(&entry, 1, left <= .zero ? 0 : Int32(clamping: milliseconds))
            if count > 0 {
                let found = Events(rawValue: entry.revents).intersection([.read, .write])
                return found.isEmpty ? events : found
            }
            if count == 0 {
                if ContinuousClock.now >= deadline { return nil }
            } else if errno != EINTR {
                return events
            }
        }
    }
}
