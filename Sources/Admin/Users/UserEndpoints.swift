import Domain
import WireFormats

/// `/user/*`.
struct UserEndpoints: Sendable {
    let desk: Desk

    var routes: [Route] { self.changing + self.reading }

    private var changing: [Route] {
        let changes = UserChanges(desk: self.desk)
        return [
            Route(
                .post,
                "/user/new",
                .users,
                "Adds a user and, unless told otherwise, makes them a key.",
                body: UserFields.new.descriptions,
                example: #"{"user_id":"user1","user_role":"internal_user","max_budget":100,"budget_duration":"30d"}"#,
                answer: "The record; 'key' if one was made.",
                handler: { (call) throws(GatewayError) in try await UserMaking(desk: self.desk).new(call) }
            ),
            Route(
                .post,
                "/user/update",
                .users,
                "Changes a user: absent fields stay, null takes away.",
                body: UserFields.update.descriptions,
                example: #"{"user_id":"user1","max_budget":200}"#,
                answer: "user_id, data: the record.",
                handler: { (call) throws(GatewayError) in try await changes.update(call) }
            ),
            Route(
                .post,
                "/user/bulk_update",
                .users,
                "Changes several users, each as /user/update does, all or none.",
                body: UserChanges.bulkFields.descriptions,
                example: #"{"users":[{"user_id":"user1","rpm_limit":10}]}"#,
                answer: "total_requested, successful_updates, failed_updates, results.",
                handler: { (call) throws(GatewayError) in try await changes.bulkUpdate(call) }
            ),
            Route(
                .post,
                "/user/delete",
                .users,
                "Deletes users with their keys and memberships, all in one change. Spend stays in the ledger.",
                body: UserNames.many.descriptions,
                example: #"{"user_ids":["user1"]}"#,
                answer: "deleted_users, deleted_keys.",
                handler: { (call) throws(GatewayError) in try await changes.delete(call) }
            ),
            Route(
                .post,
                "/user/reset_budget",
                .users,
                "Begins a user's budget anew; the ledger keeps what was spent.",
                body: UserNames.one.descriptions,
                example: #"{"user_id":"user1"}"#,
                answer: "user_id, spend, previous_spend, max_budget, budget_reset_at.",
                handler: { (call) throws(GatewayError) in try await changes.resetBudget(call) }
            ),
        ]
    }

    private var reading: [Route] {
        let reading = UserReading(desk: self.desk)
        return [
            Route(
                .get,
                "/user/info",
                .users,
                "Tells about a user, their keys and teams.",
                query: UserNames.query.descriptions,
                answer: "user_id, user_info, keys, teams.",
                handler: { (call) throws(GatewayError) in try await reading.info(call) }
            ),
            Route(
                .get,
                "/v2/user/info",
                .users,
                "Tells about a user, without keys.",
                query: UserNames.query.descriptions,
                handler: { (call) throws(GatewayError) in try await reading.flatInfo(call) }
            ),
            Route(
                .get,
                "/user/list",
                .users,
                "Lists users, page by page.",
                query: UserFilter.table.descriptions,
                answer: "users, total, page, page_size, total_pages.",
                handler: { (call) throws(GatewayError) in try await reading.list(call) }
            ),
            Route(
                .get,
                "/user/available_roles",
                .users,
                "Names the roles and what they may.",
                answer: "By role: description, ui_label.",
                handler: { (_) throws(GatewayError) in UserReading.roles }
            ),
            Route(
                .get,
                "/user/spend",
                .users,
                "Tells what a user has spent: ever, in the budget's window, and by model.",
                query: UserNames.query.descriptions,
                answer: "total_spend, spend, max_budget, budget_duration, budget_reset_at, window, model_spend.",
                handler: { (call) throws(GatewayError) in try await UserSpend(desk: self.desk).spend(call) }
            ),
        ]
    }
}
