import Accounting
import Domain
import Foundation
import Providers
import Routing
import Settings
import Testing

@testable import Gateway

/// The configurations of `examples/`, read as the program reads them.
struct ExampleTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../examples").standardizedFileURL

    static let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []

    private static let environment = [
        "OPENAI_API_KEY": "sk-openai-0123456789", "ANTHROPIC_API_KEY": "sk-ant-0123456789",
        "MARTLET_MASTER_KEY": "sk-master-0123456789",
    ]

    @Test func thereAreExamples() {
        #expect(Self.files.contains("quickstart.yaml"))
    }

    @Test(arguments: files)
    func loadsWithoutAProblem(_ file: String) throws {
        let catalog = ProviderCatalog(models: PriceTable.bundled)
        let loader = ConfigurationLoader(providers: catalog, environment: Self.environment)
        let report = loader.load(path: Self.folder.appending(path: file).path)
        #expect(report.problems.map(\.description) == [])
        let configuration = try #require(report.configuration)
        let builder = SnapshotBuilder(catalog: catalog, facts: PriceTable.bundled, environment: Self.environment)
        let (snapshot, notes) = try builder.build(configuration, version: 1)
        #expect(notes == [])
        #expect(!snapshot.models.names.isEmpty)
    }
}
