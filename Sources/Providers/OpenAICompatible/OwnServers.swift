extension CompatibleVendor {
    /// Servers people run themselves: no key is needed, and no parameter is known to be too much for them.
    static let servers: [CompatibleVendor] = [
        CompatibleVendor.ollama("ollama"),
        CompatibleVendor.ollama("ollama_chat"),
        CompatibleVendor("hosted_vllm", "vLLM", base: nil, keys: ["HOSTED_VLLM_API_KEY"]).with {
            $0.aliases = ["vllm"]
            $0.baseVariables = ["HOSTED_VLLM_API_BASE"]
            $0.needsKey = false
        },
        CompatibleVendor(
            "lm_studio",
            "LM Studio",
            base: "http://localhost:1234/v1",
            keys: ["LM_STUDIO_API_KEY"]
        ).with {
            $0.baseVariables = ["LM_STUDIO_API_BASE"]
            $0.needsKey = false
        },
        CompatibleVendor(
            "llamafile",
            "llamafile",
            base: "http://127.0.0.1:8080/v1",
            keys: ["LLAMAFILE_API_KEY"]
        ).with {
            $0.baseVariables = ["LLAMAFILE_API_BASE"]
            $0.needsKey = false
        },
        CompatibleVendor(
            "xinference",
            "Xinference",
            base: "http://127.0.0.1:9997/v1",
            keys: ["XINFERENCE_API_KEY"]
        ).with {
            $0.baseVariables = ["XINFERENCE_API_BASE"]
            $0.needsKey = false
        },
        // What stands behind these two is not known, so nothing is changed but the model's name.
        CompatibleVendor(
            "openai_like",
            "OpenAI-compatible server",
            base: nil,
            keys: ["OPENAI_LIKE_API_KEY"],
            rules: RequestRules()
        ).with {
            $0.aliases = ["custom_openai"]
            $0.baseVariables = ["OPENAI_LIKE_API_BASE"]
            $0.needsKey = false
        },
        CompatibleVendor(
            "litellm_proxy",
            "LiteLLM proxy",
            base: nil,
            keys: ["LITELLM_PROXY_API_KEY"],
            rules: RequestRules()
        ).with {
            $0.baseVariables = ["LITELLM_PROXY_API_BASE"]
            $0.needsKey = false
        },
    ]

    /// By Ollama's OpenAI surface; LiteLLM's bases for it have no `/v1`.
    ///
    /// Source: Ollama docs, "OpenAI compatibility". `num_ctx` has no counterpart there and stays the server's.
    private static func ollama(_ name: String) -> CompatibleVendor {
        CompatibleVendor(
            name,
            "Ollama",
            base: "http://localhost:11434/v1",
            keys: ["OLLAMA_API_KEY"],
            rules: RequestRules.cleaned.with { $0.joinsText = true },
            repairs: AnswerRepairs(completesToolCalls: true)
        ).with {
            $0.baseVariables = ["OLLAMA_API_BASE"]
            $0.versionPath = "/v1"
            $0.needsKey = false
        }
    }
}
