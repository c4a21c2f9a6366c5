package import Domain

/// What a call lacks of the quota that replicas share.
package struct SharedShortage: Sendable {
    package var demands: [SliceDemand] = []
}
