import NIOCore

/// The probes: cheap, without a key, and answered whatever else goes on.
enum HealthEndpoint {
    enum Probe: Sendable, Equatable {
        case liveness
        case readiness
        case summary
    }

    /// What the probes tell of.
    struct State: Sendable, Equatable {
        var isDraining = false
        /// Nil while there is no database.
        var isDatabaseAvailable: Bool?
        /// `allow_requests_on_db_unavailable`: whether the gateway counts as ready without its database.
        var isReadyWithoutDatabase = false
    }

    /// Bodies are LiteLLM's (litellm.md, section 3.7), but `/health`, which there calls every provider.
    static func answer(_ probe: Probe, _ state: State) -> (status: Int, body: ByteBuffer) {
        switch probe {
        case .liveness: return (200, ByteBuffer(string: "\"I'm alive!\""))
        case .readiness:
            let database = state.isDatabaseAvailable == true ? "connected" : "Not connected"
            let isReady = !state.isDraining && (state.isDatabaseAvailable != false || state.isReadyWithoutDatabase)
            let status = state.isDraining ? "draining" : isReady ? "healthy" : "unhealthy"
            return (isReady ? 200 : 503, ByteBuffer(string: #"{"status":"\#(status)","db":"\#(database)"}"#))
        case .summary where state.isDraining: return (503, ByteBuffer(string: #"{"status":"draining"}"#))
        case .summary: return (200, ByteBuffer(string: #"{"status":"healthy","version":"\#(Martlet.version)"}"#))
        }
    }
}
