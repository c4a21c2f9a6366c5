package import Domain
import NIOCore
package import Settings
import WireFormats

/// Reads models that were added at run time as the file's are read: with the same checks and the same words.
package struct RuntimeModels: Sendable {
    private let loader: ConfigurationLoader
    private let sealer: any Sealer

    /// What stands in place of a file's name for entries that no file has.
    static let fileName = "request"

    package init(loader: ConfigurationLoader, sealer: any Sealer) {
        self.loader = loader
        self.sealer = sealer
    }

    /// The entries of stored models, and what was wrong with those that cannot be served.
    package func entries(_ models: [StoredModel]) -> (entries: [ModelEntry], problems: [String]) {
        var entries: [ModelEntry] = []
        var problems: [String] = []
        for model in models where model.isBlocked != true {
            guard let parameters = self.sealer.open(model.sealedParameters, purpose: StoredModel.sealPurpose) else {
                problems.append(
                    "model '\(model.name)' (\(model.id)) was sealed with another salt key: it is not served"
                )
                continue
            }
            do throws(GatewayError) {
                var entry = try self.entry(model.name, parameters.reveal(), model.info)
                entry.info.id = model.id
                entries.append(entry)
            } catch {
                problems.append("model '\(model.name)' (\(model.id)) is not served: \(error.message)")
            }
        }
        return (entries, problems)
    }

    /// Reads one model; `parameters` and `info` are JSON objects' texts.
    ///
    /// - Throws: `badRequest` with everything that is wrong.
    package func entry(_ name: String, _ parameters: String, _ info: String?) throws(GatewayError) -> ModelEntry {
        var text = ByteBuffer()
        text.writeString(#"{"model_list":[{"model_name":"#)
        JSONText.writeString(name, into: &text)
        text.writeString(#","litellm_params":\#(parameters),"model_info":\#(info ?? "{}")}]}"#)
        let report = self.loader.load(yaml: String(buffer: text), file: Self.fileName)
        guard let entry = report.configuration?.models.first else {
            let reasons = report.errors.map { "\($0.path): \($0.message)" }
            throw GatewayError(
                .badRequest,
                "The model cannot be served: \(reasons.joined(separator: "; "))",
                param: "litellm_params"
            )
        }
        return entry
    }
}
