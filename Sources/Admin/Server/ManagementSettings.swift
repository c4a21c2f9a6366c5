package import Domain

/// What the configuration says to the management API.
package struct ManagementSettings: Sendable {
    /// For the OpenAPI document.
    package var version = "0"
    /// Who the master key is in records and answers.
    package var adminID = "default_user_id"
    /// The largest page of a list.
    package var largestPage = 100
    /// The role of users that are made without one; LiteLLM's `default_internal_user_params.user_role`.
    package var defaultRole: UserRole?

    package init() {}
}
