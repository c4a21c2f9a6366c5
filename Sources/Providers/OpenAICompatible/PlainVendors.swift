extension CompatibleVendor {
    /// Vendors that need nothing but their address.
    ///
    /// Source: provider-formats.md, section 9.
    static let plain: [CompatibleVendor] = [
        CompatibleVendor(
            "meta_llama",
            "Meta Llama",
            base: "https://api.llama.com/compat/v1",
            keys: ["LLAMA_API_KEY"]
        ),
        CompatibleVendor("ai21", "AI21", base: "https://api.ai21.com/studio/v1", keys: ["AI21_API_KEY"]),
        CompatibleVendor("nebius", "Nebius", base: "https://api.studio.nebius.ai/v1", keys: ["NEBIUS_API_KEY"]),
        CompatibleVendor("novita", "Novita", base: "https://api.novita.ai/v3/openai", keys: ["NOVITA_API_KEY"]),
        CompatibleVendor(
            "hyperbolic",
            "Hyperbolic",
            base: "https://api.hyperbolic.xyz/v1",
            keys: ["HYPERBOLIC_API_KEY"]
        ),
        CompatibleVendor("baseten", "Baseten", base: "https://inference.baseten.co/v1", keys: ["BASETEN_API_KEY"]),
        CompatibleVendor("lambda_ai", "Lambda", base: "https://api.lambda.ai/v1", keys: ["LAMBDA_API_KEY"]),
        CompatibleVendor(
            "wandb",
            "Weights & Biases",
            base: "https://api.inference.wandb.ai/v1",
            keys: ["WANDB_API_KEY"]
        ).with { $0.organizationHeader = "openai-project" },
        CompatibleVendor(
            "volcengine",
            "Volcengine",
            base: "https://ark.cn-beijing.volces.com/api/v3",
            keys: ["VOLCENGINE_API_KEY", "ARK_API_KEY"]
        ),
        CompatibleVendor(
            "vercel_ai_gateway",
            "Vercel AI Gateway",
            base: "https://ai-gateway.vercel.sh/v1",
            keys: ["VERCEL_AI_GATEWAY_API_KEY"]
        ),
    ]
}
