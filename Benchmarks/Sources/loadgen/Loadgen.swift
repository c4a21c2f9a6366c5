import Glibc
import NIOCore
import NIOPosix

/// The load generator of the benchmarks: prints one JSON object and exits 0, or 1 when any answer was not as it must be.
@main
struct Loadgen {
    static func main() async {
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            let eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
            switch options.command {
            case .latency:
                print(try await LatencyRun.start(options, on: eventLoop).get().json)
            case .streams:
                try raiseFileLimit()
                let tally = try await StreamsRun.start(options, on: eventLoop).get()
                print(tally.json)
                if tally.errors > 0 { exit(1) }
            }
        } catch {
            fail("\(error)")
        }
    }

    /// A connection is a file; the soft limit is often 1,024.
    private static func raiseFileLimit() throws(LoadError) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .failed("cannot read the limit of open files")
        }
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .failed("cannot raise the limit of open files")
        }
    }

    private static func fail(_ message: String) -> Never {
        let line = Array("loadgen: \(message)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(1)
    }
}
