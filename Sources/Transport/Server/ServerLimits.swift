/// What a client may ask of the server, and for how long.
package struct ServerLimits: Sendable, Equatable {
    package var head: HeadLimits
    /// Unit: bytes.
    package var maximumBody: Int
    /// From a request's first byte to its head's last.
    package var headerTime: Duration
    /// How long a connection may be kept open without a request, and how long a client may leave an answer unread.
    package var idleTime: Duration
    /// Unit: bytes a second, over the whole body, after ``bodyGrace``; 0 is no limit.
    package var minimumBodyRate: Int
    package var bodyGrace: Duration
    /// Client connections of the whole process.
    package var maximumConnections: Int

    package init(
        head: HeadLimits = HeadLimits(),
        maximumBody: Int = 100_000_000,
        headerTime: Duration = .seconds(10),
        idleTime: Duration = .seconds(75),
        minimumBodyRate: Int = 240,
        bodyGrace: Duration = .seconds(10),
        maximumConnections: Int = 20_000
    ) {
        self.head = head
        self.maximumBody = maximumBody
        self.headerTime = headerTime
        self.idleTime = idleTime
        self.minimumBodyRate = minimumBodyRate
        self.bodyGrace = bodyGrace
        self.maximumConnections = maximumConnections
    }
}
