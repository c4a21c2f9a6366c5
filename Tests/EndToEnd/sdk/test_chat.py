"""Chat completions through OpenAI's SDK, from a provider that is passed through and one that is translated."""

import json
import unicodedata

import pytest
from openai import BadRequestError, OpenAI

from harness import Streamed, ask

both = pytest.mark.parametrize("model", ["gpt-4o", "claude"])
relatives = pytest.mark.parametrize(
    "model", ["gpt-4o", "claude", "groq", "deepseek", "grok", "vllm", "openai/o3", "gpt-4"]
)


@relatives
def test_answers(client, model):
    answer = client.chat.completions.create(model=model, messages=ask("Hello"))
    assert answer.object == "chat.completion"
    assert answer.id
    assert answer.model
    assert [choice.index for choice in answer.choices] == [0]
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content == "Echo: Hello"
    assert answer.choices[0].finish_reason == "stop"
    assert not answer.choices[0].message.tool_calls


@relatives
def test_streams(client, model):
    with client.chat.completions.create(model=model, messages=ask("one two three"), stream=True) as stream:
        answer = Streamed.read(stream)
    assert answer.text == "Echo: one two three"
    assert answer.chunks[0].choices[0].delta.role == "assistant"
    assert answer.roles == ["assistant"]
    assert answer.finish_reasons == ["stop"]
    assert answer.chunks[-1].choices[0].finish_reason == "stop"
    assert len({chunk.id for chunk in answer.chunks}) == 1
    assert {chunk.object for chunk in answer.chunks} == {"chat.completion.chunk"}
    assert {choice.index for chunk in answer.chunks for choice in chunk.choices} == {0}


@relatives
def test_gives_no_usage_in_a_stream_unasked(client, model):
    with client.chat.completions.create(model=model, messages=ask(), stream=True) as stream:
        answer = Streamed.read(stream)
    assert answer.usages == []
    assert all(len(chunk.choices) == 1 for chunk in answer.chunks)


@relatives
def test_gives_usage_in_a_last_chunk_of_its_own_when_asked(client, model):
    options = {"include_usage": True}
    with client.chat.completions.create(model=model, messages=ask(), stream=True, stream_options=options) as stream:
        answer = Streamed.read(stream)
    assert len(answer.usages) == 1
    assert answer.chunks[-1].choices == []
    assert answer.chunks[-2].choices[0].finish_reason == "stop"
    usage = answer.chunks[-1].usage
    assert usage.prompt_tokens > 0
    assert usage.completion_tokens == 2
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


@both
def test_asks_the_upstream_for_usage_whatever_the_client_wants(client, mock, model):
    Streamed.read(client.chat.completions.create(model=model, messages=ask(), stream=True))
    if model == "gpt-4o":
        assert mock.last()["json"]["stream_options"] == {"include_usage": True}
    else:
        assert "stream_options" not in mock.last()["json"]


@both
def test_ends_a_stream_with_done(http, model):
    body = {"model": model, "messages": ask(), "stream": True}
    with http.stream("POST", "/v1/chat/completions", json=body) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["x-accel-buffering"] == "no"
        assert "content-encoding" not in answer.headers
        text = answer.read().decode()
    assert text.endswith("data: [DONE]\n\n")
    assert text.count("[DONE]") == 1
    for line in text.split("\n"):
        assert line == "" or line.startswith(("data: ", ":"))


@both
@pytest.mark.parametrize("stream", [None, False])
def test_answers_json_when_no_stream_is_asked_for(http, model, stream):
    body = {"model": model, "messages": ask()} | ({} if stream is None else {"stream": stream})
    answer = http.post("/v1/chat/completions", json=body)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["choices"][0]["message"]["content"] == "Echo: Hello"


@pytest.mark.parametrize("base", ["", "/", "/v1", "/v1/", "/v1/v1"])
def test_takes_every_spelling_of_the_base_url(gateway, key, base):
    with OpenAI(base_url=gateway.url + base, api_key=key, max_retries=0) as client:
        answer = client.chat.completions.create(model="gpt-4o", messages=ask())
        assert answer.choices[0].message.content == "Echo: Hello"
        assert client.models.retrieve("gpt-4o").id == "gpt-4o"
        assert len(client.embeddings.create(model="text-embedding-3-small", input="a").data) == 1


def test_serves_azures_client(gateway, key):
    from openai import AzureOpenAI

    with AzureOpenAI(azure_endpoint=gateway.url, api_key=key, api_version="2024-06-01", max_retries=0) as client:
        answer = client.chat.completions.create(model="claude", messages=ask())
    assert answer.choices[0].message.content == "Echo: Hello"


# MARK: What the request may say


@both
def test_stops_at_a_stop_word(client, mock, model):
    answer = client.chat.completions.create(model=model, messages=ask("one two END three"), stop=["END"])
    assert answer.choices[0].finish_reason == "stop"
    assert "END" not in answer.choices[0].message.content
    assert "three" not in answer.choices[0].message.content
    assert mock.last()["json"]["stop" if model == "gpt-4o" else "stop_sequences"] == ["END"]


@both
def test_takes_a_stop_word_as_a_plain_string(client, model):
    answer = client.chat.completions.create(model=model, messages=ask("one two END three"), stop="END")
    assert answer.choices[0].message.content.rstrip() == "Echo: one two"


@both
def test_finishes_with_length_at_the_limit(client, model):
    answer = client.chat.completions.create(model=model, messages=ask("one two three four"), max_tokens=3)
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 3


@both
def test_takes_max_completion_tokens(client, model):
    answer = client.chat.completions.create(model=model, messages=ask("one two three"), max_completion_tokens=2)
    assert answer.choices[0].finish_reason == "length"


@pytest.mark.parametrize(
    ("model", "said", "reason"),
    [
        ("gpt-4o", "stop", "stop"),
        ("gpt-4o", "length", "length"),
        ("gpt-4o", "content_filter", "content_filter"),
        ("claude", "end_turn", "stop"),
        ("claude", "stop_sequence", "stop"),
        ("claude", "pause_turn", "stop"),
        ("claude", "max_tokens", "length"),
        ("claude", "model_context_window_exceeded", "length"),
        ("claude", "refusal", "content_filter"),
    ],
)
def test_translates_the_finish_reason(client, model, said, reason):
    messages = ask(finish_reason=said)
    plain = client.chat.completions.create(model=model, messages=messages)
    assert plain.choices[0].finish_reason == reason
    streamed = Streamed.read(client.chat.completions.create(model=model, messages=messages, stream=True))
    assert streamed.finish_reasons == [reason]


def test_gives_two_choices(client):
    answer = client.chat.completions.create(model="gpt-4o", messages=ask(), n=2)
    assert [choice.index for choice in answer.choices] == [0, 1]


def test_streams_two_choices(client):
    stream = client.chat.completions.create(model="gpt-4o", messages=ask("one two"), n=2, stream=True)
    texts, reasons = {0: "", 1: ""}, {}
    for chunk in stream:
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
            if choice.finish_reason:
                reasons[choice.index] = choice.finish_reason
    assert texts == {0: "Echo: one two", 1: "Echo: one two"}
    assert reasons == {0: "stop", 1: "stop"}


@pytest.mark.parametrize(
    ("model", "parameters"),
    [("claude", {"n": 2}), ("claude", {"logprobs": True}), ("groq", {"n": 2})],
)
def test_refuses_what_the_provider_cannot_do(client, mock, model, parameters):
    with pytest.raises(BadRequestError) as caught:
        client.chat.completions.create(model=model, messages=ask(), **parameters)
    assert caught.value.code == "unsupported_parameter"
    assert caught.value.param in parameters
    assert mock.requests() == []


def test_refuses_hints_the_provider_does_not_know_unless_told_to_drop_them(client, mock):
    with pytest.raises(BadRequestError) as caught:
        client.chat.completions.create(model="claude", messages=ask(), logit_bias={"1": 1})
    assert caught.value.code == "unsupported_parameter"
    client.chat.completions.create(model="claude-lenient", messages=ask(), logit_bias={"1": 1}, seed=1)
    assert not {"logit_bias", "seed"} & set(mock.last()["json"])


def test_gives_logprobs(client):
    answer = client.chat.completions.create(model="gpt-4o", messages=ask(), logprobs=True, top_logprobs=2)
    tokens = answer.choices[0].logprobs.content
    assert "".join(token.token for token in tokens) == "Echo: Hello"
    assert all(len(token.top_logprobs) == 2 for token in tokens)


def test_streams_logprobs(client):
    stream = client.chat.completions.create(model="gpt-4o", messages=ask(), logprobs=True, stream=True)
    tokens = [
        token.token
        for chunk in stream
        for choice in chunk.choices
        if choice.logprobs and choice.logprobs.content
        for token in choice.logprobs.content
    ]
    assert "".join(tokens) == "Echo: Hello"


@pytest.mark.parametrize("role", ["system", "developer"])
@both
def test_carries_instructions(client, mock, model, role):
    messages = [{"role": role, "content": "Be brief."}, {"role": role, "content": "Be kind."}, *ask()]
    client.chat.completions.create(model=model, messages=messages)
    sent = mock.last()["json"]
    if model == "gpt-4o":
        assert sent["messages"] == messages
    else:
        assert [block["text"] for block in sent["system"]] == ["Be brief.", "Be kind."]
        assert [message["role"] for message in sent["messages"]] == ["user"]


def test_calls_developers_system_where_only_that_is_known(client, mock):
    messages = [{"role": "developer", "content": "Be brief."}, *ask()]
    client.chat.completions.create(model="deepseek", messages=messages)
    assert [message["role"] for message in mock.last()["json"]["messages"]] == ["system", "user"]


@both
def test_carries_a_conversation(client, mock, model):
    messages = [*ask("one"), {"role": "assistant", "content": "two"}, *ask("three")]
    answer = client.chat.completions.create(model=model, messages=messages)
    assert answer.choices[0].message.content == "Echo: three"
    assert [message["role"] for message in mock.last()["json"]["messages"]] == ["user", "assistant", "user"]


# MARK: Texts


@both
def test_carries_five_megabytes(client, mock, model):
    text = "0123456789abcde " * (5 * 65_536)
    answer = client.chat.completions.create(model=model, messages=ask(text + "the end", text="Read."))
    assert answer.choices[0].message.content == "Read."
    assert text in mock.last()["body"]
    assert answer.usage.prompt_tokens > 5 * 65_536


@both
def test_carries_a_long_answer(client, model):
    answer = client.chat.completions.create(model=model, messages=ask(size=3_000_000))
    assert len(answer.choices[0].message.content) == 3_000_000


UNICODE = {
    "emoji": "👩‍👩‍👧‍👦🇩🇪🥫",
    "combining": unicodedata.normalize("NFD", "Ångström é ñ"),
    "composed": unicodedata.normalize("NFC", "Ångström é ñ"),
    "separators": "a\u2028b\u2029c\u0085d",
    "controls": "nul \u0000 bell \u0007 tab \t cr \r lf \n crlf \r\n del \u007f",
    "right to left": "שלום עליכם \u202eabc\u202c مرحبا",
    "quotes": "\"quoted\" \\backslash\\ </script> 'x'",
    "ends of planes": "\ufffd\U0001fffd\U0010fffd\ue000",
    "byte order mark": "\ufeffstart",
}


@both
@pytest.mark.parametrize("text", UNICODE.values(), ids=UNICODE.keys())
def test_keeps_unicode(client, mock, model, text):
    messages = ask(f"<{text}>", text=f"[{text}]")
    plain = client.chat.completions.create(model=model, messages=messages)
    assert plain.choices[0].message.content == f"[{text}]"
    sent = json.loads(mock.last()["body"])["messages"][-1]["content"]
    assert f"<{text}>" in (sent if isinstance(sent, str) else sent[0]["text"])
    streamed = Streamed.read(client.chat.completions.create(model=model, messages=messages, stream=True))
    assert streamed.text == f"[{text}]"


@both
@pytest.mark.parametrize("piece", [1, 2, 7])
def test_streams_unicode_that_arrives_in_pieces(client, model, piece):
    text = "".join(UNICODE.values())
    stream = client.chat.completions.create(model=model, messages=ask(text=text, split=piece), stream=True)
    assert Streamed.read(stream).text == text


@both
@pytest.mark.parametrize("odd", ["crlf", "comment_every", "close"])
def test_streams_what_is_odd_but_legal(client, model, odd):
    stream = client.chat.completions.create(model=model, messages=ask("one two", **{odd: True}), stream=True)
    assert Streamed.read(stream).text == "Echo: one two"


@both
def test_takes_escapes_of_single_surrogates(http, model):
    body = b'{"model":"%s","messages":[{"role":"user","content":"half \\ud83e a pair"}]}' % model.encode()
    answer = http.post("/v1/chat/completions", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 400)
    assert answer.json()
