internal import Domain

/// Where records of calls go: an entry of `logging`, or a callback of `litellm_settings`.
package struct LoggingSink: Sendable, Equatable {
    /// Which calls are reported.
    package enum Events: String, Sendable {
        case all
        case successes
        case failures
    }

    /// `datadog`, `langsmith`, ...
    package var type: String
    package var events: Events
    /// The entry's other keys.
    package var options: [NamedSecret] = []

    package init(type: String, events: Events) {
        self.type = type
        self.events = events
    }
}

/// Values for deployments to refer to by name: an entry of `credential_list`.
package struct CredentialEntry: Sendable, Equatable {
    package var name: String
    package var values: [NamedSecret]

    /// The value named `name`, nil when there is none.
    package func value(_ name: String) -> String? {
        self.values.first { $0.name == name }?.value.reveal()
    }
}
