"""Tool calls through OpenAI's SDK: asked for, streamed, answered, sent back."""

import json

import pytest

from harness import ask

both = pytest.mark.parametrize("model", ["gpt-4o", "claude"])
relatives = pytest.mark.parametrize("model", ["gpt-4o", "claude", "groq", "deepseek", "grok", "vllm"])


def tool(name: str, **properties) -> dict:
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    function = {"name": name, "description": f"What {name} does", "parameters": parameters}
    return {"type": "function", "function": function}


WEATHER = tool("get_weather", city={"type": "string"}, days={"type": "integer"})
TIME = tool("get_time", zone={"type": "string"})
NOTHING = {"type": "function", "function": {"name": "get_nothing"}}
TOOLS = [WEATHER, TIME, NOTHING]


def calls(message) -> list[tuple[str, dict]]:
    return [(call.function.name, json.loads(call.function.arguments)) for call in message.tool_calls or []]


def read_calls(stream) -> tuple[list[dict], list[str]]:
    """Puts tool calls together as clients do, and checks what they rely on."""
    found, reasons = [], []
    for chunk in stream:
        for choice in chunk.choices:
            for delta in choice.delta.tool_calls or []:
                if delta.index == len(found):
                    assert delta.id and delta.type == "function" and delta.function.name
                    found.append({"id": delta.id, "name": delta.function.name, "arguments": ""})
                else:
                    assert delta.index == len(found) - 1
                    # Some clients concatenate what is given twice.
                    assert not delta.id and not delta.function.name
                found[delta.index]["arguments"] += delta.function.arguments or ""
            if choice.finish_reason:
                reasons.append(choice.finish_reason)
    return found, reasons


@relatives
def test_gives_a_tool_call(client, model):
    answer = client.chat.completions.create(model=model, messages=ask("call get_weather"), tools=TOOLS)
    choice = answer.choices[0]
    assert choice.finish_reason == "tool_calls"
    assert calls(choice.message) == [("get_weather", {"city": "Paris", "days": 1})]
    assert choice.message.tool_calls[0].id
    assert choice.message.tool_calls[0].type == "function"
    assert not choice.message.content


@both
def test_gives_parallel_tool_calls(client, model):
    messages = ask("call get_weather, call get_time and call get_weather")
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    message = answer.choices[0].message
    assert [name for name, _ in calls(message)] == ["get_weather", "get_time", "get_weather"]
    assert len({call.id for call in message.tool_calls}) == 3


@relatives
def test_streams_a_tool_call(client, model):
    stream = client.chat.completions.create(model=model, messages=ask("call get_weather"), tools=TOOLS, stream=True)
    found, reasons = read_calls(stream)
    assert [call["name"] for call in found] == ["get_weather"]
    assert json.loads(found[0]["arguments"]) == {"city": "Paris", "days": 1}
    assert reasons == ["tool_calls"]


@both
def test_streams_parallel_tool_calls(client, model):
    messages = ask("call get_weather, call get_time and call get_weather")
    stream = client.chat.completions.create(model=model, messages=messages, tools=TOOLS, stream=True)
    found, reasons = read_calls(stream)
    assert [call["name"] for call in found] == ["get_weather", "get_time", "get_weather"]
    assert len({call["id"] for call in found}) == 3
    assert all(isinstance(json.loads(call["arguments"]), dict) for call in found)
    assert reasons == ["tool_calls"]


@both
def test_gives_empty_arguments_as_an_empty_object(client, model):
    plain = client.chat.completions.create(model=model, messages=ask("call get_nothing"), tools=TOOLS)
    assert calls(plain.choices[0].message) == [("get_nothing", {})]
    stream = client.chat.completions.create(model=model, messages=ask("call get_nothing"), tools=TOOLS, stream=True)
    found, _ = read_calls(stream)
    assert json.loads(found[0]["arguments"]) == {}


@both
def test_keeps_order_and_spelling_of_arguments(client, mock, model):
    arguments = {"zeta": 1, "alpha": {"y": 9007199254740993, "b": [True, None, "é\u2028"]}, "mid": "x"}
    messages = ask(tool_calls=[{"name": "get_weather", "arguments": arguments}])
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    text = answer.choices[0].message.tool_calls[0].function.arguments
    assert json.loads(text) == arguments
    assert list(json.loads(text)) == ["zeta", "alpha", "mid"]
    assert "9007199254740993" in text
    found, _ = read_calls(client.chat.completions.create(model=model, messages=messages, tools=TOOLS, stream=True))
    assert json.loads(found[0]["arguments"]) == arguments
    assert list(json.loads(found[0]["arguments"])) == ["zeta", "alpha", "mid"]


def test_passes_on_arguments_that_are_no_json(client):
    messages = ask(tool_calls=[{"name": "get_weather", "arguments": '{"city": "Par'}])
    answer = client.chat.completions.create(model="gpt-4o", messages=messages, tools=TOOLS)
    assert answer.choices[0].message.tool_calls[0].function.arguments == '{"city": "Par'


@relatives
def test_takes_a_tools_result(client, model):
    messages = ask("call get_weather")
    first = client.chat.completions.create(model=model, messages=messages, tools=TOOLS).choices[0].message
    messages.append(first.model_dump(exclude_none=True))
    messages.append({"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": "sunny, 25 °C"})
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    assert answer.choices[0].message.content == "Echo: tool said sunny, 25 °C"
    assert answer.choices[0].finish_reason == "stop"


@both
def test_takes_results_of_parallel_calls(client, mock, model):
    messages = ask("call get_weather and call get_time")
    first = client.chat.completions.create(model=model, messages=messages, tools=TOOLS).choices[0].message
    messages.append(first.model_dump(exclude_none=True))
    for call, result in zip(first.tool_calls, ["sunny", "noon"], strict=True):
        messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    assert "noon" in answer.choices[0].message.content
    if model == "claude":
        sent = mock.last()["json"]["messages"]
        assert [message["role"] for message in sent] == ["user", "assistant", "user"]
        ids = [call.id for call in first.tool_calls]
        assert [block["id"] for block in sent[1]["content"]] == ids
        assert [block["tool_use_id"] for block in sent[2]["content"]] == ids
        assert [block["type"] for block in sent[2]["content"]] == ["tool_result"] * 2


@both
def test_takes_a_users_word_behind_the_results(client, mock, model):
    messages = ask("call get_weather")
    first = client.chat.completions.create(model=model, messages=messages, tools=TOOLS).choices[0].message
    messages.append(first.model_dump(exclude_none=True))
    messages.append({"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": "sunny"})
    messages += ask("Thanks!")
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    assert answer.choices[0].message.content == "Echo: Thanks!"


@both
def test_takes_a_history_with_tools_without_offering_them_again(client, model):
    messages = ask("call get_weather")
    first = client.chat.completions.create(model=model, messages=messages, tools=TOOLS).choices[0].message
    messages.append(first.model_dump(exclude_none=True))
    messages.append({"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": "sunny"})
    answer = client.chat.completions.create(model=model, messages=messages)
    assert answer.choices[0].message.content == "Echo: tool said sunny"


@both
def test_calls_a_tool_when_one_is_required(client, model):
    answer = client.chat.completions.create(model=model, messages=ask(), tools=TOOLS, tool_choice="required")
    assert answer.choices[0].message.tool_calls
    assert answer.choices[0].finish_reason == "tool_calls"


@both
def test_calls_the_tool_that_is_named(client, mock, model):
    choice = {"type": "function", "function": {"name": "get_time"}}
    answer = client.chat.completions.create(model=model, messages=ask(), tools=TOOLS, tool_choice=choice)
    assert [name for name, _ in calls(answer.choices[0].message)] == ["get_time"]
    if model == "claude":
        assert mock.last()["json"]["tool_choice"] == {"type": "tool", "name": "get_time"}


@both
def test_calls_no_tool_when_none_is_allowed(client, model):
    messages = ask("call get_weather")
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS, tool_choice="none")
    assert not answer.choices[0].message.tool_calls
    assert answer.choices[0].finish_reason == "stop"


@both
def test_calls_one_tool_at_a_time_when_told_to(client, mock, model):
    messages = ask("call get_weather and call get_time")
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS, parallel_tool_calls=False)
    assert len(answer.choices[0].message.tool_calls) == 1
    if model == "claude":
        assert mock.last()["json"]["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}


@both
def test_keeps_the_schemas_order(client, mock, model):
    schema = {"zulu": {"type": "string"}, "alpha": {"type": "number"}, "mike": {"enum": ["b", "a"]}}
    client.chat.completions.create(model=model, messages=ask(), tools=[tool("f", **schema)])
    sent = mock.last()["json"]["tools"][0]
    parameters = sent["function"]["parameters"] if model == "gpt-4o" else sent["input_schema"]
    assert list(parameters["properties"]) == ["zulu", "alpha", "mike"]
    assert parameters["properties"] == schema


def test_maps_names_the_provider_does_not_take_there_and_back(client, mock):
    odd = "my.tool:with/a name"
    messages = ask()
    choice = {"type": "function", "function": {"name": odd}}
    first = client.chat.completions.create(model="claude", messages=messages, tools=[tool(odd)], tool_choice=choice)
    message = first.choices[0].message
    assert [name for name, _ in calls(message)] == [odd]
    sent = mock.last()["json"]["tools"][0]["name"]
    assert sent != odd and sent.replace("_", "").replace("-", "").isalnum()
    messages.append(message.model_dump(exclude_none=True))
    messages.append({"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "done"})
    answer = client.chat.completions.create(model="claude", messages=messages, tools=[tool(odd)])
    assert answer.choices[0].message.content == "Echo: tool said done"
    assert mock.last()["json"]["messages"][1]["content"][0]["name"] == sent


def test_replaces_call_ids_the_provider_does_not_take(client, mock):
    messages = [
        *ask("call get_weather"),
        {
            "role": "assistant",
            "tool_calls": [
                {"id": "call:1/ü", "type": "function", "function": {"name": "get_weather", "arguments": ""}},
            ],
        },
        {"role": "tool", "tool_call_id": "call:1/ü", "content": "sunny"},
    ]
    answer = client.chat.completions.create(model="claude", messages=messages, tools=TOOLS)
    assert answer.choices[0].message.content == "Echo: tool said sunny"
    sent = mock.last()["json"]["messages"]
    assert sent[1]["content"][0]["id"] == sent[2]["content"][0]["tool_use_id"] != "call:1/ü"
    assert sent[1]["content"][0]["input"] == {}


@both
def test_runs_the_sdks_own_tool_loop(client, model):
    """What an agent does: ask, call, answer, until there is a text."""
    messages, seen = ask("call get_weather and call get_time"), []
    for _ in range(3):
        message = client.chat.completions.create(model=model, messages=messages, tools=TOOLS).choices[0].message
        if not message.tool_calls:
            break
        messages.append(message)
        for call in message.tool_calls:
            seen.append(call.function.name)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": f"{call.function.name} ran"})
    assert seen == ["get_weather", "get_time"]
    assert message.content == "Echo: tool said get_time ran"
