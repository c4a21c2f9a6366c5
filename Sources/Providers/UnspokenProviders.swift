/// Providers that LiteLLM knows and that this version has no way to speak to.
///
/// They are told apart from misspelt names, so that a configuration brought from there gets a true message.
/// Source: litellm.md, section 1.8.
enum UnspokenProviders {
    static func contains(_ name: String) -> Bool {
        self.names.contains(name)
    }

    private static let names = Set(
        """
        chatgpt anthropic_text azure azure_text bedrock bedrock_converse bedrock_mantle sagemaker sagemaker_chat \
        sagemaker_nova vertex_ai vertex_ai_beta cohere cohere_chat text-completion-codestral replicate watsonx \
        watsonx_text ai21_chat cloudflare voyage jina_ai infinity predibase friendliai galadriel dashscope minimax zai \
        nscale featherless_ai github_copilot meta snowflake triton petals oobabooga nlp_cloud maritalk clarifai aiml \
        heroku oci ovhcloud scaleway gradient_ai lemonade docker_model_runner custom deepgram elevenlabs assemblyai \
        stability recraft fal_ai runwayml topaz black_forest_labs milvus pg_vector s3_vectors valkey mongodb a2a \
        langgraph langflow auto_router palm aleph_alpha baseten_chat bytez cometapi compactifai datarobot dotprompt \
        humanloop inception langfuse morph poe ragflow sap soniox v0 xinference_rerank amazon_nova apertus aws_polly
        """.split(separator: " ").map(String.init)
    )
}
