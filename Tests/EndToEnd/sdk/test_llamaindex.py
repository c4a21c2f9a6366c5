"""LlamaIndex's OpenAILike, unchanged but for the address and the key."""

import pytest
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike

both = pytest.mark.parametrize("model", ["gpt-4o", "claude"])


@pytest.fixture
def like(gateway, key):
    def make(model: str, base: str = "/v1", **settings) -> OpenAILike:
        settings = {"is_chat_model": True, "is_function_calling_model": True, "context_window": 100_000} | settings
        return OpenAILike(model=model, api_base=gateway.url + base, api_key=key, max_retries=0, **settings)

    return make


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


@both
@pytest.mark.parametrize("base", ["/v1", ""])
def test_completes(like, model, base):
    assert like(model, base).complete("Hello").text == "Echo: Hello"


@both
def test_streams_a_completion(like, model):
    pieces = list(like(model).stream_complete("one two three"))
    assert pieces[-1].text == "Echo: one two three"
    assert "".join(piece.delta or "" for piece in pieces) == "Echo: one two three"


@both
def test_chats(like, model):
    messages = [ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="Hello")]
    answer = like(model).chat(messages)
    assert answer.message.role == "assistant"
    assert answer.message.content == "Echo: Hello"
    assert answer.additional_kwargs["completion_tokens"] == 2


@both
def test_streams_a_chat(like, model):
    pieces = list(like(model).stream_chat([ChatMessage(role="user", content="one two three")]))
    assert "".join(piece.delta or "" for piece in pieces) == "Echo: one two three"
    assert len(pieces) > 3


def test_completes_by_the_legacy_route(like, mock):
    answer = like("gpt-3.5-turbo-instruct", is_chat_model=False, is_function_calling_model=False).complete("Hello")
    assert answer.text.strip() == "Echo: Hello"
    assert mock.last()["path"] == "/v1/completions"


@both
def test_calls_tools(like, model):
    llm = like(model)
    tool = FunctionTool.from_defaults(get_weather)
    answer = llm.chat_with_tools([tool], user_msg="call get_weather")
    calls = llm.get_tool_calls_from_response(answer)
    assert [(call.tool_name, call.tool_kwargs) for call in calls] == [("get_weather", {"city": "Paris"})]
    result = llm.predict_and_call([tool], user_msg="call get_weather")
    assert str(result) == "sunny in Paris"


@both
def test_streams_tool_calls(like, model):
    llm = like(model)
    tool = FunctionTool.from_defaults(get_weather)
    last = list(llm.stream_chat_with_tools([tool], user_msg="call get_weather"))[-1]
    calls = llm.get_tool_calls_from_response(last)
    assert [(call.tool_name, call.tool_kwargs) for call in calls] == [("get_weather", {"city": "Paris"})]
