import Accounting
import NIOCore
import Providers
import Settings

/// Any file gives a configuration or problems that can be shown.
enum ConfigFuzz {
    private static let loader = ConfigurationLoader(
        providers: ProviderCatalog(models: PriceTable.bundled),
        environment: ["OPENAI_API_KEY": "sk-fuzz"]
    )

    static func run(_ input: ByteBuffer) {
        let report = self.loader.load(yaml: String(buffer: input), file: "fuzz.yaml")
        precondition(report.configuration != nil || !report.errors.isEmpty, "neither a configuration nor a reason")
        for problem in report.problems { _ = String(describing: problem) }
    }
}
