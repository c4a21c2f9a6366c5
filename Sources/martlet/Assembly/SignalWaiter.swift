#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Takes SIGTERM and SIGINT by waiting for them, which needs no handler and no queue.
struct SignalWaiter {
    private let signals: sigset_t

    /// Blocks the signals for this thread and those it starts later; SIGPIPE is ignored, as writes report it.
    init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
        self.signals = signals
    }

    /// Blocks this thread until one of the signals comes; the answer is its name.
    func wait() -> String {
        var signals = self.signals
        var number: Int32 = 0
        // sigwait fails only for a set with an invalid signal.
        while sigwait(&signals, &number) != 0 {}
        return number == SIGTERM ? "SIGTERM" : "SIGINT"
    }

    /// Whether another of the signals has come and waits.
    var isPending: Bool {
        var pending = sigset_t()
        sigpending(&pending)
        return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1
    }
}

/// The system's error numbers that a person can do something about.
enum ErrorNumber {
    static let addressInUse = EADDRINUSE
    static let accessDenied = EACCES
    static let addressNotAvailable = EADDRNOTAVAIL
}
