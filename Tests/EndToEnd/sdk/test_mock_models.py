"""Models without an upstream: the built-in mock, and LiteLLM's mock_response."""

import openai
import pytest

from harness import Streamed, ask

CANNED = "A canned answer 🥫."


def test_answers_by_the_built_in_mock(client, mock):
    answer = client.chat.completions.create(model="demo", messages=ask("Good morning"))
    assert "Good morning" in answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.completion_tokens > 0
    assert mock.requests() == []


def test_streams_by_the_built_in_mock(client):
    options = {"include_usage": True}
    stream = client.chat.completions.create(model="demo", messages=ask("Hi"), stream=True, stream_options=options)
    answer = Streamed.read(stream)
    plain = client.chat.completions.create(model="demo", messages=ask("Hi"))
    assert answer.text == plain.choices[0].message.content
    assert answer.roles == ["assistant"]
    assert answer.finish_reasons == ["stop"]
    assert [usage.total_tokens for usage in answer.usages] == [plain.usage.total_tokens]


def test_answers_with_the_mock_response(client, mock):
    answer = client.chat.completions.create(model="canned", messages=ask())
    assert answer.choices[0].message.content == CANNED
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (10, 20)
    assert mock.requests() == []


def test_streams_the_mock_response(client):
    answer = Streamed.read(client.chat.completions.create(model="canned", messages=ask(), stream=True))
    assert answer.text == CANNED
    assert len(answer.chunks) > 3
    assert answer.finish_reasons == ["stop"]
    assert answer.usages == []


@pytest.mark.parametrize(
    ("model", "kind", "code"),
    [
        ("canned-rate-limit", openai.RateLimitError, "rate_limit_exceeded"),
        ("canned-context", openai.BadRequestError, "context_length_exceeded"),
        ("canned-failure", openai.InternalServerError, None),
        ("canned-filter", openai.BadRequestError, "content_policy_violation"),
    ],
)
@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
def test_fails_as_the_mock_response_says(client, model, kind, code, stream):
    with pytest.raises(kind) as caught:
        client.chat.completions.create(model=model, messages=ask(), stream=stream)
    assert caught.value.code == code


def test_names_itself_in_headers_without_an_upstream(http):
    headers = http.post("/v1/chat/completions", json={"model": "canned", "messages": ask()}).headers
    assert headers["x-litellm-model-group"] == "canned"
    assert headers["x-litellm-model-id"]
