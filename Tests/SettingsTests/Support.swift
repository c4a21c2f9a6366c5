import Domain
import Foundation
import Settings
import Testing

/// A handful of providers, resolved by prefix and by the beginning of a bare name.
struct FewProviders: ProviderDirectory {
    let prefixes = ["anthropic", "bedrock", "openai"]

    func resolve(model: String, customProvider: String?) -> ModelResolution {
        let parts = model.split(separator: "/", maxSplits: 1)
        if let name = customProvider { return self.named(name, model) }
        if parts.count == 2 { return self.named(String(parts[0]), String(parts[1])) }
        if model.hasPrefix("gpt") || model == "*" { return .resolved(provider: "openai", model: model) }
        if model.hasPrefix("claude") { return .resolved(provider: "anthropic", model: model) }
        return .unknownModel(model)
    }

    private func named(_ provider: String, _ model: String) -> ModelResolution {
        if provider == "bedrock" { return .unsupported(provider: provider) }
        if self.prefixes.contains(provider) { return .resolved(provider: provider, model: model) }
        return .unknownProvider(provider, nearest: NearNames.nearest(to: provider, in: self.prefixes))
    }
}

/// Loads text and fixtures with a fixed environment.
enum Loading {
    static let environment = [
        "OPENAI_API_KEY": "sk-openai-0123456789abcdef",
        "OPENAI_API_KEY_1": "sk-1-0123456789abcdef", "OPENAI_API_KEY_2": "sk-2-0123456789abcdef",
        "OPENAI_API_KEY_3": "sk-3-0123456789abcdef",
        "ANTHROPIC_API_KEY": "sk-ant-0123456789abcdef",
        "LITELLM_MASTER_KEY": "sk-master-0123456789abcdef",
        "REDIS_PASSWORD": "redis-password", "EMPTY": "", "YES": "true", "NUMBER": "42",
    ]

    static func loader(_ environment: [String: String] = Loading.environment) -> ConfigurationLoader {
        ConfigurationLoader(providers: FewProviders(), environment: environment)
    }

    static func load(_ yaml: String) -> ConfigurationReport {
        self.loader().load(yaml: yaml, file: "config.yaml")
    }

    /// One model and `rest`, which starts at line 4.
    static func withModel(_ rest: String) -> ConfigurationReport {
        self.load("model_list:\n  - model_name: gpt-4o\n    litellm_params: {model: openai/gpt-4o}\n" + rest)
    }

    /// One model with `parameters` (each line indented by six spaces), the first of which is on line 5.
    static func withParameters(_ parameters: String) -> ConfigurationReport {
        let head = "model_list:\n  - model_name: gpt-4o\n    litellm_params:\n      model: openai/gpt-4o\n"
        let lines = parameters.split(separator: "\n").map { "      \($0)\n" }
        return self.load(head + lines.joined())
    }

    static func fixturePath(_ name: String) throws -> String {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return folder.appendingPathComponent(name).path
    }

    static func fixture(_ name: String) throws -> String {
        try String(contentsOfFile: self.fixturePath(name), encoding: .utf8)
    }
}

extension ConfigurationReport {
    /// The problems as a terminal shows them, without the lines they quote.
    var lines: [String] { self.problems.map(\.description) }
}
