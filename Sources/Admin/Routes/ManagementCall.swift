import Domain
import WireFormats

/// One request on one route, by somebody who may call it.
struct ManagementCall: Sendable {
    let route: RouteKey
    let request: ManagementRequest
    /// Nil on public routes only.
    let caller: ManagementCaller?
    let query: QueryText
    /// The path's parameters, decoded.
    let parameters: [String: String]
    let body: JSONObject
    let now: WallTime

    /// Who changes something, for records and audit.
    func author(_ settings: ManagementSettings) -> Change.Author {
        var key: KeyHash?
        var name = self.caller?.userID
        switch self.caller?.credential {
        case .master: name = name ?? settings.adminID
        case .commandLine: name = name ?? "cli"
        case .key(let hash):
            key = hash
            name = name ?? "key"
        case nil: name = "nobody"
        }
        return Change.Author(name: name ?? settings.adminID, key: key, origin: self.request.origin)
    }

    /// Reads the body into `target` by `table`.
    func read<Target>(_ table: FieldTable<Target>, into target: inout Target) throws(GatewayError) {
        try table.read(self.body, into: &target)
    }

    func read<Target>(_ table: FieldTable<Target>, _ start: Target) throws(GatewayError) -> Target {
        var target = start
        try table.read(self.body, into: &target)
        return target
    }

    func readQuery<Target>(_ table: FieldTable<Target>, _ start: Target) throws(GatewayError) -> Target {
        var target = start
        try table.read(self.query, into: &target)
        return target
    }

    func header(_ name: String) -> String? {
        self.request.headers.first { $0.name.lowercased() == name }?.value
    }
}
