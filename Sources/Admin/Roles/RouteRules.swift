import Domain

/// Who may call which route.
///
/// What has no rule is for nobody.
enum RouteRules {
    static func access(_ key: RouteKey) -> Access? { self.rules[key] }

    private static let rules: [RouteKey: Access] = Dictionary(
        (keys + users + teams + organizations + others + models + spend + description).map { line in
            (RouteKey(line.0, line.1), line.2)
        },
        uniquingKeysWith: { first, _ in first }
    )

    private typealias Line = (RouteKey.Method, String, Access)

    private static let keys: [Line] = [
        (.post, "/key/generate", .ownChanges),
        (.post, "/key/service-account/generate", .teamAdmins),
        (.post, "/key/update", .ownChanges),
        (.post, "/key/delete", .ownChanges),
        (.post, "/key/block", .ownChanges),
        (.post, "/key/unblock", .ownChanges),
        (.post, "/key/regenerate", .ownChanges),
        (.post, "/key/{key}/regenerate", .ownChanges),
        (.post, "/key/{key}/reset_spend", .teamAdmins),
        (.post, "/key/bulk_update", .admins),
        (.post, "/team/key/bulk_update", .admins),
        (.post, "/key/health", .anyKey),
        (.get, "/key/info", .anyKey),
        (.post, "/v2/key/info", .anyKey),
        (.get, "/key/list", .anyKey),
        (.get, "/key/aliases", .anyKey),
    ]

    private static let users: [Line] = [
        (.post, "/user/new", .organizationAdmins),
        (.post, "/user/update", .organizationAdmins),
        (.post, "/user/bulk_update", .admins),
        (.post, "/user/delete", .organizationAdmins),
        (.post, "/user/reset_budget", .admins),
        (.get, "/user/info", .anyKey),
        (.get, "/v2/user/info", .anyKey),
        (.get, "/user/spend", .anyKey),
        (.get, "/user/list", .ownReading),
        (.get, "/user/available_roles", .anyKey),
    ]

    private static let teams: [Line] = [
        (.post, "/team/new", .organizationAdmins),
        (.post, "/team/update", .teamAdmins),
        (.post, "/team/delete", .organizationAdmins),
        (.post, "/team/block", .organizationAdmins),
        (.post, "/team/unblock", .organizationAdmins),
        (.post, "/team/member_add", .teamAdmins),
        (.post, "/team/member_update", .teamAdmins),
        (.post, "/team/member_delete", .teamAdmins),
        (.post, "/team/bulk_member_add", .teamAdmins),
        (.post, "/team/model/add", .teamAdmins),
        (.post, "/team/model/delete", .teamAdmins),
        (.post, "/team/permissions_update", .teamAdmins),
        (.post, "/team/reset_budget", .admins),
        (.get, "/team/permissions_list", .ownReading),
        (.get, "/team/info", .anyKey),
        (.get, "/team/list", .ownReading),
        (.get, "/v2/team/list", .ownReading),
    ]

    private static let organizations: [Line] = [
        (.post, "/organization/new", .admins),
        (.patch, "/organization/update", .organizationAdmins),
        (.delete, "/organization/delete", .admins),
        (.post, "/organization/member_add", .organizationAdmins),
        (.patch, "/organization/member_update", .organizationAdmins),
        (.delete, "/organization/member_delete", .organizationAdmins),
        (.get, "/organization/info", .ownReading),
        (.post, "/organization/info", .ownReading),
        (.get, "/organization/list", .ownReading),
    ]

    private static let others: [Line] =
        ["/customer", "/end_user"].flatMap { prefix -> [Line] in
            [
                (.post, prefix + "/new", .admins),
                (.post, prefix + "/update", .admins),
                (.post, prefix + "/delete", .admins),
                (.post, prefix + "/block", .admins),
                (.post, prefix + "/unblock", .admins),
                (.get, prefix + "/info", .viewers),
                (.get, prefix + "/list", .viewers),
                (.get, prefix + "/daily/activity", .viewers),
            ]
        } + [
            (.post, "/budget/new", .admins),
            (.post, "/budget/update", .admins),
            (.post, "/budget/delete", .admins),
            (.post, "/budget/info", .viewers),
            (.get, "/budget/list", .viewers),
            (.get, "/budget/settings", .viewers),
            (.post, "/tag/new", .admins),
            (.post, "/tag/update", .admins),
            (.post, "/tag/delete", .admins),
            (.post, "/tag/info", .viewers),
            (.get, "/tag/list", .ownReading),
            (.get, "/tag/daily/activity", .viewers),
            (.get, "/audit", .viewers),
            (.get, "/audit/{id}", .viewers),
        ]

    private static let models: [Line] = [
        (.post, "/model/new", .admins),
        (.post, "/model/update", .admins),
        (.patch, "/model/{model_id}/update", .admins),
        (.post, "/model/delete", .admins),
        (.post, "/model/block", .admins),
        (.post, "/model/unblock", .admins),
        (.get, "/model/info", .anyKey),
        (.get, "/v2/model/info", .anyKey),
        (.get, "/model_group/info", .anyKey),
    ]

    private static let spend: [Line] = [
        (.post, "/spend/calculate", .anyKey),
        (.get, "/spend/logs", .ownReading),
        (.get, "/spend/logs/v2", .ownReading),
        (.get, "/spend/logs/ui", .ownReading),
        (.get, "/spend/keys", .ownReading),
        (.get, "/spend/users", .ownReading),
        (.get, "/spend/tags", .viewers),
        (.get, "/spend/models", .ownReading),
        (.get, "/global/spend", .spendReaders),
        (.get, "/global/spend/logs", .spendReaders),
        (.get, "/global/spend/keys", .spendReaders),
        (.get, "/global/spend/teams", .spendReaders),
        (.get, "/global/spend/models", .spendReaders),
        (.get, "/global/spend/provider", .spendReaders),
        (.get, "/global/spend/tags", .spendReaders),
        (.get, "/global/spend/all_tag_names", .spendReaders),
        (.post, "/global/spend/end_users", .spendReaders),
        (.post, "/global/spend/reset", .master),
        (.get, "/global/activity", .spendReaders),
        (.get, "/global/activity/model", .spendReaders),
        (.get, "/user/daily/activity", .ownReading),
        (.get, "/user/daily/activity/aggregated", .ownReading),
        (.get, "/key/daily/activity", .anyKey),
        (.get, "/team/daily/activity", .ownReading),
        (.get, "/organization/daily/activity", .ownReading),
        (.get, "/model/daily/activity", .viewers),
    ]

    private static let description: [Line] = [
        (.get, "/openapi.json", .everybody),
        (.get, "/docs", .everybody),
        (.get, "/routes", .everybody),
    ]
}
