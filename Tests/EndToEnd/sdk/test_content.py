"""Images, structured output, reasoning and prompt caching through OpenAI's SDK."""

import base64
import json

import pytest
from openai import BadRequestError
from pydantic import BaseModel

from harness import Streamed, ask, worded

both = pytest.mark.parametrize("model", ["gpt-4o", "claude"])

# The smallest GIF there is.
GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="


def picture(url: str, **more) -> list[dict]:
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url, **more}}]
    return [{"role": "user", "content": parts}]


def parts(mock) -> list[dict]:
    return mock.last()["json"]["messages"][-1]["content"]


# MARK: Images


@pytest.mark.parametrize("url", [f"data:image/gif;base64,{GIF}", "https://example.com/cat.png?size=1&x=%20"])
def test_passes_images_on_untouched_to_openai(client, mock, url):
    messages = picture(url, detail="low")
    answer = client.chat.completions.create(model="gpt-4o", messages=messages)
    assert answer.choices[0].message.content == "Echo: What is this?[image]"
    assert mock.last()["json"]["messages"] == messages


def test_gives_anthropic_a_data_url_as_a_base64_source(client, mock):
    answer = client.chat.completions.create(model="claude", messages=picture(f"data:image/gif;base64,{GIF}"))
    assert "[image]" in answer.choices[0].message.content
    assert parts(mock)[0] == {"type": "text", "text": "What is this?"}
    assert parts(mock)[1] == {"type": "image", "source": {"type": "base64", "media_type": "image/gif", "data": GIF}}


def test_gives_anthropic_an_https_url_as_a_url_source(client, mock):
    url = "https://example.com/cat.png?size=1&x=%20"
    client.chat.completions.create(model="claude", messages=picture(url, detail="high"))
    assert parts(mock)[1] == {"type": "image", "source": {"type": "url", "url": url}}


def test_mends_the_media_type_of_images_for_anthropic(client, mock):
    client.chat.completions.create(model="claude", messages=picture(f"data:image/jpg;name=a.jpg;base64,{GIF}"))
    assert parts(mock)[1]["source"]["media_type"] == "image/jpeg"


@both
def test_carries_several_large_images(client, mock, model):
    large = "data:image/png;base64," + base64.b64encode(b"\x89PNG" + b"0123456789ab" * 90_000).decode()
    content = [{"type": "image_url", "image_url": {"url": large}} for _ in range(3)]
    messages = [{"role": "user", "content": [*content, {"type": "text", "text": "Compare."}]}]
    answer = client.chat.completions.create(model=model, messages=messages)
    assert answer.choices[0].message.content.count("[image]") == 3
    assert mock.last()["body"].count(large.split(",")[1]) == 3


def test_gives_anthropic_a_pdf_as_a_document(client, mock):
    file = {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{GIF}"}
    messages = [{"role": "user", "content": [{"type": "text", "text": "Read."}, {"type": "file", "file": file}]}]
    client.chat.completions.create(model="claude", messages=messages)
    assert parts(mock)[1]["type"] == "document"
    assert parts(mock)[1]["source"] == {"type": "base64", "media_type": "application/pdf", "data": GIF}


# MARK: Structured output


class Event(BaseModel):
    name: str
    day: int
    guests: list[str]
    open: bool


@pytest.mark.parametrize("model", ["gpt-4o", "claude", "claude-adaptive", "vllm", "grok"])
def test_parses_an_answer_into_a_model(client, model):
    answer = client.chat.completions.parse(model=model, messages=ask(), response_format=Event)
    assert answer.choices[0].message.parsed == Event(name="text", day=1, guests=["text"], open=True)
    assert answer.choices[0].finish_reason == "stop"
    assert not answer.choices[0].message.tool_calls


@pytest.mark.parametrize("model", ["gpt-4o", "claude", "claude-adaptive"])
def test_streams_an_answer_into_a_model(client, model):
    with client.chat.completions.stream(model=model, messages=ask(), response_format=Event) as stream:
        for _ in stream:
            pass
        answer = stream.get_final_completion()
    assert answer.choices[0].message.parsed == Event(name="text", day=1, guests=["text"], open=True)
    assert answer.choices[0].finish_reason == "stop"


@both
def test_keeps_to_a_schema_with_references_and_enums(client, model):
    schema = {
        "type": "object",
        "properties": {"zulu": {"$ref": "#/$defs/Kind"}, "alpha": {"type": "array", "items": {"$ref": "#/$defs/Kind"}}},
        "required": ["zulu", "alpha"],
        "additionalProperties": False,
        "$defs": {"Kind": {"type": "string", "enum": ["small", "large"]}},
    }
    format = {"type": "json_schema", "json_schema": {"name": "kinds", "strict": True, "schema": schema}}
    answer = client.chat.completions.create(model=model, messages=ask(), response_format=format)
    assert json.loads(answer.choices[0].message.content) == {"zulu": "small", "alpha": ["small"]}


def test_passes_a_schema_on_untouched_to_openai(client, mock):
    format = {
        "type": "json_schema",
        "json_schema": {"name": "n", "strict": True, "schema": {"type": "object", "minProperties": 0}},
    }
    client.chat.completions.create(model="gpt-4o", messages=ask(), response_format=format)
    assert mock.last()["json"]["response_format"] == format


def test_refuses_a_schema_where_the_provider_knows_only_objects(client, mock):
    format = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object", "properties": {}}}}
    with pytest.raises(BadRequestError) as caught:
        client.chat.completions.create(model="deepseek", messages=ask(), response_format=format)
    assert caught.value.code == "unsupported_parameter"
    assert caught.value.param == "response_format"
    format = {"type": "json_object"}
    answer = client.chat.completions.create(model="deepseek", messages=ask("Answer in JSON."), response_format=format)
    assert isinstance(json.loads(answer.choices[0].message.content), dict)
    assert mock.last()["json"]["response_format"] == format


@both
def test_answers_with_an_object_when_told_json_object(client, mock, model):
    answer = client.chat.completions.create(
        model=model, messages=ask("Answer in JSON."), response_format={"type": "json_object"}
    )
    assert answer.choices[0].finish_reason == "stop"
    assert not answer.choices[0].message.tool_calls
    if model == "gpt-4o":
        assert isinstance(json.loads(answer.choices[0].message.content), dict)
    else:
        # Anthropic has no such mode: it is told in words, or by a tool.
        sent = mock.last()["json"]
        assert "JSON" in json.dumps(sent.get("system")) or "tools" in sent


@both
def test_offers_tools_beside_a_schema(client, model):
    tool = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    format = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    called = client.chat.completions.create(
        model=model, messages=ask("call look_up"), tools=[tool], response_format=format
    )
    assert [call.function.name for call in called.choices[0].message.tool_calls] == ["look_up"]


# MARK: Reasoning


@pytest.mark.parametrize("model", ["gpt-4o", "claude", "deepseek", "grok", "vllm"])
def test_gives_reasoning(client, model):
    messages = ask(reasoning="Let me see.", text="Four.")
    message = client.chat.completions.create(model=model, messages=messages).choices[0].message
    assert message.content == "Four."
    assert message.reasoning_content == "Let me see."


@pytest.mark.parametrize("model", ["gpt-4o", "claude", "deepseek", "grok", "vllm"])
def test_streams_reasoning_before_the_answer(client, model):
    messages = ask(reasoning="Let me see.", text="Four it is.")
    order, thought, text = [], "", ""
    for chunk in client.chat.completions.create(model=model, messages=messages, stream=True):
        for choice in chunk.choices:
            piece = getattr(choice.delta, "reasoning_content", None)
            if piece:
                order.append("thought")
                thought += piece
            if choice.delta.content:
                order.append("text")
                text += choice.delta.content
    assert thought == "Let me see."
    assert text == "Four it is."
    assert order == sorted(order, reverse=True)


def test_turns_effort_into_a_budget_of_thought_for_older_claudes(client, mock):
    client.chat.completions.create(model="claude", messages=ask(), reasoning_effort="medium", temperature=0.2)
    sent = mock.last()["json"]
    assert sent["thinking"] == {"type": "enabled", "budget_tokens": 2048}
    assert sent["max_tokens"] > 2048
    assert "temperature" not in sent


def test_turns_effort_into_adaptive_thought_for_newer_claudes(client, mock):
    client.chat.completions.create(model="claude-adaptive", messages=ask(), reasoning_effort="high")
    sent = mock.last()["json"]
    assert sent["thinking"]["type"] == "adaptive"
    assert sent["output_config"]["effort"] == "high"


def test_leaves_effort_to_openai(client, mock):
    client.chat.completions.create(model="openai/o3", messages=ask(), reasoning_effort="high")
    assert mock.last()["json"]["reasoning_effort"] == "high"


LOOK_UP = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}


@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
def test_replays_signed_thoughts_byte_by_byte_through_a_tool_loop(client, mock, streamed):
    thought = "First é, then \u2028 \"quotes\" and 👩‍👩‍👧; 1.0 is not 1."
    messages = ask("call look_up", reasoning=thought, tool_calls=[{"name": "look_up", "arguments": {}}])
    request = {"model": "claude", "messages": messages, "tools": [LOOK_UP], "reasoning_effort": "low"}
    if streamed:
        message = gather(client.chat.completions.create(**request, stream=True))
    else:
        message = client.chat.completions.create(**request).choices[0].message.model_dump(exclude_none=True)
    assert len(message["thinking_blocks"]) == 1
    assert message["thinking_blocks"][0]["type"] == "thinking"
    assert message["thinking_blocks"][0]["thinking"] == thought
    result = {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": "found"}
    answer = client.chat.completions.create(**request | {"messages": [*messages, message, result]})
    assert answer.choices[0].message.content == "Echo: tool said found"
    blocks = mock.last()["json"]["messages"][1]["content"]
    assert [block["type"] for block in blocks] == ["thinking", "tool_use"]
    assert blocks[0] == message["thinking_blocks"][0]
    assert set(blocks[0]) == {"type", "thinking", "signature"}
    assert mock.last()["json"]["thinking"]["type"] == "enabled"


def gather(stream) -> dict:
    """A message put together from a stream, fields of Martlet's own included."""
    message = {"role": "assistant", "content": None, "tool_calls": [], "thinking_blocks": []}
    for chunk in stream:
        for choice in chunk.choices:
            delta = choice.delta.model_dump(exclude_none=True)
            message["thinking_blocks"] += delta.get("thinking_blocks", [])
            for call in delta.get("tool_calls", []):
                if call["index"] == len(message["tool_calls"]):
                    message["tool_calls"].append({key: call[key] for key in ("id", "type", "function")})
                else:
                    message["tool_calls"][-1]["function"]["arguments"] += call["function"].get("arguments", "")
    return message


def test_thinks_no_further_when_the_client_lost_the_signed_thoughts(client, mock):
    messages = ask("call look_up")
    first = client.chat.completions.create(model="claude", messages=messages, tools=[LOOK_UP]).choices[0].message
    calls = [call.model_dump() for call in first.tool_calls]
    messages.append({"role": "assistant", "content": None, "tool_calls": calls})
    messages.append({"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": "found"})
    answer = client.chat.completions.create(
        model="claude", messages=messages, tools=[LOOK_UP], reasoning_effort="low"
    )
    assert answer.choices[0].message.content == "Echo: tool said found"
    assert "thinking" not in mock.last()["json"]


# MARK: Usage


@both
def test_counts_tokens(client, model):
    usage = client.chat.completions.create(model=model, messages=ask("one two three")).usage
    assert usage.prompt_tokens == 6
    assert usage.completion_tokens == 4
    assert usage.total_tokens == 10


def cached(text: str = "Hello") -> list[dict]:
    block = {"type": "text", "text": "A long rule.", "cache_control": {"type": "ephemeral"}}
    return [{"role": "system", "content": [block]}, *ask(text)]


def test_counts_what_a_cache_served_and_took(client, mock):
    usage = client.chat.completions.create(model="claude", messages=cached()).usage
    assert mock.last()["json"]["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert usage.prompt_tokens_details.cached_tokens == 7
    assert usage.prompt_tokens_details.cache_write_tokens == 5
    # Three words of the rule, one of the user's, three of the mock's, and what the cache served and took.
    assert usage.prompt_tokens == 7 + 7 + 5
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_streams_the_count_of_what_a_cache_served_and_took(client):
    options = {"include_usage": True}
    stream = client.chat.completions.create(model="claude", messages=cached(), stream=True, stream_options=options)
    usage = Streamed.read(stream).usages[0]
    assert usage.prompt_tokens_details.cached_tokens == 7
    assert usage.prompt_tokens_details.cache_write_tokens == 5
    assert usage.prompt_tokens == 7 + 7 + 5
    assert usage.completion_tokens == 2


def test_marks_whole_messages_and_tools_for_the_cache(client, mock):
    tool = LOOK_UP | {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
    messages = [{"role": "user", "content": "Hello", "cache_control": {"type": "ephemeral"}}]
    client.chat.completions.create(model="claude", messages=messages, tools=[tool])
    sent = mock.last()["json"]
    assert sent["tools"][0]["cache_control"] == {"type": "ephemeral", "ttl": "1h"}
    assert sent["messages"][0]["content"][-1]["cache_control"] == {"type": "ephemeral"}


def test_answers_without_usage_when_the_provider_gives_none(client):
    answer = client.chat.completions.create(model="gpt-4o", messages=ask(no_usage=True))
    assert answer.choices[0].message.content == "Echo: Hello"
    options = {"include_usage": True}
    stream = client.chat.completions.create(
        model="gpt-4o", messages=ask(no_usage=True), stream=True, stream_options=options
    )
    assert Streamed.read(stream).text == "Echo: Hello"


@both
def test_takes_the_text_from_a_list_of_parts(client, model):
    reason = "length" if model == "gpt-4o" else "max_tokens"
    content = [{"type": "text", "text": "one "}, {"type": "text", "text": worded("two", finish_reason=reason)}]
    answer = client.chat.completions.create(model=model, messages=[{"role": "user", "content": content}])
    assert answer.choices[0].message.content == "Echo: one two"
    assert answer.choices[0].finish_reason == "length"
