/// What a call lacks of the quota that replicas share.
package struct SharedShortage: Sendable {
    let lacks: [Lack]
    let startedAt: Int64
}
