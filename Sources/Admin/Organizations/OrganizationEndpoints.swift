import Domain
import WireFormats

/// `/organization/*`.
struct OrganizationEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] { self.changing + self.membership + self.reading }

    private var changing: [Route] {
        let changes = OrganizationChanges(desk: self.desk)
        return [
            Route(
                .post,
                "/organization/new",
                .organizations,
                "Adds an organization.",
                body: OrganizationFields.new.descriptions,
                example: #"{"organization_alias":"acme","max_budget":1000}"#,
                handler: { (call) throws(GatewayError) in try await changes.new(call) }
            ),
            Route(
                .patch,
                "/organization/update",
                .organizations,
                "Changes an organization: absent fields stay, null takes away.",
                body: OrganizationFields.update.descriptions,
                example: #"{"organization_id":"org1","max_budget":2000}"#,
                handler: { (call) throws(GatewayError) in try await changes.update(call) }
            ),
            Route(
                .delete,
                "/organization/delete",
                .organizations,
                "Deletes organizations with their teams and keys. Users and the ledger stay.",
                body: OrganizationNames.many.descriptions,
                example: #"{"organization_ids":["org1"]}"#,
                answer: "The deleted records.",
                handler: { (call) throws(GatewayError) in try await changes.delete(call) }
            ),
        ]
    }

    private var membership: [Route] {
        let members = OrganizationMembers(desk: self.desk)
        return [
            Route(
                .post,
                "/organization/member_add",
                .organizations,
                "Adds one or several members to an organization; who is not known is added as a user.",
                body: OrganizationMemberRequest.add.descriptions,
                example: #"{"organization_id":"org1","member":{"role":"org_admin","user_id":"user1"}}"#,
                answer: "organization_id, updated_users, updated_organization_memberships.",
                handler: { (call) throws(GatewayError) in try await members.add(call) }
            ),
            Route(
                .patch,
                "/organization/member_update",
                .organizations,
                "Changes a member's role in an organization.",
                body: OrganizationMemberRequest.update.descriptions,
                example: #"{"organization_id":"org1","user_id":"user1","role":"internal_user"}"#,
                answer: "The membership.",
                handler: { (call) throws(GatewayError) in try await members.update(call) }
            ),
            Route(
                .delete,
                "/organization/member_delete",
                .organizations,
                "Takes a member out of an organization.",
                body: OrganizationMemberRequest.delete.descriptions,
                example: #"{"organization_id":"org1","user_id":"user1"}"#,
                answer: "The membership that was.",
                handler: { (call) throws(GatewayError) in try await members.delete(call) }
            ),
        ]
    }

    private var reading: [Route] {
        let reading = OrganizationReading(desk: self.desk)
        return [
            Route(
                .get,
                "/organization/info",
                .organizations,
                "Tells about an organization, its members and teams.",
                query: OrganizationNames.query.descriptions,
                answer: "The record; members, teams.",
                handler: { (call) throws(GatewayError) in try await reading.info(call) }
            ),
            Route(
                .post,
                "/organization/info",
                .organizations,
                "Tells about several organizations.",
                body: OrganizationNames.listed.descriptions,
                example: #"{"organizations":["org1"]}"#,
                answer: "The records; members, teams.",
                handler: { (call) throws(GatewayError) in try await reading.infos(call) }
            ),
            Route(
                .get,
                "/organization/list",
                .organizations,
                "Lists organizations: all, unless a page is asked for.",
                query: OrganizationFilter.table.descriptions,
                answer: "The records.",
                handler: { (call) throws(GatewayError) in try await reading.list(call) }
            ),
        ]
    }
}
