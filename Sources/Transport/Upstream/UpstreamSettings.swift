/// How upstream connections are kept.
package struct UpstreamSettings: Sendable, Equatable {
    /// How long an unused connection is kept.
    package var idleTime: Duration
    /// Connections to one origin per lane; 0 is no limit.
    package var maximumConnections: Int

    package init(idleTime: Duration = .seconds(60), maximumConnections: Int = 0) {
        self.idleTime = idleTime
        self.maximumConnections = maximumConnections
    }
}
