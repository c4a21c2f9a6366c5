"""langchain-openai, unchanged but for the address and the key."""

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import PromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel

from harness import worded

both = pytest.mark.parametrize("model", ["gpt-4o", "claude"])


@pytest.fixture
def chat(gateway, key):
    def make(model: str, **settings) -> ChatOpenAI:
        return ChatOpenAI(model=model, base_url=f"{gateway.url}/v1", api_key=key, max_retries=0, **settings)

    return make


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


@tool
def get_time(zone: str) -> str:
    """The time in a zone."""
    return f"noon in {zone}"


class Event(BaseModel):
    """Something that happens."""

    name: str
    day: int


@both
def test_invokes(chat, model):
    answer = chat(model).invoke([SystemMessage("Be brief."), HumanMessage("Hello")])
    assert answer.content == "Echo: Hello"
    assert answer.response_metadata["finish_reason"] == "stop"
    assert answer.response_metadata["model_name"]
    assert answer.usage_metadata["output_tokens"] == 2
    assert answer.usage_metadata["total_tokens"] == answer.usage_metadata["input_tokens"] + 2


@both
def test_streams_with_usage(chat, model):
    chunks = list(chat(model, stream_usage=True).stream("one two three"))
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    assert whole.content == "Echo: one two three"
    assert len([chunk for chunk in chunks if chunk.content]) > 2
    assert whole.usage_metadata["output_tokens"] == 4
    assert whole.response_metadata["finish_reason"] == "stop"


@both
def test_streams_without_usage(chat, model):
    assert "".join(chunk.content for chunk in chat(model, stream_usage=False).stream("one two")) == "Echo: one two"


@both
def test_binds_tools_and_takes_their_results(chat, model):
    llm = chat(model).bind_tools([get_weather, get_time])
    messages = [HumanMessage("call get_weather and call get_time")]
    answer = llm.invoke(messages)
    assert [call["name"] for call in answer.tool_calls] == ["get_weather", "get_time"]
    assert answer.tool_calls[0]["args"] == {"city": "Paris"}
    messages.append(answer)
    for call in answer.tool_calls:
        run = {"get_weather": get_weather, "get_time": get_time}[call["name"]].invoke(call["args"])
        messages.append(ToolMessage(run, tool_call_id=call["id"]))
    assert "Echo: tool said" in llm.invoke(messages).content


@both
def test_streams_tool_calls(chat, model):
    whole = None
    for chunk in chat(model).bind_tools([get_weather, get_time]).stream("call get_weather and call get_time"):
        whole = chunk if whole is None else whole + chunk
    assert [call["name"] for call in whole.tool_calls] == ["get_weather", "get_time"]
    assert whole.tool_calls[0]["args"] == {"city": "Paris"}


@both
def test_insists_on_a_tool(chat, model):
    answer = chat(model).bind_tools([get_weather, get_time], tool_choice="get_time").invoke("Hello")
    assert [call["name"] for call in answer.tool_calls] == ["get_time"]
    assert chat(model).bind_tools([get_weather], tool_choice="any").invoke("Hello").tool_calls


@both
@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
def test_gives_structured_output(chat, model, method):
    answer = chat(model).with_structured_output(Event, method=method).invoke("Hello")
    assert answer == Event(name="text", day=1)


@both
def test_runs_the_tutorials_chain(gateway, key, model):
    """Chapter 7, "LangChain Integration": old argument names, and an address without /v1."""
    llm = ChatOpenAI(model=model, openai_api_key=key, openai_api_base=gateway.url, max_retries=0)
    prompt = PromptTemplate(input_variables=["topic"], template="Explain {topic} in simple terms.")
    chain = prompt | llm | StrOutputParser()
    assert chain.invoke({"topic": "quantum computing"}) == "Echo: Explain quantum computing in simple terms."
    both = chain.batch([{"topic": "a"}, {"topic": "b"}])
    assert both == [f"Echo: Explain {topic} in simple terms." for topic in "ab"]


@both
def test_raises_openais_errors(chat, model):
    with pytest.raises(openai.RateLimitError):
        chat(model).invoke(worded(status=429))
    with pytest.raises(openai.NotFoundError):
        chat(model + "-x").invoke("Hello")


@both
def test_sends_images(chat, model):
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}},
    ]
    assert "[image]" in chat(model).invoke([HumanMessage(content)]).content


@both
def test_carries_a_conversation(chat, model):
    messages = [HumanMessage("one"), AIMessage("two"), HumanMessage("three")]
    assert chat(model).invoke(messages).content == "Echo: three"


def test_embeds(gateway, key):
    # Texts go as they are; by default LangChain would cut them into OpenAI's tokens, with a table from the network.
    embeddings = OpenAIEmbeddings(
        model="text-embedding-3-small", base_url=f"{gateway.url}/v1", api_key=key, check_embedding_ctx_length=False
    )
    assert len(embeddings.embed_documents(["one", "two"])) == 2
    assert len(embeddings.embed_query("one")) == 8
