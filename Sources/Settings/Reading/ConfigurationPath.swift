/// Spells where a value stands: `model_list[0].litellm_params.api_key`.
enum ConfigurationPath {
    enum Step {
        case key(String)
        case index(Int)
    }

    static func text(_ steps: [Step]) -> String {
        var text = ""
        for step in steps {
            switch step {
            case .key(let name): text = self.joined(text, name)
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }

    static func joined(_ path: String, _ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }
}
