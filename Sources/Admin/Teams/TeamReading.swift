import Domain
import WireFormats

/// Tells about teams.
struct TeamReading: Sendable {
    let desk: Desk

    func rows(_ teams: [Team], _ call: ManagementCall) async throws(GatewayError) -> [JSONValue] {
        let spent = try await self.desk.spent(.team, teams.map { ($0.id, $0.allowance) }, now: call.now)
        return teams.map { .object(TeamRow.write($0, spent[$0.id] ?? SpentAmounts(), at: call.now)) }
    }
}
