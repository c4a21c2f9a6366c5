"""What goes wrong before an answer begins: OpenAI's SDK raises its own errors, with all they tell."""

import httpx
import openai
import pytest

from harness import ask

both = pytest.mark.parametrize("model", ["gpt-4o", "claude"])
plain_and_streamed = pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])


def failure(client, model="gpt-4o", stream=False, messages=None, **directive) -> openai.APIStatusError:
    with pytest.raises(openai.APIStatusError) as caught:
        client.chat.completions.create(model=model, messages=messages or ask(**directive), stream=stream)
    error = caught.value
    assert error.response.headers["content-type"] == "application/json"
    assert set(error.response.json()) == {"error"}
    assert set(error.response.json()["error"]) == {"message", "type", "param", "code"}
    return error


# MARK: The gateway's own


def test_refuses_a_wrong_key(gateway, mock):
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="sk-canary-guess-4799", max_retries=0) as client:
        error = failure(client)
    assert isinstance(error, openai.AuthenticationError)
    assert error.status_code == 401
    assert error.type == "authentication_error"
    assert "4799" not in str(error)
    assert error.request_id
    assert mock.requests() == []


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/completions", "/v1/embeddings"])
def test_refuses_a_missing_key(gateway, path):
    answer = httpx.post(gateway.url + path, json={"model": "gpt-4o", "messages": ask()})
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "authentication_error"
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/gpt-4o", "/v1/model/info"])
def test_lists_nothing_without_a_key(gateway, path):
    assert httpx.get(gateway.url + path).status_code == 401


@pytest.mark.parametrize("header", ["Authorization", "x-api-key", "api-key", "x-litellm-api-key"])
def test_takes_the_key_from_each_of_its_headers(gateway, key, header):
    value = f"Bearer {key}" if header == "Authorization" else key
    answer = httpx.get(f"{gateway.url}/v1/models", headers={header: value})
    assert answer.status_code == 200
    assert httpx.get(f"{gateway.url}/v1/models", headers={header: value + "x"}).status_code == 401


@plain_and_streamed
def test_names_the_nearest_of_unknown_models(client, mock, stream):
    error = failure(client, model="gpt-4p", stream=stream)
    assert isinstance(error, openai.NotFoundError)
    assert error.code == "model_not_found"
    assert error.param == "model"
    assert "'gpt-4p'" in error.message
    assert "gpt-4o" in error.message
    assert mock.requests() == []


def test_shortens_the_name_of_an_unknown_model(client):
    error = failure(client, model="x" * 50_000)
    assert isinstance(error, openai.NotFoundError)
    assert len(error.message) < 1000


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": ask()}, "model"),
        ({"model": "", "messages": ask()}, "model"),
        ({"model": 1, "messages": ask()}, "model"),
        ({"model": "gpt-4o"}, "messages"),
        ({"model": "gpt-4o", "messages": "Hello"}, "messages"),
        ({"model": "gpt-4o", "messages": ask(), "stream": "yes"}, "stream"),
    ],
    ids=str,
)
def test_says_what_is_wrong_with_a_request(client, mock, body, param):
    with pytest.raises(openai.BadRequestError) as caught:
        client.post("/chat/completions", body=body, cast_to=object)
    assert caught.value.param == param
    assert caught.value.type == "invalid_request_error"
    assert mock.requests() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("max_tokens", "ten"), ("temperature", "hot"), ("tools", "all"), ("stop", 7), ("messages", ["Hello"])],
)
def test_refuses_values_of_a_wrong_type_where_they_are_translated(http, name, value):
    """What is passed through is the provider's to refuse; here nobody else can."""
    answer = http.post("/v1/chat/completions", json={"model": "claude", "messages": ask()} | {name: value})
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("body", [b"", b"{", b'{"model":"gpt-4o",}', b"[]", b"null", b'{"a":\xff"b"}', b"{} {}"])
def test_refuses_what_is_no_json_object(http, mock, body):
    answer = http.post("/v1/chat/completions", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert mock.requests() == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/chat/completions", 405),
        ("DELETE", "/v1/models", 405),
        ("GET", "/v1/nothing", 404),
        ("POST", "/", 404),
    ],
)
def test_answers_wrong_paths_and_methods_in_openais_shape(http, method, path, status):
    answer = http.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert ("allow" in answer.headers) == (status == 405)


# MARK: The provider's

ERRORS = [
    (400, openai.BadRequestError, 400, None),
    (401, openai.AuthenticationError, 401, "invalid_api_key"),
    (402, openai.RateLimitError, 429, "insufficient_quota"),
    (403, openai.PermissionDeniedError, 403, None),
    (404, openai.NotFoundError, 404, "model_not_found"),
    (413, openai.APIStatusError, 413, "request_too_large"),
    (422, openai.BadRequestError, 400, None),
    (429, openai.RateLimitError, 429, "rate_limit_exceeded"),
    (500, openai.InternalServerError, 500, None),
    (502, openai.InternalServerError, 502, None),
    (503, openai.InternalServerError, 503, None),
    (504, openai.InternalServerError, 504, "timeout"),
    (529, openai.InternalServerError, 503, "overloaded"),
]


@pytest.mark.parametrize(("said", "kind", "status", "code"), ERRORS, ids=[str(error[0]) for error in ERRORS])
@plain_and_streamed
@both
def test_raises_the_sdks_own_error(client, model, stream, said, kind, status, code):
    error = failure(client, model=model, stream=stream, status=said, message="It went wrong.")
    assert isinstance(error, kind)
    assert error.status_code == status
    if code:
        assert error.code == code
    if said != 401:
        assert "It went wrong." in error.message
    assert error.request_id


@both
def test_says_when_to_come_back_after_a_rate_limit(client, model):
    error = failure(client, model=model, status=429, retry_after=7)
    assert isinstance(error, openai.RateLimitError)
    assert error.response.headers["retry-after"] == "7"
    assert error.response.headers["retry-after-ms"] == "7000"


@both
def test_keeps_milliseconds_of_a_rate_limit(client, model):
    error = failure(client, model=model, status=429, retry_after_ms=150)
    assert error.response.headers["retry-after-ms"] == "150"
    assert error.response.headers["retry-after"] == "1"


@both
def test_does_not_try_again_when_the_provider_says_so(gateway, key, mock, model):
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=key, max_retries=2) as client:
        error = failure(client, model=model, status=500, should_retry=False)
    assert error.response.headers["x-should-retry"] == "false"
    assert len(mock.requests()) == 1


@both
def test_tries_again_what_may_succeed(gateway, key, mock, model):
    mock.script({"status": 429, "retry_after_ms": 1}, {"status": 503, "retry_after_ms": 1}, {})
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=key, max_retries=2) as client:
        answer = client.chat.completions.create(model=model, messages=ask())
    assert answer.choices[0].message.content == "Echo: Hello"
    assert len(mock.requests()) == 3


@pytest.mark.parametrize(
    ("model", "directive"),
    [
        ("gpt-4o", {"code": "context_length_exceeded", "message": "Too long."}),
        ("gpt-4o", {"message": "This model's maximum context length is 128000 tokens."}),
        ("vllm", {"message": "the request exceeds the available context size"}),
        ("claude", {"message": "prompt is too long: 210000 tokens > 200000 maximum"}),
    ],
)
@plain_and_streamed
def test_knows_a_prompt_that_is_too_long(client, model, stream, directive):
    error = failure(client, model=model, stream=stream, status=400, **directive)
    assert isinstance(error, openai.BadRequestError)
    assert error.code == "context_length_exceeded"


def test_knows_a_refusal_by_the_providers_filter(client):
    error = failure(client, model="claude", status=400, message="Output blocked by content filtering policy")
    assert error.code == "content_policy_violation"


@pytest.mark.parametrize("status", [502, 503, 429, 404])
@both
def test_makes_an_error_of_a_page_of_html(client, model, status):
    error = failure(client, model=model, status=status, html=True)
    assert error.status_code == status
    assert "<html" not in error.response.text.lower()


@both
def test_makes_an_error_of_a_page_of_html_instead_of_a_stream(client, model):
    assert failure(client, model=model, stream=True, html=True).status_code == 502


@both
@pytest.mark.parametrize("directive", [{"cut_after": 0}, {"reset_after": 0}, {"wrong_length": 10}], ids=str)
def test_makes_an_error_of_an_answer_that_breaks_off(client, model, directive):
    error = failure(client, model=model, **directive)
    assert isinstance(error, openai.InternalServerError)
    assert error.status_code == 502


@both
def test_gives_the_true_status_when_a_stream_fails_at_its_first_event(client, model):
    error = failure(client, model=model, stream=True, error_after=0, message="Overloaded")
    assert isinstance(error, openai.InternalServerError)
    assert "Overloaded" in error.message


@pytest.mark.parametrize("model", ["locked-out-gpt", "locked-out-claude"])
@plain_and_streamed
def test_says_that_the_gateways_own_key_was_refused(client, model, stream):
    error = failure(client, model=model, stream=stream)
    assert isinstance(error, openai.AuthenticationError)
    assert error.code == "invalid_api_key"
    assert "gateway" in error.message
    assert "sk-wrong" not in error.message


@plain_and_streamed
def test_says_which_provider_could_not_be_reached(client, stream):
    error = failure(client, model="nowhere", stream=stream)
    assert error.status_code == 502
    assert error.code == "connection_error"
    assert "OpenAI" in error.message


@both
@plain_and_streamed
def test_gives_up_when_the_provider_takes_too_long(client, model, stream):
    name = {"gpt-4o": "hasty-gpt", "claude": "hasty-claude"}[model]
    error = failure(client, model=name, stream=stream, delay=60_000)
    assert error.status_code == 408
    assert error.code == "timeout"
    assert error.type == "timeout_error"


@both
@pytest.mark.parametrize("directive", [{"delay": 60_000}, {"silence_after": 0}], ids=["no answer", "no event"])
def test_gives_up_when_a_stream_does_not_begin(client, model, directive):
    name = {"gpt-4o": "hasty-stream-gpt", "claude": "hasty-stream-claude"}[model]
    error = failure(client, model=name, stream=True, **directive)
    assert error.status_code == 408
    assert error.code == "timeout"


@both
def test_does_not_hurry_plain_answers_by_the_time_out_of_streams(client, model):
    name = {"gpt-4o": "hasty-stream-gpt", "claude": "hasty-stream-claude"}[model]
    answer = client.chat.completions.create(model=name, messages=ask(delay=1500))
    assert answer.choices[0].message.content == "Echo: Hello"
