import Domain
import WireFormats

/// Tells about organizations.
struct OrganizationReading: Sendable {
    let desk: Desk

    func row(_ organization: Organization, _ call: ManagementCall) async throws(GatewayError) -> JSONObject {
        let spent = try await self.desk.spent(.organization, [organization], now: call.now)[organization.id]
        return OrganizationRow.write(organization, spent ?? SpentAmounts(), at: call.now)
    }

    func info(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let id = try call.readQuery(OrganizationNames.query, OrganizationNames()).id ?? ""
        return Answer.json(try await self.info(id, call))
    }

    func infos(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let ids = try call.read(OrganizationNames.listed, OrganizationNames()).ids
        guard !ids.isEmpty, ids.count <= 100 else {
            throw .invalid("Name 1 to 100 organizations in 'organizations'.", param: "organizations")
        }
        var rows: [JSONValue] = []
        for id in ids { rows.append(.object(try await self.info(id, call))) }
        return Answer.json(.array(rows))
    }

    /// An organization with its teams, of which plain members see those that they are in.
    private func info(_ id: String, _ call: ManagementCall) async throws(GatewayError) -> JSONObject {
        let authority = Authority(self.desk, call)
        let organization = try await self.desk.requireOrganization(id).record
        guard authority.seesAll || authority.isMember(of: organization) else {
            throw .forbidden("You are not a member of this organization.", param: "organization_id")
        }
        var query = RecordQuery()
        query.organizationID = id
        var teams = try await self.desk.all(Team.self, query).map(\.record)
        if !authority.seesAll, !authority.isAdmin(of: organization) {
            teams.removeAll { authority.membership(in: $0) == nil }
        }
        var row = try await self.row(organization, call)
        row.append("teams", .array(try await TeamReading(desk: self.desk).rows(teams, call)))
        return row
    }

    func list(_ call: ManagementCall) async throws(GatewayError) -> Answer {
        let filter = try call.readQuery(OrganizationFilter.table, OrganizationFilter())
        var query = try filter.paging.query(self.desk.settings, usualSize: 100)
        query.ids = filter.id.map { [$0] }
        let authority = Authority(self.desk, call)
        let part = filter.alias?.lowercased()
        let page = try await self.desk.page(Organization.self, query, isPaged: filter.paging.isSaid) { organization in
            guard authority.seesAll || authority.isMember(of: organization) else { return false }
            if let part { return organization.alias?.lowercased().contains(part) == true }
            return true
        }
        let spent = try await self.desk.spent(.organization, page.items, now: call.now)
        return Answer.json(
            .array(
                page.items.map { .object(OrganizationRow.write($0, spent[$0.id] ?? SpentAmounts(), at: call.now)) }
            )
        )
    }
}
