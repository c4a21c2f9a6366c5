extension ServerSettings {
    /// Reads Martlet's own section.
    init(reading reader: inout MappingReader) {
        self.init()
        self.host = reader.string("host")
        self.port = reader.integer("port", 0...65_535)
        self.dataDirectory = reader.path("data_directory")
        self.priceFile = reader.path("model_prices_file")
        self.pollInterval = reader.duration("change_poll_interval") ?? self.pollInterval
        self.threads = reader.integer("threads", 1...1024)
        self.offersEnvironment = reader.bool("models_from_environment") ?? self.offersEnvironment
        self.readLimits(&reader)
        self.headerTimeout = reader.duration("header_timeout") ?? self.headerTimeout
        self.idleTimeout = reader.duration("idle_timeout") ?? self.idleTimeout
        self.shutdownTimeout = reader.duration("shutdown_timeout", allowsZero: true) ?? self.shutdownTimeout
        self.streamPingInterval = reader.duration("stream_ping_interval", allowsZero: true) ?? self.streamPingInterval
        self.connectTimeout = reader.duration("connect_timeout") ?? self.connectTimeout
        self.firstByteTimeout = reader.duration("first_byte_timeout")
        self.betweenChunksTimeout = reader.duration("between_chunks_timeout") ?? self.betweenChunksTimeout
        self.upstreamIdleTimeout = reader.duration("upstream_idle_timeout") ?? self.upstreamIdleTimeout
        if var nested = reader.mapping("cors") { self.cors = CORSSettings(reading: &nested) }
        reader.finish(.server)
    }

    private mutating func readLimits(_ reader: inout MappingReader) {
        let sizes = 256...Int(Int32.max)
        self.maxHeaders = reader.integer("max_headers", 1...100_000) ?? self.maxHeaders
        self.maxHeaderSize = reader.byteCount("max_header_size", sizes) ?? self.maxHeaderSize
        self.maxHeadersSize = reader.byteCount("max_headers_size", sizes) ?? self.maxHeadersSize
        self.maxURISize = reader.byteCount("max_uri_size", sizes) ?? self.maxURISize
        self.maxBodySize = reader.byteCount("max_body_size", 1...(1 << 40)) ?? self.maxBodySize
        self.maxJSONDepth = reader.integer("max_json_depth", 1...4096) ?? self.maxJSONDepth
        self.maxConnections = reader.integer("max_connections", 1...10_000_000) ?? self.maxConnections
        self.bodyMinRate = reader.byteCount("body_min_rate", 0...Int(Int32.max)) ?? self.bodyMinRate
        let perUpstream = reader.integer("upstream_max_connections", 0...1_000_000)
        self.upstreamMaxConnections = perUpstream ?? self.upstreamMaxConnections
    }
}

extension MappingReader {
    /// The name of a file or directory; an empty one is an error.
    fileprivate mutating func path(_ key: String) -> String? {
        guard let text = self.string(key) else { return nil }
        if !text.isEmpty, !text.utf8.contains(0) { return text }
        self.error(key, "\(self.pathOf(key)) must name a file or directory")
        return nil
    }
}

extension CORSSettings {
    init(reading reader: inout MappingReader) {
        self.init()
        self.isEnabled = reader.bool("enabled") ?? self.isEnabled
        self.allowOrigins = reader.strings("allow_origins") ?? self.allowOrigins
        self.allowHeaders = reader.strings("allow_headers") ?? self.allowHeaders
        self.exposeHeaders = reader.strings("expose_headers") ?? self.exposeHeaders
        self.maxAge = reader.duration("max_age", allowsZero: true) ?? self.maxAge
        self.allowCredentials = reader.bool("allow_credentials") ?? self.allowCredentials
        if self.allowCredentials, self.allowOrigins.contains("*") {
            let message = "cors.allow_credentials with allow_origins \"*\" would let any web page act for its visitor"
            reader.error("allow_credentials", message, suggestion: "name the origins")
        }
        reader.finish(.cors)
    }
}
