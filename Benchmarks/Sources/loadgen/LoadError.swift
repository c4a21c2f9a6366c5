/// Why a run cannot go on, or a stream does not count.
enum LoadError: Error, CustomStringConvertible {
    case usage(String)
    case malformed(String)
    case failed(String)

    var description: String {
        switch self {
        case .usage(let message): message
        case .malformed(let message): "not an answer: \(message)"
        case .failed(let message): message
        }
    }
}
