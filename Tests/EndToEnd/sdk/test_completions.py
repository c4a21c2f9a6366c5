"""The legacy completions route through OpenAI's SDK."""

import pytest
from openai import BadRequestError

from harness import worded

MODEL = "gpt-3.5-turbo-instruct"


def test_completes(client):
    answer = client.completions.create(model=MODEL, prompt="Hello")
    assert answer.object == "text_completion"
    assert answer.choices[0].text.strip() == "Echo: Hello"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_streams_a_completion(client):
    text, reasons, usages = "", [], []
    for chunk in client.completions.create(model=MODEL, prompt="one two", stream=True):
        assert chunk.object == "text_completion"
        for choice in chunk.choices:
            text += choice.text
            reasons += [choice.finish_reason] if choice.finish_reason else []
        usages += [chunk.usage] if chunk.usage else []
    assert text.strip() == "Echo: one two"
    assert reasons == ["stop"]
    assert usages == []


def test_streams_the_usage_of_a_completion_when_asked(client):
    options = {"include_usage": True}
    chunks = list(client.completions.create(model=MODEL, prompt="one", stream=True, stream_options=options))
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 2


def test_completes_several_prompts(client):
    answer = client.completions.create(model=MODEL, prompt=["one", "two"])
    assert [choice.text.strip() for choice in answer.choices] == ["Echo: one", "Echo: two"]


def test_completes_in_the_middle(client, mock):
    client.completions.create(model=MODEL, prompt="def f(", suffix="return x", max_tokens=10, temperature=0)
    assert mock.last()["json"] == {
        "model": MODEL, "prompt": "def f(", "suffix": "return x", "max_tokens": 10, "temperature": 0,
    }


def test_reports_an_error_of_the_provider(client):
    with pytest.raises(BadRequestError):
        client.completions.create(model=MODEL, prompt=worded(status=400))


def test_completes_by_the_built_in_mock(client):
    assert "Hello" in client.completions.create(model="demo", prompt="Hello").choices[0].text
    stream = client.completions.create(model="demo", prompt="Hello", stream=True)
    assert "Hello" in "".join(choice.text for chunk in stream for choice in chunk.choices)


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
def test_completes_by_chat_where_the_provider_has_nothing_else(client, mock, stream):
    answer = client.completions.create(model="claude", prompt="Hello", stream=stream)
    chunks = list(answer) if stream else [answer]
    assert "".join(choice.text for chunk in chunks for choice in chunk.choices) == "Echo: Hello"
    assert {chunk.object for chunk in chunks} == {"text_completion"}
    assert mock.last()["path"] == "/v1/messages"
