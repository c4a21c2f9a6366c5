import Domain
import NIOCore
import Providers
import Settings
import Transport

@testable import Gateway

/// Knows nothing of any model.
struct NoFacts: ModelFacts {
    func facts(provider: String, model: String) -> ModelEntryFacts? { nil }
    func provider(ofBareModel model: String) -> String? { nil }
    func models(of provider: String) -> [String] { [] }
}

/// The snapshot of a configuration given as YAML, or the problems of either.
func snapshot(
    _ yaml: String,
    environment: [String: String] = [:]
) throws -> (snapshot: Snapshot, notes: [String]) {
    let catalog = ProviderCatalog(models: NoFacts())
    let report = ConfigurationLoader(providers: catalog, environment: environment).load(yaml: yaml, file: "test.yaml")
    guard let configuration = report.configuration else {
        throw BadTestConfiguration(problems: report.errors.map(\.description))
    }
    return try SnapshotBuilder(catalog: catalog, facts: NoFacts(), environment: environment)
        .build(configuration, version: 1)
}

struct BadTestConfiguration: Error, CustomStringConvertible {
    var problems: [String]
    var description: String { self.problems.joined(separator: "\n") }
}

/// A request's head as the transport reads it.
func head(_ method: String, _ target: String, _ fields: String...) throws -> RequestHead {
    let lines = ["\(method) \(target) HTTP/1.1", "Host: a"] + fields
    let bytes = ByteBuffer(string: lines.map { $0 + "\r\n" }.joined() + "\r\n")
    return try RequestHeadParser(limits: HeadLimits()).parse(bytes, reusing: HeaderFields())
}
