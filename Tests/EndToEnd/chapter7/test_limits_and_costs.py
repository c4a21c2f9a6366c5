"""Sections "Rate Limiting", "Cost Tracking" and "API Endpoints"."""

import openai
import pytest
import requests

from chapter7.conftest import MASTER_KEY
from harness import Management, ask, calls, eventually, statuses

SPEND = '''
import requests

# Get user spending
response = requests.get(
    "http://localhost:8000/user/spend",
    headers={"Authorization": "Bearer sk-user1-key"}
)

spend_data = response.json()
print(f"User spent: ${spend_data['total_spend']}")
'''

ENDPOINTS = '''
# Health check
response = requests.get("http://localhost:8000/health")
health = response

# List available models
response = requests.get("http://localhost:8000/v1/models")
models = response

# Get user spending
response = requests.get(
    "http://localhost:8000/user/spend",
    headers={"Authorization": "Bearer sk-user-key"}
)
spend = response

# Admin endpoints (require master key)
response = requests.get(
    "http://localhost:8000/global/spend",
    headers={"Authorization": "Bearer sk-master-key"}
)
everything = response

# Reset budget
response = requests.post(
    "http://localhost:8000/user/reset_budget",
    headers={"Authorization": "Bearer sk-master-key"},
    json={"user_id": "user123"}
)
'''

CHAT = {"model": "gpt-3.5-turbo", "messages": ask(), "max_tokens": 16}


@pytest.fixture
def limited(start):
    return start("rate-limiting")


def key_of(proxy, user: str) -> str:
    with Management(proxy.url, MASTER_KEY) as management:
        return management.key_for(user_id=user)


def test_a_users_requests_a_minute(limited):
    key = key_of(limited, "basic_user")
    outcomes = calls(limited.url, key, 40, CHAT)
    assert statuses(outcomes) == {200: 20, 429: 20}
    refused = next(outcome for outcome in outcomes if outcome.status == 429)
    assert "basic_user" in refused.json["error"]["message"]
    assert int(refused.headers["retry-after"]) >= 1
    # Another user is not held up.
    assert calls(limited.url, key_of(limited, "premium_user"), 1, CHAT | {"model": "gpt-4"})[0].status == 200


def test_a_users_tokens_a_minute(limited):
    key = key_of(limited, "basic_user")
    outcome = calls(limited.url, key, 1, CHAT | {"max_tokens": 10_001})[0]
    assert outcome.status == 429
    assert "tokens" in outcome.json["error"]["message"]


def test_a_users_models(limited):
    with openai.OpenAI(api_key=key_of(limited, "premium_user"), base_url=limited.url, max_retries=0) as client:
        assert {model.id for model in client.models.list()} == {"gpt-4", "claude-3"}
        with pytest.raises(openai.PermissionDeniedError):
            client.chat.completions.create(model="gpt-3.5-turbo", messages=ask())


def test_the_whole_gateways_requests_a_minute(limited):
    """global_max_rpm: 1000, with Redis: within the bound that replicas may err by, and one replica does not."""
    keys = [key_of(limited, "premium_user"), MASTER_KEY]
    body = CHAT | {"model": "gpt-4"}
    first = calls(limited.url, keys[0], 50, body)
    outcomes = first + calls(limited.url, keys[1], 1050, body, callers=100)
    counts = statuses(outcomes)
    assert set(counts) == {200, 429}
    assert counts[200] <= 1000
    assert counts[200] >= 990


def test_what_a_user_spent(start, capsys):
    proxy = start("cost-tracking")
    key = key_of(proxy, "team_a")
    assert calls(proxy.url, key, 1, CHAT | {"model": "gpt-4"})[0].status == 200

    def spent():
        return requests.get(f"{proxy.url}/user/spend", headers={"Authorization": f"Bearer {key}"}).json()["total_spend"]

    eventually(spent, within=15)
    result = proxy.python(SPEND, **{"sk-user1-key": key})
    data = result["spend_data"]
    assert data["user_id"] == "team_a"
    assert data["total_spend"] > 0
    assert data["max_budget"] == 200.0
    assert data["budget_duration"] == "30d"
    assert data["budget_reset_at"]
    assert list(data["model_spend"]) == ["gpt-4"]
    assert f"User spent: ${data['total_spend']}" in capsys.readouterr().out


def test_the_additional_endpoints(start):
    proxy = start("cost-tracking")
    with Management(proxy.url, MASTER_KEY) as management:
        management.user("user123", max_budget=1)
        key = management.key_for(user_id="user123")
    outcome = calls(proxy.url, key, 1, CHAT | {"model": "gpt-4"})[0]
    assert outcome.status == 200
    source = "import requests\n" + ENDPOINTS
    result = eventually(
        lambda: (found := proxy.python(source, **{"sk-user-key": key, "sk-master-key": MASTER_KEY}))["spend"].json()
        ["total_spend"] and found,
        within=15,
    )
    assert result["health"].status_code == 200
    # As in LiteLLM, the list is not for everybody once there is a master key.
    assert result["models"].status_code == 401
    assert result["spend"].status_code == 200
    assert result["everything"].status_code == 200
    assert str(result["spend"].json()["total_spend"]) == outcome.headers["x-litellm-response-cost"]
    assert result["everything"].json()["spend"] >= result["spend"].json()["total_spend"]
    assert result["response"].status_code == 200
    after = requests.get(f"{proxy.url}/user/spend", headers={"Authorization": f"Bearer {key}"}).json()
    assert after["spend"] == 0
    assert after["total_spend"] > 0


def test_lists_models_for_everybody_without_a_master_key(tmp_path, launch_gateway):
    gateway = launch_gateway("model_list:\n  - model_name: gpt-4\n    litellm_params: {model: gpt-4, api_key: sk-up}\n")
    answer = requests.get(f"{gateway.url}/v1/models")
    assert [model["id"] for model in answer.json()["data"]] == ["gpt-4"]
