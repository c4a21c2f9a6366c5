/// The keys of the smaller sections: Martlet's own, the chapter's, and the parts of LiteLLM's.
extension SectionKeys {
    package static let server = SectionKeys(
        "server",
        inForce: """
            host port threads max_headers max_header_size max_headers_size max_uri_size max_body_size
            max_json_depth max_connections header_timeout idle_timeout body_min_rate shutdown_timeout
            models_from_environment stream_ping_interval connect_timeout first_byte_timeout
            between_chunks_timeout upstream_idle_timeout upstream_max_connections cors data_directory
            model_prices_file change_poll_interval
            """
    )

    package static let cors = SectionKeys(
        "server.cors",
        inForce: "enabled allow_origins allow_headers expose_headers max_age allow_credentials"
    )

    package static let user = SectionKeys(
        "user_config[]",
        inForce: """
            user_id user_email user_alias user_role max_budget budget_duration models rpm_limit tpm_limit
            max_parallel_requests
            """,
        unused: "teams metadata soft_budget model_max_budget organizations aliases permissions"
    )

    package static let sharedCounters = SectionKeys(
        "rate_limit_config",
        inForce: """
            redis_host redis_port redis_password redis_username redis_url redis_db redis_ssl redis_ca_file
            redis_sentinels redis_sentinel_master redis_cluster_nodes redis_key_prefix mode when_unavailable
            deadline_ms
            """
    )

    package static let cache = SectionKeys(
        "cache_params",
        inForce: """
            type mode host port username password url db ssl namespace ttl max_messages similarity_threshold
            supported_call_types redis_semantic_cache_embedding_model
            """,
        unused: """
            default_in_memory_ttl default_in_redis_ttl redis_semantic_cache_index_name qdrant_*
            semantic_cache_* redis_flush_size s3_* gcs_* azure_* disk_cache_dir redis_startup_nodes service_name
            sentinel_nodes sentinel_password max_connections gcp_* ssl_* socket_timeout
            """
    )

    package static let credential = SectionKeys(
        "credential_list[]",
        inForce: "credential_name credential_values credential_info"
    )

    package static let groupAlias = SectionKeys("model_group_alias", inForce: "model hidden")

    package static let providerBudget = SectionKeys(
        "provider_budget_config",
        inForce: "budget_limit time_period max_budget budget_duration",
        unused: "rpm_limit tpm_limit"
    )

    package static let retryPolicy = SectionKeys(
        "retry_policy",
        inForce: """
            BadRequestErrorRetries AuthenticationErrorRetries TimeoutErrorRetries RateLimitErrorRetries
            ContentPolicyViolationErrorRetries InternalServerErrorRetries ServiceUnavailableErrorRetries
            NotFoundErrorRetries DefaultRetries
            """
    )

    package static let allowedFailsPolicy = SectionKeys(
        "allowed_fails_policy",
        inForce: """
            BadRequestErrorAllowedFails AuthenticationErrorAllowedFails TimeoutErrorAllowedFails
            RateLimitErrorAllowedFails ContentPolicyViolationErrorAllowedFails InternalServerErrorAllowedFails
            ServiceUnavailableErrorAllowedFails BadGatewayErrorAllowedFails NotFoundErrorAllowedFails
            """
    )
}

/// The names of log sinks that LiteLLM knows.
///
/// Source: `reference/litellm.md`, section 10.1.
enum SinkNames {
    static let all: [String] = names.split { $0 == " " || $0 == "\n" }.map(String.init)

    private static let names = """
        langfuse langfuse_otel langsmith otel prometheus datadog datadog_metrics datadog_llm_observability sentry
        arize arize_phoenix braintrust logfire lunary mlflow opik posthog helicone traceloop weave_otel langtrace
        literalai galileo humanloop athina argilla agentops deepeval newrelic signoz s3_v2 s3 gcs_bucket gcs_pubsub
        azure_storage azure_sentinel aws_sqs dynamodb supabase clickhouse generic_api openmeter lago cloudzero focus
        vantage mavvrik pointfive zerobus greenscale promptlayer wandb slack smtp_email resend_email sendgrid_email
        pagerduty detect_prompt_injection presidio hide_secrets llmguard lakera aporia openai_moderations
        dynamic_rate_limiter dynamic_rate_limiter_v3 anthropic_cache_control_hook vector_store_pre_call_hook
        dotprompt opentelemetry webhook custom_callback_api
        """
}
