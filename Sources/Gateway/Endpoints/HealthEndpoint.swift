import NIOCore

/// The probes: cheap, without a key, and answered whatever else goes on.
enum HealthEndpoint {
    enum Probe: Sendable, Equatable {
        case liveness
        case readiness
        case summary
    }

    /// Bodies are LiteLLM's (litellm.md, section 3.7), but `/health`, which there calls every provider.
    static func answer(_ probe: Probe, isDraining: Bool) -> (status: Int, body: ByteBuffer) {
        switch probe {
        case .liveness: (200, ByteBuffer(string: "\"I'm alive!\""))
        case .readiness where isDraining: (503, ByteBuffer(string: #"{"status":"draining","db":"Not connected"}"#))
        case .readiness: (200, ByteBuffer(string: #"{"status":"healthy","db":"Not connected"}"#))
        case .summary where isDraining: (503, ByteBuffer(string: #"{"status":"draining"}"#))
        case .summary: (200, ByteBuffer(string: #"{"status":"healthy","version":"\#(Martlet.version)"}"#))
        }
    }
}
