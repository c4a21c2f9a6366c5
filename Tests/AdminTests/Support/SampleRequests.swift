import Domain

@testable import Admin

/// For each route a request that works in the ``World`` for whoever may call it.
enum SampleRequests {
    struct Sample: Sendable {
        var target: String
        var body = ""
    }

    static func sample(_ route: RouteKey, for standing: Standing) -> Sample {
        let name = "\(route.method.rawValue) \(route.path)"
        if let body = self.bodies[name] {
            return Sample(target: self.path(route), body: body)
        }
        if let query = self.queries(standing)[name] { return Sample(target: "\(route.path)?\(query)") }
        return Sample(target: self.path(route))
    }

    /// The path with its parameters filled in.
    private static func path(_ route: RouteKey) -> String {
        route.path.replacing("{key}", with: World.key(route.path.hasSuffix("reset_spend") ? "search" : "ines"))
            .replacing("{id}", with: "none").replacing("{model_id}", with: "none")
    }

    private static func queries(_ standing: Standing) -> [String: String] {
        let own: [Standing: String] = [
            .unknown: "nobody", .internalViewer: "vera", .internalUser: "ines", .viewer: "wim", .admin: "ada",
        ]
        let user = ["vera", "ines", "wim", "ada"].contains(own[standing]) ? own[standing] ?? "ines" : "ines"
        return [
            "GET /key/info": "key=\(World.key(own[standing] ?? "ines"))",
            "GET /user/info": standing == .unknown ? "" : "user_id=\(user)",
            "GET /v2/user/info": standing == .unknown ? "" : "user_id=\(user)",
            "GET /user/spend": standing == .unknown ? "" : "user_id=\(user)",
            "GET /user/list": "organization_id=acme",
            "GET /team/info": "team_id=search",
            "GET /team/permissions_list": "team_id=search",
            "GET /organization/info": "organization_id=acme",
            "GET /customer/info": "end_user_id=buyer",
            "GET /end_user/info": "end_user_id=buyer",
            "GET /budget/settings": "budget_id=shared",
        ]
    }

    private static var bodies: [String: String] {
        self.keys.merging(self.people) { first, _ in first }.merging(self.groups) { first, _ in first }
            .merging(self.others) { first, _ in first }
    }

    private static let keys: [String: String] = {
        let key = World.key("ines")
        let shared = World.key("search")
        return [
            "POST /key/generate": #"{"key_alias":"fresh"}"#,
            "POST /key/service-account/generate": #"{"team_id":"search","key_alias":"robot"}"#,
            "POST /key/update": #"{"key":"\#(key)","metadata":{"a":1}}"#,
            "POST /key/delete": #"{"keys":["\#(key)"]}"#,
            "POST /key/block": #"{"key":"\#(shared)"}"#,
            "POST /key/unblock": #"{"key":"\#(shared)"}"#,
            "POST /key/regenerate": #"{"key":"\#(key)"}"#,
            "POST /key/{key}/regenerate": #"{"grace_period":"1h"}"#,
            "POST /key/{key}/reset_spend": #"{"reset_to":0}"#,
            "POST /key/bulk_update": #"{"keys":[{"key":"\#(key)","rpm_limit":5}]}"#,
            "POST /team/key/bulk_update": #"{"team_id":"search","update_fields":{"rpm_limit":5}}"#,
            "POST /v2/key/info": #"{"keys":["\#(key)","\#(World.key("nobody"))","\#(World.key("vera"))"]}"#,
        ]
    }()

    private static let people: [String: String] = [
        "POST /user/new": #"{"user_id":"nora","organization_id":"acme"}"#,
        "POST /user/update": #"{"user_id":"mara","max_budget":3}"#,
        "POST /user/bulk_update": #"{"users":[{"user_id":"mara","rpm_limit":5}]}"#,
        "POST /user/delete": #"{"user_ids":["mara"]}"#,
        "POST /user/reset_budget": #"{"user_id":"mara"}"#,
    ]

    private static let groups: [String: String] = [
        "POST /team/new": #"{"team_id":"new","organization_id":"acme"}"#,
        "POST /team/update": #"{"team_id":"search","max_budget":3}"#,
        "POST /team/delete": #"{"team_ids":["search"]}"#,
        "POST /team/block": #"{"team_id":"search"}"#,
        "POST /team/unblock": #"{"team_id":"search"}"#,
        "POST /team/member_add": #"{"team_id":"search","member":{"user_id":"olaf","role":"user"}}"#,
        "POST /team/member_update": #"{"team_id":"search","user_id":"mara","max_budget_in_team":3}"#,
        "POST /team/member_delete": #"{"team_id":"search","user_id":"mara"}"#,
        "POST /team/bulk_member_add": #"{"team_id":"search","members":[{"user_id":"olaf","role":"user"}]}"#,
        "POST /team/model/add": #"{"team_id":"search","models":["o3"]}"#,
        "POST /team/model/delete": #"{"team_id":"search","models":["gpt-4o"]}"#,
        "POST /team/permissions_update": #"{"team_id":"search","team_member_permissions":["/key/generate"]}"#,
        "POST /team/reset_budget": #"{"team_id":"search"}"#,
        "POST /organization/new": #"{"organization_id":"initech","organization_alias":"Initech"}"#,
        "PATCH /organization/update": #"{"organization_id":"acme","organization_alias":"Acme Ltd"}"#,
        "DELETE /organization/delete": #"{"organization_ids":["acme"]}"#,
        "POST /organization/member_add":
            #"{"organization_id":"acme","member":{"user_id":"olaf","role":"internal_user"}}"#,
        "PATCH /organization/member_update":
            #"{"organization_id":"acme","user_id":"mara","role":"internal_user_viewer"}"#,
        "DELETE /organization/member_delete": #"{"organization_id":"acme","user_id":"mara"}"#,
        "POST /organization/info": #"{"organizations":["acme"]}"#,
    ]

    private static let others: [String: String] = {
        var bodies = [
            "POST /budget/new": #"{"budget_id":"small","max_budget":1}"#,
            "POST /budget/update": #"{"budget_id":"shared","max_budget":2}"#,
            "POST /budget/delete": #"{"id":"spare"}"#,
            "POST /budget/info": #"{"budgets":["shared"]}"#,
            "POST /tag/new": #"{"name":"nightly"}"#,
            "POST /tag/update": #"{"name":"batch","max_budget":2}"#,
            "POST /tag/delete": #"{"name":"batch"}"#,
            "POST /tag/info": #"{"names":["batch"]}"#,
        ]
        for prefix in ["/customer", "/end_user"] {
            bodies["POST \(prefix)/new"] = #"{"user_id":"client","max_budget":1}"#
            bodies["POST \(prefix)/update"] = #"{"user_id":"buyer","max_budget":1}"#
            bodies["POST \(prefix)/delete"] = #"{"user_ids":["buyer"]}"#
            bodies["POST \(prefix)/block"] = #"{"user_ids":["buyer"]}"#
            bodies["POST \(prefix)/unblock"] = #"{"user_ids":["buyer"]}"#
        }
        return bodies
    }()

    /// Whether there is a request made for this route, so that it can be asked to succeed.
    static func isKnown(_ route: RouteKey) -> Bool {
        let name = "\(route.method.rawValue) \(route.path)"
        if self.bodies[name] != nil { return true }
        return self.queries(.master)[name] != nil || self.plain.contains(name)
    }

    private static let plain: Set<String> = [
        "POST /key/health", "GET /key/list", "GET /key/aliases", "GET /user/available_roles", "GET /team/list",
        "GET /v2/team/list", "GET /organization/list", "GET /customer/list", "GET /end_user/list", "GET /budget/list",
        "GET /tag/list",
    ]

    /// Routes whose sample changes something.
    static func changes(_ route: RouteKey) -> Bool {
        let name = "\(route.method.rawValue) \(route.path)"
        let reads = ["POST /v2/key/info", "POST /organization/info", "POST /budget/info", "POST /tag/info"]
        return self.bodies[name] != nil && !reads.contains(name)
    }
}
