"""The configuration most raw-socket tests start a gateway with."""

CONFIG = """
model_list:
  - model_name: m
    litellm_params: {{model: openai/gpt-4o, api_base: "{mock}/v1", api_key: sk-up}}
  - model_name: org/m 1
    litellm_params: {{model: openai/gpt-4o, api_base: "{mock}/v1", api_key: sk-up}}
  - model_name: claude
    litellm_params: {{model: anthropic/claude-sonnet-4-5, api_base: "{mock}", api_key: sk-up}}
  - model_name: canned
    litellm_params: {{model: openai/gpt-4o, api_key: sk-up, mock_response: "canned answer"}}
{more}
"""


def config(more: str = "", mock: str = "{mock}") -> str:
    """The models above with further sections."""
    return CONFIG.format(mock=mock, more=more)
