"""Sections "Using the Proxy" and "Authentication"."""

import openai
import pytest

from chapter7.conftest import MASTER_KEY
from harness import Management, ask

GENERATE = "litellm --config config.yaml --generate_key --user_id user1"

USE = '''
import openai

# Point to your LiteLLM proxy
client = openai.OpenAI(
    api_key="your-proxy-key",  # Key from proxy config
    base_url="http://localhost:8000"  # Your proxy URL
)

# Use any configured model
response = client.chat.completions.create(
    model="gpt-4",  # Routes to OpenAI GPT-4
    messages=[{"role": "user", "content": "Hello!"}]
)

response = client.chat.completions.create(
    model="claude-3",  # Routes to Anthropic Claude
    messages=[{"role": "user", "content": "Hello!"}]
)
'''


def test_using_the_proxy(start):
    result = start().python(USE, **{"your-proxy-key": MASTER_KEY})
    assert result["response"].choices[0].message.content == "Echo: Hello!"


def test_a_key_for_a_user_on_the_command_line(start):
    proxy = start("authentication")
    key = proxy.run(GENERATE)
    assert key.startswith("sk-")
    assert "\n" not in key
    # Made past the gateway, it works there before long.
    from harness import eventually

    def models():
        try:
            with openai.OpenAI(api_key=key, base_url=proxy.url, max_retries=0) as client:
                return {model.id for model in client.models.list()}
        except openai.AuthenticationError:
            return None

    # user1 may use "gpt-3.5-turbo" and a model that this file does not have.
    assert eventually(models, within=15) == {"gpt-3.5-turbo"}
    with openai.OpenAI(api_key=key, base_url=proxy.url, max_retries=0) as client:
        assert client.chat.completions.create(model="gpt-3.5-turbo", messages=ask()).choices
        with pytest.raises(openai.PermissionDeniedError):
            client.chat.completions.create(model="gpt-4", messages=ask())
    with Management(proxy.url, MASTER_KEY) as management:
        user = management.get("/user/info", user_id="user1")
        assert user["user_info"]["max_budget"] == 100.0
        assert user["user_info"]["user_email"] == "user1@example.com"
        assert [row["key_name"][-4:] for row in user["keys"]] == [key[-4:]]


def test_a_key_is_made_while_the_gateway_is_down(start):
    proxy = start("authentication")
    proxy.gateway.stop()
    key = proxy.run(GENERATE)
    again = proxy.gateway.relaunch()
    try:
        with openai.OpenAI(api_key=key, base_url=again.url, max_retries=0) as client:
            assert client.chat.completions.create(model="gpt-3.5-turbo", messages=ask()).choices
    finally:
        again.stop()


def test_what_the_file_declares_is_the_files(start):
    proxy = start("authentication")
    with Management(proxy.url, MASTER_KEY) as management:
        answer = management.send("POST", "/user/update", {"user_id": "user1", "max_budget": 5})
        assert answer.status_code in (400, 403, 409)
        assert "user1" in answer.text
        assert management.get("/user/info", user_id="user1")["user_info"]["max_budget"] == 100.0
