"""The configuration most tests with keys, limits and budgets start gateways on."""

from .management import MASTER_KEY

PROVIDER_KEY = "sk-canary-openai-4711"

# One call of CALL costs a cent: ten tokens out, and five in.
INPUT_PRICE, OUTPUT_PRICE = 0.000001, 0.001
CALL = {"model": "m", "messages": [{"role": "user", "content": 'Hello mock:{"tokens":10}'}], "max_tokens": 10}
CALL_COST = 0.010005

MODELS = """
model_list:
  - model_name: m
    litellm_params: {model: openai/gpt-4o, api_base: "{mock}/v1", api_key: {provider_key}, input_cost_per_token: 0.000001,
                     output_cost_per_token: 0.001}
    model_info: {id: m-1, access_groups: [beta]}
  - model_name: other
    litellm_params: {model: openai/gpt-4o-mini, api_base: "{mock}/v1", api_key: {provider_key},
                     input_cost_per_token: 0.000001, output_cost_per_token: 0.001}
    model_info: {id: other-1}
  - model_name: claude
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_base: "{mock}", api_key: sk-ant-canary-4712}
  - model_name: listed
    litellm_params: {model: openai/gpt-4o, api_base: "{mock}/v1", api_key: {provider_key}}
  - model_name: unlisted
    litellm_params: {model: openai/nobody-knows-this-one, api_base: "{mock}/v1", api_key: {provider_key}}
  - model_name: free
    litellm_params: {model: openai/gpt-4o, api_base: "{mock}/v1", api_key: {provider_key}, input_cost_per_token: 0,
                     output_cost_per_token: 0}
"""


def stored(database: str | None, *sections: str, general: str = "", models: str = MODELS) -> str:
    """A configuration on a database (None: the default one), with further sections and general settings."""
    lines = [f"  master_key: {MASTER_KEY}"]
    if database:
        lines.append(f'  database_url: "{database}"')
    if general:
        lines += [f"  {line}" for line in general.strip().splitlines()]
    parts = [models.replace("{provider_key}", PROVIDER_KEY), "general_settings:\n" + "\n".join(lines), *sections]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def shared_limits(port: int, **settings) -> str:
    """Counters on Redis; settings are those of `rate_limit_config`."""
    fields = {"redis_host": "127.0.0.1", "redis_port": port} | settings
    return "rate_limit_config:\n" + "".join(f"  {name}: {value}\n" for name, value in fields.items())
