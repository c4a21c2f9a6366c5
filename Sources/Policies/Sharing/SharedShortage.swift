import Domain

/// What a call lacks of the quota that replicas share.
package struct SharedShortage: Sendable {
    let lacks: [Lack]
    let startedAt: Int64

    var isOfMoney: Bool { self.lacks.contains { $0.name.resource == .budget } }
}
