"""What an OpenAI-like provider gets is what the client wrote, byte by byte, but for what the gateway must change."""

import json

import pytest

from harness import ask

# Spaces, an order of its own, numbers and escapes that no re-encoding would spell like this.
BODY = (
    '{"stop":null, "temperature":1.0,\n"model" : "gpt-4","top_p":1e0,"seed":9007199254740993,'
    '"messages":[ {"content":"Hello \\u00e9\\/\\ud83e\\udd6b","role":"user","x":1.50} ],'
    '"x_unknown":{"z":1.50,"a":-0.0,"big":123456789012345678901234567890,"exp":1e3,"esc":"\\u00e9\\/\\u0000","zz":[]},'
    '"n":1}'
)


def send(http, body: str, path: str = "/v1/chat/completions"):
    answer = http.post(path, content=body.encode(), headers={"content-type": "application/json"})
    return answer


def test_changes_nothing_but_the_models_name(http, mock):
    answer = send(http, BODY)
    assert answer.status_code == 200
    assert mock.last()["body"] == BODY.replace('"gpt-4"', '"gpt-4o"')


def test_adds_the_wish_for_usage_to_a_stream_and_nothing_else(http, mock):
    body = BODY.replace('"n":1}', '"n":1,"stream":true}')
    assert send(http, body).status_code == 200
    sent = mock.last()["body"]
    begin = body.replace('"gpt-4"', '"gpt-4o"').removesuffix("}")
    assert sent.startswith(begin)
    assert json.loads("{" + sent[len(begin):].lstrip(",")) == {"stream_options": {"include_usage": True}}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"include_usage": True}, {"include_usage": True}),
        ({"include_usage": False}, {"include_usage": True}),
        ({"include_obfuscation": False}, {"include_obfuscation": False, "include_usage": True}),
        ({}, {"include_usage": True}),
        (None, {"include_usage": True}),
    ],
    ids=str,
)
def test_adds_the_wish_for_usage_to_the_options_there_are(http, mock, given, sent):
    body = {"model": "gpt-4o", "messages": ask(), "stream": True, "stream_options": given}
    answer = http.post("/v1/chat/completions", json=body)
    assert answer.status_code == 200
    assert mock.last()["json"]["stream_options"] == sent
    assert ('"usage":{' in answer.text) == bool(given and given.get("include_usage"))


@pytest.mark.parametrize("model", ["gpt-4o", "openai/o3", "vllm", "groq", "grok", "deepseek"])
def test_passes_unknown_fields_on(http, mock, model):
    body = {"model": model, "messages": ask(), "x_new": {"b": [1, 2.50, None]}, "top_k": 5}
    assert http.post("/v1/chat/completions", json=body).status_code == 200
    sent = mock.last()["json"]
    assert sent["x_new"] == {"b": [1, 2.50, None]}
    assert sent["top_k"] == 5


def test_passes_no_unknown_fields_on_to_anthropic(http, mock):
    body = {"model": "claude", "messages": ask(), "x_new": 1, "metadata": {"a": "b"}, "store": True}
    assert http.post("/v1/chat/completions", json=body).status_code == 200
    assert not {"x_new", "store"} & set(mock.last()["json"])


def test_keeps_numbers_and_order_of_schemas_for_anthropic(http, mock):
    schema = '{"type":"object","properties":{"zz":{"type":"integer","default":9007199254740993},"aa":{"const":1.50}}}'
    body = (
        '{"model":"claude","messages":[{"role":"user","content":"Hello"}],'
        '"tools":[{"type":"function","function":{"name":"f","parameters":' + schema + "}}]}"
    )
    assert send(http, body).status_code == 200
    assert schema in mock.last()["body"]


def test_keeps_the_arguments_spelling_for_anthropic(http, mock):
    arguments = '{"z":1.50,"a":9007199254740993,"e":1e3}'
    messages = [
        *ask(),
        {
            "role": "assistant",
            "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": arguments}}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "done"},
    ]
    assert http.post("/v1/chat/completions", json={"model": "claude", "messages": messages}).status_code == 200
    assert '"input":' + arguments in mock.last()["body"]


@pytest.mark.parametrize("second", ['"model"', '"mod\\u0065l"'], ids=["same spelling", "escaped"])
def test_refuses_a_model_given_twice(http, mock, second):
    body = '{"model":"gpt-4o",' + second + ':"demo","messages":[{"role":"user","content":"Hello"}]}'
    answer = send(http, body)
    assert answer.status_code == 400
    assert "model" in answer.json()["error"]["message"]
    assert mock.requests() == []


def test_refuses_a_model_whose_key_is_escaped(http, mock):
    """Who reads it is a matter of the parser, so it could mean one model here and another there."""
    body = '{"mod\\u0065l":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}'
    answer = send(http, body)
    assert answer.status_code == 400
    assert "escapes" in answer.json()["error"]["message"]
    assert mock.requests() == []


def test_reads_escapes_in_the_models_name(http, mock):
    body = '{"model":"gpt-\\u0034o","messages":[{"role":"user","content":"Hello"}]}'
    assert send(http, body).status_code == 200
    assert mock.last()["json"]["model"] == "gpt-4o"


def test_keeps_what_is_meant_for_the_gateway(http, mock):
    body = {"model": "gpt-4o", "messages": ask(), "litellm_trace_id": "t", "num_retries": 3, "drop_params": True}
    assert http.post("/v1/chat/completions", json=body).status_code == 200
    assert set(mock.last()["json"]) == {"model", "messages"}


def test_does_not_pass_the_clients_headers_on(http, mock, key):
    headers = {"x-custom": "mine", "cookie": "a=b", "openai-organization": "org-client"}
    http.post("/v1/chat/completions", json={"model": "gpt-4o", "messages": ask()}, headers=headers)
    sent = mock.last()
    assert sent["header"]["authorization"] == "Bearer sk-canary-openai-4711"
    assert not {"x-custom", "cookie", "openai-organization"} & set(sent["header"])
    assert key not in str(sent)


def test_gives_anthropic_its_own_headers(http, mock):
    http.post("/v1/chat/completions", json={"model": "claude", "messages": ask()})
    sent = mock.last()
    assert sent["path"] == "/v1/messages"
    assert sent["header"]["x-api-key"] == "sk-ant-canary-4712"
    assert sent["header"]["anthropic-version"]
    assert "authorization" not in sent["header"]


@pytest.mark.parametrize(
    ("model", "path", "name"),
    [
        ("gpt-4o", "/v1/chat/completions", "gpt-4o"),
        ("openai/o3", "/v1/chat/completions", "o3"),
        ("team/gpt:4o@eu", "/v1/chat/completions", "gpt-4o"),
        ("groq", "/openai/v1/chat/completions", "llama-3.3-70b-versatile"),
        ("vllm", "/v1/chat/completions", "meta-llama/Llama-3.1-8B-Instruct"),
        ("deepseek", "/chat/completions", "deepseek-chat"),
    ],
)
def test_calls_the_deployments_model_at_its_address(http, mock, model, path, name):
    http.post("/v1/chat/completions", json={"model": model, "messages": ask()})
    assert mock.last()["path"] == path
    assert mock.last()["json"]["model"] == name


@pytest.mark.parametrize(
    "path",
    [
        "/engines/gpt-4/chat/completions",
        "/openai/deployments/gpt-4/chat/completions",
        "/engines/team%2Fgpt:4o@eu/chat/completions",
    ],
)
def test_names_the_model_of_the_path_to_the_provider(http, mock, path):
    for body in ({"messages": ask()}, {"model": "claude", "messages": ask()}, {"model": None, "messages": ask()}):
        assert http.post(path, json=body).status_code == 200
        assert mock.last()["json"]["model"] == "gpt-4o"
