"""Headers, lists of models, health, CORS, and that no answer holds a secret."""

import re

import httpx
import pytest

from harness import ask

both = pytest.mark.parametrize("model", ["gpt-4o", "claude"])
plain_and_streamed = pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def chat(http, model="gpt-4o", stream=False, headers=None, **directive) -> httpx.Response:
    body = {"model": model, "messages": ask(**directive), "stream": stream}
    return http.post("/v1/chat/completions", json=body, headers=headers)


# MARK: Headers


@both
@plain_and_streamed
def test_tells_in_headers_what_served_the_call(http, mock, model, stream):
    headers = chat(http, model, stream).headers
    assert UUID.fullmatch(headers["x-litellm-call-id"])
    assert headers["x-request-id"]
    assert headers["x-litellm-model-group"] == model
    assert re.fullmatch("[0-9a-f]{64}", headers["x-litellm-model-id"])
    assert headers["x-litellm-model-api-base"].rstrip("/") in (mock.url, f"{mock.url}/v1")
    assert re.fullmatch(r"\d+\.\d+\.\d+", headers["x-litellm-version"])
    total, overhead = (float(headers[f"x-litellm-{name}-duration-ms"]) for name in ("response", "overhead"))
    assert 0 <= overhead <= total


@both
def test_gives_every_call_ids_of_its_own(http, model):
    first, second = chat(http, model).headers, chat(http, model).headers
    assert first["x-litellm-call-id"] != second["x-litellm-call-id"]
    assert first["x-request-id"] != second["x-request-id"]
    assert first["x-litellm-model-id"] == second["x-litellm-model-id"]


@both
@plain_and_streamed
def test_keeps_the_clients_ids(http, model, stream):
    mine = {"x-request-id": "request-17", "x-litellm-call-id": "call-42"}
    headers = chat(http, model, stream, headers=mine).headers
    assert headers["x-request-id"] == "request-17"
    assert headers["x-litellm-call-id"] == "call-42"


@pytest.mark.parametrize("id", ["with space", "x" * 1000, "tab\tbed"], ids=["space", "long", "tab"])
def test_replaces_ids_that_are_none(http, id):
    headers = chat(http, headers={"x-request-id": id, "x-litellm-call-id": id}).headers
    assert UUID.fullmatch(headers["x-litellm-call-id"])
    assert UUID.fullmatch(headers["x-request-id"])


@both
@plain_and_streamed
def test_passes_the_providers_headers_on(http, model, stream):
    headers = chat(http, model, stream).headers
    assert headers["x-ratelimit-limit-requests"]
    assert headers["x-ratelimit-remaining-tokens"]
    if model == "gpt-4o":
        assert headers["llm_provider-x-request-id"].startswith("req_mock")
        assert headers["llm_provider-x-ratelimit-limit-requests"] == headers["x-ratelimit-limit-requests"]
        assert headers["llm_provider-openai-processing-ms"]
    else:
        assert headers["llm_provider-request-id"].startswith("req_mock")
        assert headers["llm_provider-anthropic-ratelimit-requests-limit"] == headers["x-ratelimit-limit-requests"]


@both
def test_passes_the_providers_headers_on_with_its_errors(http, model):
    headers = chat(http, model, status=429).headers
    assert headers["x-litellm-model-group"] == model
    assert headers["x-ratelimit-limit-requests"]
    assert headers["llm_provider-content-type"]


def test_passes_no_cookie_of_the_provider_on(http):
    messages = ask(headers={"set-cookie": "a=b", "x-own": "1"})
    headers = http.post("/v1/chat/completions", json={"model": "gpt-4o", "messages": messages}).headers
    assert headers["llm_provider-x-own"] == "1"
    assert "set-cookie" not in headers
    assert "llm_provider-set-cookie" not in headers


def test_gives_each_error_an_id(http):
    for answer in (http.get("/v1/nothing"), http.get("/v1/models/nothing"), http.post("/v1/chat/completions")):
        assert answer.status_code >= 400
        assert answer.headers["x-request-id"]
        assert answer.headers["x-litellm-version"]


def test_shows_the_sdk_its_request_id(client):
    answer = client.chat.completions.create(model="gpt-4o", messages=ask(), extra_headers={"x-request-id": "mine-1"})
    assert answer._request_id == "mine-1"


# MARK: CORS

PAGE = "https://chat.example.com"


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/chat/completions", "/v1/embeddings", "/v1/models"])
def test_lets_web_pages_ask_first(gateway, path):
    asked = {
        "origin": PAGE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-stainless-os",
    }
    answer = httpx.options(gateway.url + path, headers=asked)
    assert answer.status_code in (200, 204)
    assert answer.headers["access-control-allow-origin"] in ("*", PAGE)
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = {name.strip() for name in answer.headers["access-control-allow-headers"].lower().split(",")}
    assert {"authorization", "content-type", "x-stainless-os"} <= allowed
    assert int(answer.headers["access-control-max-age"]) == 600
    assert "access-control-allow-credentials" not in answer.headers


@both
@plain_and_streamed
def test_lets_web_pages_read_answers(http, model, stream):
    headers = chat(http, model, stream, headers={"origin": PAGE}).headers
    assert headers["access-control-allow-origin"] in ("*", PAGE)
    assert headers["access-control-expose-headers"]


@pytest.mark.parametrize("directive", [{}, {"status": 429}], ids=["the gateway's", "the provider's"])
def test_lets_web_pages_read_errors(gateway, http, directive):
    if directive:
        answer = chat(http, headers={"origin": PAGE}, **directive)
    else:
        answer = httpx.post(f"{gateway.url}/v1/chat/completions", json={}, headers={"origin": PAGE})
    assert answer.status_code in (401, 429)
    assert answer.headers["access-control-allow-origin"] in ("*", PAGE)


def test_sends_no_cors_headers_unasked(http):
    assert not [name for name in chat(http).headers if name.startswith("access-control-")]


CLOSED = """
model_list:
  - model_name: demo
    litellm_params: {model: mock/demo}
general_settings: {master_key: sk-e2e-cors}
server:
  cors: {allow_origins: ["https://chat.example.com"], allow_headers: [authorization, content-type]}
"""


def test_lets_only_the_pages_that_are_named(launch_gateway):
    url = launch_gateway(CLOSED).url + "/v1/models"
    auth = {"authorization": "Bearer sk-e2e-cors"}
    good = httpx.get(url, headers=auth | {"origin": PAGE})
    assert good.headers["access-control-allow-origin"] == PAGE
    assert good.headers["vary"].lower() == "origin"
    bad = httpx.get(url, headers=auth | {"origin": "https://evil.example.com"})
    assert "access-control-allow-origin" not in bad.headers
    asked = {"origin": "https://evil.example.com", "access-control-request-method": "POST"}
    assert "access-control-allow-origin" not in httpx.options(url, headers=asked).headers


# MARK: Models


@pytest.mark.parametrize("path", ["/v1/models", "/models", "/v1/models/"])
def test_lists_models(http, path):
    answer = http.get(path).json()
    assert answer["object"] == "list"
    ids = [model["id"] for model in answer["data"]]
    assert {"gpt-4o", "claude", "demo", "team/gpt:4o@eu", "gpt-4", "text-embedding-3-small"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert all(model["object"] == "model" and model["created"] and model["owned_by"] for model in answer["data"])


def test_lists_models_through_the_sdk(client):
    assert "claude" in [model.id for model in client.models.list()]


@pytest.mark.parametrize("id", ["gpt-4o", "gpt-4", "team/gpt:4o@eu", "openai/o3"])
def test_retrieves_a_model(client, http, id):
    # The SDK encodes slashes; other clients do not.
    assert client.models.retrieve(id).id == id
    assert http.get(f"/v1/models/{id}").json()["id"] == id
    assert http.get(f"/models/{id}").json()["object"] == "model"


def test_says_that_a_model_is_not_there(http):
    answer = http.get("/v1/models/gpt-5o")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "model_not_found"


@pytest.mark.parametrize("path", ["/v1/model/info", "/model/info"])
def test_describes_deployments_without_their_keys(http, canaries, path):
    answer = http.get(path)
    entries = {entry["model_name"]: entry for entry in answer.json()["data"]}
    assert entries["gpt-4o"]["litellm_params"]["model"] == "openai/gpt-4o"
    assert entries["gpt-4o"]["model_info"]["max_input_tokens"] > 0
    assert float(entries["claude"]["model_info"]["input_cost_per_token"]) > 0
    assert "api_key" not in answer.text
    assert not canaries.search(answer.text)


# MARK: Health


@pytest.mark.parametrize("path", ["/health/liveliness", "/health/liveness", "/health/readiness", "/health"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_answers_probes_without_a_key(gateway, path, method):
    answer = httpx.request(method, gateway.url + path)
    assert answer.status_code == 200
    assert bool(answer.content) == (method == "GET")


def test_says_that_it_is_ready(gateway):
    assert httpx.get(f"{gateway.url}/health/readiness").json()["status"] == "healthy"


# MARK: Secrets


def test_tells_no_secret(gateway, http, canaries):
    """Nothing a client gets, and nothing of the log, holds a key; not even when the provider repeats it."""
    quoted = "Incorrect API key provided: sk-canary-openai-4711."
    answers = [
        http.get(path) for path in ("/v1/models", "/v1/models/gpt-4o", "/v1/model/info", "/health", "/health/readiness")
    ]
    unlike = ("nowhere", "locked-out-gpt", "locked-out-claude")
    for model in ("gpt-4o", "claude", "groq", "grok", "deepseek", "vllm", "demo", "canned", *unlike):
        for stream in (False, True):
            answers.append(chat(http, model, stream))
    for model in ("gpt-4o", "claude"):
        for status in (401, 403):
            answers.append(chat(http, model, status=status, message=quoted))
        answers.append(chat(http, model, stream=True, error_after=3, type="authentication_error", message=quoted))
        answers.append(chat(http, model, stream=True, cut_after=3))
        answers.append(chat(http, model, html=True))
    answers.append(httpx.get(f"{gateway.url}/v1/models", headers={"authorization": "Bearer sk-canary-guess-4799"}))
    answers.append(httpx.get(f"{gateway.url}/v1/models?key=sk-canary-guess-4799"))
    for answer in answers:
        assert not canaries.search(answer.text), (answer.request.url, answer.request.content)
        assert not canaries.search(str(answer.headers)), (answer.request.url, answer.request.content)
    assert not canaries.search(gateway.output())


QUOTED = """
model_list:
  - model_name: gpt-4o
    litellm_params: {model: openai/gpt-4o, api_base: "{mock}/v1", api_key: sk-quoted-by-the-provider-4720}
  - model_name: claude
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_base: "{mock}", api_key: sk-quoted-by-the-provider-4720}
general_settings: {master_key: sk-e2e-quoted}
"""


@both
@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_masks_a_key_that_the_provider_repeats(launch_gateway, model, status):
    gateway = launch_gateway(QUOTED, "--log-level", "debug")
    message = "Incorrect API key provided: sk-quoted-by-the-provider-4720."
    with httpx.Client(base_url=gateway.url, headers={"authorization": "Bearer sk-e2e-quoted"}) as http:
        answer = chat(http, model, status=status, message=message)
    assert answer.status_code == status
    assert "4720" not in answer.text
    assert "4720" not in gateway.output()
