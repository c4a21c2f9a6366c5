/// What LiteLLM 1.106 knows, by section.
///
/// Source: `reference/litellm.md`, sections 1.1 and 1.3 to 1.6. A key moves from `later` to `inForce` when the
/// feature behind it is built.
extension SectionKeys {
    package static let top = SectionKeys(
        "the top level",
        inForce: """
            model_list litellm_settings general_settings router_settings server environment_variables include
            credential_list user_config rate_limit_config
            """,
        later: """
            cache_settings fallback_mapping logging callback_settings guardrails
            pass_through_endpoints
            """,
        unused: """
            policies policy_attachments prompts mcp_servers mcp_tools vector_store_registry search_tools
            sandbox_tools agents agent_list plugins worker_registry files_settings finetune_settings
            assistant_settings default_vertex_config
            """
    )

    package static let modelEntry = SectionKeys("model_list[]", inForce: "model_name litellm_params model_info")

    package static let deployment = SectionKeys(
        "model_list[].litellm_params",
        inForce: """
            model custom_llm_provider api_key api_base api_version organization litellm_credential_name region_name
            timeout stream_timeout extra_headers extra_body drop_params additional_drop_params
            allowed_openai_params mock_response keepalive_seconds rpm tpm weight order base_url
            max_parallel_requests max_budget budget_duration input_cost_per_token output_cost_per_token
            cache_read_input_token_cost cache_creation_input_token_cost
            """,
        later: """
            max_retries num_retries cooldown_time merge_reasoning_content_in_choices itpm otpm tags
            aws_* vertex_* azure_* watsonx_* tenant_id client_id client_secret
            """,
        unused: """
            timeout_by_service_tier stream_timeout_by_service_tier tag_regex tiered_pricing off_peak_pricing
            search_context_cost_per_query
            default_api_key_rpm_limit default_api_key_tpm_limit use_in_pass_through use_litellm_proxy
            use_chat_completions_api allow_client_keepalive_override configurable_clientside_auth_params
            auto_router_* complexity_router_config quality_router_config adaptive_router_config
            """
    )

    package static let modelInfo = SectionKeys(
        "model_list[].model_info",
        inForce: "id mode base_model max_tokens max_input_tokens max_output_tokens access_groups"
    )

    package static let library = SectionKeys(
        "litellm_settings",
        inForce: """
            drop_params request_timeout model_alias_map sse_keepalive_ping_interval_seconds set_verbose ssl_verify
            cost_tracking max_budget budget_duration max_end_user_budget budget_exceeded_status_code
            """,
        later: """
            modify_params num_retries allowed_fails anthropic_sse_ping_interval_seconds json_logs ssl_certificate
            include_cost_in_streaming_usage expose_router_debug_in_errors
            cache cache_params cache_ttl callbacks success_callback failure_callback
            fallbacks context_window_fallbacks content_policy_fallbacks default_fallbacks max_fallbacks
            turn_off_message_logging redact_user_api_key_info require_auth_for_metrics_endpoint
            """,
        unused: """
            service_callback input_callback audit_log_callbacks redact_messages_in_exceptions langfuse_default_tags
            log_raw_request_response budget_reset_time budget_rollover budget_exceeded_throttle_percentage
            max_user_budget max_internal_user_budget internal_user_budget_duration default_internal_user_params
            default_team_params default_team_settings default_key_generate_params upperbound_key_generate_params
            key_generation_settings default_soft_budget max_end_user_budget_id
            validate_end_user_id_in_db disable_end_user_cost_tracking disable_end_user_cost_tracking_prometheus_only
            tag_budget_config cost_discount_config cost_margin_config priority_reservation
            priority_reservation_settings block_requests_for_models_without_pricing enable_json_schema_validation
            public_model_groups prometheus_* custom_prometheus_metadata_labels custom_prometheus_tags
            force_ipv4 http2 disable_aiohttp_transport aiohttp_trust_env default_in_memory_ttl default_redis_ttl
            extra_spend_tag_headers disable_add_user_agent_to_request_tags add_user_information_to_llm_headers
            overwrite_user_with_key_hash store_audit_logs strip_anthropic_total_tokens
            use_chat_completions_url_for_anthropic_messages route_all_chat_openai_to_responses
            enable_anthropic_prompt_caching anthropic_prompt_caching_ttl custom_provider_map post_call_rules
            pre_call_rules disable_streaming_logging disable_token_counter standard_logging_payload_excluded_fields
            telemetry api_key api_base organization
            """
    )

    package static let general = SectionKeys(
        "general_settings",
        inForce: """
            master_key dangerously_permit_weak_or_unset_master_key log_level max_request_size_mb
            max_response_size_mb litellm_key_header_name completion_model always_include_stream_usage
            cancel_on_disconnect include_call_id_in_error_body database_url database_connection_pool_limit
            allow_requests_on_db_unavailable salt_key disable_spend_logs budget_mode
            maximum_spend_logs_retention_period maximum_spend_logs_retention_records user_header_name
            global_max_rpm global_max_tpm global_max_parallel_requests
            """,
        later: """
            allow_client_side_credentials forward_client_headers_to_llm_api forward_openai_org_id
            max_parallel_requests
            """,
        unused: """
            database_* store_model_in_db supported_db_objects proxy_batch_write_at
            disable_spend_updates disable_error_logs store_prompts_in_spend_logs
            maximum_spend_logs_* use_redis_transaction_buffer coordination_redis fail_closed_rate_limit_enforcement
            fail_closed_budget_enforcement disable_budget_reservation custom_auth custom_auth_run_common_checks
            enable_jwt_auth litellm_jwtauth enable_oauth2_auth enable_oauth2_proxy_auth oauth2_config_mappings
            allowed_routes public_routes admin_only_routes allowed_ips use_x_forwarded_for trusted_proxy_ranges
            max_in_flight_requests_per_worker max_queued_requests_per_worker admission_queue_timeout_seconds
            max_file_size_mb max_batch_file_size_mb enforce_user_param enforced_params reject_clientside_metadata_tags
            user_header_mappings infer_model_from_keys alerting alerting_threshold alert_types
            alert_to_webhook_url alerting_args alert_type_config spend_report_frequency background_health_checks
            health_check_* use_shared_health_check enable_health_check_routing model_list_healthy_only
            allow_public_health_readiness_details key_management_system key_management_settings
            user_api_key_cache_ttl user_api_key_cache_max_size
            forward_llm_provider_auth_headers pass_through_endpoints disable_custom_api_keys
            disable_master_key_return disable_reset_budget disable_model_info_refresh default_team_disabled
            apply_user_budget_to_team_keys enforce_fallback_model_access expose_fallback_errors_to_caller
            token_rate_limit_type missing_session_id ui_access_mode max_failed_login_attempts_per_source
            failed_login_window_seconds failed_login_block_seconds password_policy_* custom_key_generate
            custom_key_update custom_sso custom_ui_sso_sign_in_handler service_account_settings
            scheduled_job_stagger litellm_license proxy_config_reload_interval_seconds proxy_budget_rescheduler_*
            """
    )

    package static let router = SectionKeys(
        "router_settings",
        inForce: """
            timeout stream_timeout routing_strategy model_group_alias provider_budget_config
            redis_host redis_port redis_password redis_url redis_db redis_username redis_ssl redis_ca_file
            redis_sentinels redis_sentinel_master redis_cluster_nodes redis_key_prefix redis_mode
            redis_when_unavailable redis_deadline_ms
            """,
        later: """
            num_retries retry_after allowed_fails cooldown_time disable_cooldowns
            fallbacks context_window_fallbacks content_policy_fallbacks default_fallbacks max_fallbacks
            enable_pre_call_checks enable_tag_filtering default_max_parallel_requests retry_policy
            allowed_fails_policy
            """,
        unused: """
            routing_strategy_args routing_groups model_group_retry_policy optional_pre_call_checks
            tag_filtering_match_any tag_routing_prefix cache_responses caching_groups default_litellm_params
            default_priority polling_interval enable_weighted_failover alerting_config
            deployment_affinity_ttl_seconds model_group_affinity_config client_ttl ignore_invalid_deployments
            set_verbose debug_level cache_kwargs
            """
    )
}
