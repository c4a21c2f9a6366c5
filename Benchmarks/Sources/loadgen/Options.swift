import FoundationEssentials
import NIOCore

/// The command line: a command, then `--name value` pairs and the flag `--once`.
struct Options {
    enum Command: String {
        case latency, streams
    }

    let command: Command
    let host: String
    let port: Int
    /// The whole request, ready to be written.
    let request: ByteBuffer
    /// `latency`: how many requests are timed.
    let requests: Int
    /// `streams`: how many are open at the same time.
    let streams: Int
    /// `streams`: for how long a stream that ends is started again; zero starts each stream once.
    let time: TimeAmount
    /// `streams`: how many events each stream must have at least.
    let leastEvents: Int

    static let usage = """
        loadgen latency --url URL --body FILE [--key KEY] [--requests 2000]
        loadgen streams --url URL --body FILE [--key KEY] [--streams 500] [--seconds 8 | --once] [--events 1]
        """

    /// - Throws: `LoadError.usage` for an unknown or incomplete command line, `.failed` when the body cannot be read.
    init(_ arguments: [String]) throws(LoadError) {
        guard let name = arguments.first, let command = Command(rawValue: name) else { throw .usage(Self.usage) }
        self.command = command
        var values = try Self.values(arguments.dropFirst())
        let url = try Self.address(of: values.removeValue(forKey: "--url"))
        let body = try Self.read(values.removeValue(forKey: "--body"))
        let key = values.removeValue(forKey: "--key") ?? "sk-none"
        self.host = url.host
        self.port = url.port
        self.request = Self.request(url, key: key, body: body)
        self.requests = try Self.number(values.removeValue(forKey: "--requests"), otherwise: 2000)
        self.streams = try Self.number(values.removeValue(forKey: "--streams"), otherwise: 500)
        self.leastEvents = try Self.number(values.removeValue(forKey: "--events"), otherwise: 1)
        let seconds = try Self.number(values.removeValue(forKey: "--seconds"), otherwise: 8)
        self.time = .seconds(values.removeValue(forKey: "--once") == nil ? Int64(seconds) : 0)
        if let unknown = values.keys.min() { throw .usage("unknown option \(unknown)\n\(Self.usage)") }
    }

    private static func values(_ arguments: ArraySlice<String>) throws(LoadError) -> [String: String] {
        var values: [String: String] = [:]
        var rest = arguments
        while let name = rest.popFirst() {
            if name == "--once" {
                values[name] = ""
            } else if let value = rest.popFirst() {
                values[name] = value
            } else {
                throw .usage("\(name) needs a value")
            }
        }
        return values
    }

    private static func number(_ text: String?, otherwise standard: Int) throws(LoadError) -> Int {
        guard let text else { return standard }
        guard let number = Int(text), number > 0 else { throw .usage("\(text) is not a positive number") }
        return number
    }

    private static func address(of text: String?) throws(LoadError) -> (host: String, port: Int, path: String) {
        guard let text, let url = URL(string: text), url.scheme == "http", let host = url.host(), let port = url.port
        else {
            throw .usage("--url must be http://host:port/path")
        }
        return (host, port, url.path())
    }

    private static func read(_ path: String?) throws(LoadError) -> Data {
        guard let path else { throw .usage("--body is missing") }
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw .failed("cannot read \(path): \(error)")
        }
    }

    private static func request(_ url: (host: String, port: Int, path: String), key: String, body: Data) -> ByteBuffer {
        var request = ByteBuffer(
            string: """
                POST \(url.path) HTTP/1.1\r
                Host: \(url.host):\(url.port)\r
                Authorization: Bearer \(key)\r
                Content-Type: application/json\r
                Content-Length: \(body.count)\r
                \r\n
                """
        )
        request.writeBytes(body)
        return request
    }
}
