"""Settings of a deployment and of the gateway that change what is sent or answered."""

import httpx
import openai
import pytest

from harness import Streamed, ask

KEY = "sk-e2e-settings"

CONFIG = """
model_list:
  - model_name: extras
    litellm_params:
      model: openai/gpt-4o
      api_base: "{mock}/v1/"
      api_key: os.environ/UPSTREAM_KEY
      organization: org-17
      extra_headers: {x-team: blue, user-agent: mine/1}
      extra_body: {service_tier: flex, x_nested: {b: 2.50, a: null}}
      additional_drop_params: [seed]
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
      api_base: "{mock}"
      api_key: sk-upstream
      extra_headers: {anthropic-beta: context-1m-2025-08-07}
  - model_name: "*"
    litellm_params: {model: openai/*, api_base: "{mock}/v1", api_key: sk-upstream}

general_settings:
  master_key: os.environ/GATEWAY_KEY
  completion_model: extras
  always_include_stream_usage: true
  litellm_key_header_name: X-Company-Key

litellm_settings: {drop_params: true}
"""


@pytest.fixture
def url(launch_gateway):
    return launch_gateway(CONFIG, env={"UPSTREAM_KEY": "sk-from-environment", "GATEWAY_KEY": KEY}).url


@pytest.fixture
def client(url):
    headers = {"X-Company-Key": f"Bearer {KEY}"}
    with openai.OpenAI(base_url=url, api_key="unused", default_headers=headers, max_retries=0) as client:
        yield client


def test_sends_what_the_deployment_adds(client, mock):
    client.chat.completions.create(model="extras", messages=ask(), seed=7, temperature=1)
    sent = mock.last()
    assert sent["path"] == "/v1/chat/completions"
    assert sent["header"]["authorization"] == "Bearer sk-from-environment"
    assert sent["header"]["openai-organization"] == "org-17"
    assert sent["header"]["x-team"] == "blue"
    assert sent["header"]["user-agent"] == "mine/1"
    assert sent["json"]["service_tier"] == "flex"
    assert '"x_nested":{"b":2.50,"a":null}' in sent["body"]
    assert "seed" not in sent["json"]
    assert sent["json"]["temperature"] == 1


def test_sends_anthropic_the_headers_the_deployment_adds(client, mock):
    client.chat.completions.create(model="claude", messages=ask())
    assert mock.last()["header"]["anthropic-beta"] == "context-1m-2025-08-07"


def test_drops_what_anthropic_does_not_take_everywhere(client, mock):
    client.chat.completions.create(model="claude", messages=ask(), logit_bias={"1": 1}, presence_penalty=0.5)
    assert not {"logit_bias", "presence_penalty"} & set(mock.last()["json"])


def test_takes_any_name_for_a_wildcard(client, mock):
    client.chat.completions.create(model="gpt-made-up", messages=ask())
    assert mock.last()["json"]["model"] == "gpt-made-up"


def test_takes_the_default_model_where_none_is_named(url, mock):
    headers = {"x-company-key": KEY}
    answer = httpx.post(f"{url}/v1/chat/completions", json={"messages": ask()}, headers=headers)
    assert answer.status_code == 200
    assert mock.last()["json"]["model"] == "gpt-4o"


def test_gives_the_usage_of_every_stream_when_set_so(client):
    for model in ("extras", "claude"):
        answer = Streamed.read(client.chat.completions.create(model=model, messages=ask(), stream=True))
        assert len(answer.usages) == 1
        assert answer.chunks[-1].choices == []


def test_takes_the_key_from_the_header_it_is_told_before_any_other(url):
    models = f"{url}/v1/models"
    good, bad = {"authorization": f"Bearer {KEY}"}, {"authorization": "Bearer sk-other"}
    assert httpx.get(models, headers={"x-company-key": KEY} | bad).status_code == 200
    assert httpx.get(models, headers={"x-company-key": KEY[:-1]} | good).status_code == 401
    assert httpx.get(models, headers=good).status_code == 200


OPEN = """
model_list:
  - model_name: demo
    litellm_params: {model: mock/demo}
"""


def test_needs_no_key_where_none_is_set(launch_gateway):
    gateway = launch_gateway(OPEN)
    with openai.OpenAI(base_url=gateway.url, api_key="whatever", max_retries=0) as client:
        assert client.chat.completions.create(model="demo", messages=ask()).choices
    assert httpx.get(f"{gateway.url}/v1/models").status_code == 200
