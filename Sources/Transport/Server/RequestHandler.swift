package import Domain
package import NIOCore

/// What stands behind the server: it is given whole requests and answers them through their exchange.
package protocol RequestHandler: Sendable {
    /// Called on the exchange's lane with a whole request.
    func handle(_ exchange: Exchange)

    /// The answer to a request that could not be read: `headers` as whole lines, without framing.
    func refusal(_ error: GatewayError, lane: Lane) -> (headers: ByteBuffer, body: ByteBuffer)
}
