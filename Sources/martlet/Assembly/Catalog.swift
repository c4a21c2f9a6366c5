import Accounting
import Gateway
import Providers
import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The parts that read configurations, put together.
struct Catalog {
    let environment: [String: String]
    let providers: ProviderCatalog
    let loader: ConfigurationLoader
    let builder: SnapshotBuilder

    init() {
        let environment = Self.processEnvironment()
        let providers = ProviderCatalog(models: PriceTable.bundled)
        self.environment = environment
        self.providers = providers
        self.loader = ConfigurationLoader(providers: providers, environment: environment)
        self.builder = SnapshotBuilder(catalog: providers, facts: PriceTable.bundled, environment: environment)
    }

    /// The environment, read before any thread is started.
    private static func processEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }
}
