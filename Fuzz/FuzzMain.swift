import Glibc
import NIOCore

/// One thing that is fuzzed: it takes any bytes, and stops the process when something that must hold does not.
enum FuzzTarget: String, CaseIterable {
    case json
    case sse
    case http1
    case anthropic
    case openai
    case config

    /// The one the environment names: a single program for all, because building it is what takes long.
    static let chosen: FuzzTarget = {
        guard let name = getenv("FUZZ_TARGET").map({ String(cString: $0) }), let target = FuzzTarget(rawValue: name)
        else {
            preconditionFailure("FUZZ_TARGET must be one of \(FuzzTarget.allCases.map(\.rawValue))")
        }
        return target
    }()

    func run(_ input: ByteBuffer) {
        switch self {
        case .json: JSONFuzz.run(input)
        case .sse: SSEFuzz.run(input)
        case .http1: HTTP1Fuzz.run(input)
        case .anthropic: TranslatorFuzz.run(input, provider: .anthropic)
        case .openai: TranslatorFuzz.run(input, provider: .openai)
        case .config: ConfigFuzz.run(input)
        }
    }
}

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    FuzzTarget.chosen.run(ByteBuffer(bytes: UnsafeRawBufferPointer(start: data, count: size)))
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program's start: SwiftPM renames an executable's `main` to this, so libFuzzer's own is never called.
@_cdecl("martlet_fuzz_main")
public func start(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments) { testOneInput($0, $1) }
}
