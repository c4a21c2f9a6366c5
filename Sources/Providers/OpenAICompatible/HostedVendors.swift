import Domain

extension CompatibleVendor {
    /// Vendors of which a quirk or two is known.
    ///
    /// Source: provider-formats.md, section 9.
    static let hosted: [CompatibleVendor] = [
        CompatibleVendor(
            "cerebras",
            "Cerebras",
            base: "https://api.cerebras.ai/v1",
            keys: ["CEREBRAS_API_KEY"],
            rules: RequestRules.cleaned.with {
                $0.hints += ["presence_penalty", "frequency_penalty", "parallel_tool_calls"]
                $0.refused = ["n", "logprobs", "top_logprobs", "logit_bias"]
            }
        ).with { $0.operations = [.chatCompletions, .completions] },
        CompatibleVendor(
            "sambanova",
            "SambaNova",
            base: "https://api.sambanova.ai/v1",
            keys: ["SAMBANOVA_API_KEY"],
            rules: RequestRules.cleaned.with {
                $0.hints += ["presence_penalty", "frequency_penalty", "seed"]
                $0.refused = ["n", "logprobs", "top_logprobs"]
                $0.joinsText = true
            }
        ),
        CompatibleVendor(
            "nvidia_nim",
            "NVIDIA NIM",
            base: "https://integrate.api.nvidia.com/v1",
            keys: ["NVIDIA_NIM_API_KEY"],
            rules: RequestRules.cleaned.with {
                $0.hints += ["user"]
                $0.refused = ["n"]
            }
        ).with { $0.baseVariables = ["NVIDIA_NIM_API_BASE"] },
        CompatibleVendor(
            "github",
            "GitHub Models",
            base: "https://models.github.ai/inference",
            keys: ["GITHUB_API_KEY", "GITHUB_TOKEN"]
        ).with {
            $0.headers = [(name: "accept", value: "application/vnd.github+json")]
            $0.operations = [.chatCompletions, .embeddings]
        },
        // The base is the workspace's, such as https://adb-1.azuredatabricks.net/serving-endpoints.
        CompatibleVendor(
            "databricks",
            "Databricks",
            base: nil,
            keys: ["DATABRICKS_API_KEY"],
            repairs: AnswerRepairs(joinsContent: true)
        ).with { $0.baseVariables = ["DATABRICKS_API_BASE"] },
        CompatibleVendor(
            "huggingface",
            "Hugging Face",
            base: "https://router.huggingface.co/v1",
            keys: ["HF_TOKEN", "HUGGINGFACE_API_KEY"]
        ).with { $0.operations = [.chatCompletions] },
        CompatibleVendor(
            "deepinfra",
            "DeepInfra",
            base: "https://api.deepinfra.com/v1/openai",
            keys: ["DEEPINFRA_API_KEY"]
        ),
        CompatibleVendor(
            "moonshot",
            "Moonshot",
            base: "https://api.moonshot.ai/v1",
            keys: ["MOONSHOT_API_KEY"],
            rules: RequestRules.cleaned.with { $0.requiredChoice = .refused }
        ).with {
            $0.baseVariables = ["MOONSHOT_API_BASE"]
            $0.operations = [.chatCompletions]
        },
        // The base is the resource's, such as https://name.services.ai.azure.com/openai/v1.
        CompatibleVendor("azure_ai", "Azure AI Foundry", base: nil, keys: ["AZURE_AI_API_KEY"]).with {
            $0.baseVariables = ["AZURE_AI_API_BASE"]
            $0.keyHeader = "api-key"
        },
    ]
}
