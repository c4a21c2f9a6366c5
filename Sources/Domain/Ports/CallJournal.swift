/// Takes the record of each settled call before the call's answer has left whole.
///
/// Called on lanes: it never waits, and for one lane it is never called twice at a time.
package protocol CallJournal: Sendable {
    /// Keeps a record so that not even the end of the process loses it.
    ///
    /// - Returns: false when there is no room for it: the record is lost, and no call may be let in until there is.
    func append(_ record: borrowing CallRecord, lane: Int) -> Bool
    /// Whether the next record will find room.
    func isWritable(lane: Int) -> Bool
}
