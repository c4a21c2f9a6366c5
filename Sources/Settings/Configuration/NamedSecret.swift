package import Domain

/// A name with a value that may be secret: a header, an option of a log sink, an environment variable.
package struct NamedSecret: Sendable, Equatable {
    package var name: String
    package var value: Secret<String>

    package init(name: String, value: Secret<String>) {
        self.name = name
        self.value = value
    }
}
