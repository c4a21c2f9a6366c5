/// Tells the time; a test's tells what the test wants.
package protocol WallClock: Sendable {
    var now: WallTime { get }
}
