"""Embeddings through OpenAI's SDK, which asks for base64 unless told otherwise."""

import pytest
from openai import BadRequestError

MODEL = "text-embedding-3-small"


def test_decodes_the_sdks_default_base64(client, mock):
    answer = client.embeddings.create(model=MODEL, input="Hello")
    assert mock.last()["json"]["encoding_format"] == "base64"
    vector = answer.data[0].embedding
    assert len(vector) == 8
    assert sum(number * number for number in vector) == pytest.approx(1, abs=1e-5)
    assert answer.usage.prompt_tokens > 0
    assert answer.usage.total_tokens == answer.usage.prompt_tokens


def test_gives_the_same_vector_as_floats_and_as_base64(client):
    packed = client.embeddings.create(model=MODEL, input="Hello").data[0].embedding
    floats = client.embeddings.create(model=MODEL, input="Hello", encoding_format="float").data[0].embedding
    assert floats == pytest.approx(packed, abs=1e-6)


def test_gives_a_vector_for_each_input_in_order(client):
    texts = ["one", "two", "three"]
    together = client.embeddings.create(model=MODEL, input=texts).data
    assert [item.index for item in together] == [0, 1, 2]
    for item, text in zip(together, texts, strict=True):
        assert item.embedding == client.embeddings.create(model=MODEL, input=text).data[0].embedding


def test_gives_as_many_dimensions_as_asked_for(client):
    assert len(client.embeddings.create(model=MODEL, input="Hello", dimensions=3).data[0].embedding) == 3


def test_takes_tokens_as_input(client, mock):
    assert len(client.embeddings.create(model=MODEL, input=[[1, 2], [3]]).data) == 2
    assert mock.last()["json"]["input"] == [[1, 2], [3]]


def test_embeds_by_the_built_in_mock(client):
    answer = client.embeddings.create(model="demo", input=["a", "b"], dimensions=5)
    assert [len(item.embedding) for item in answer.data] == [5, 5]
    assert answer.data[0].embedding != answer.data[1].embedding


def test_refuses_a_model_whose_provider_embeds_nothing(client, mock):
    with pytest.raises(BadRequestError) as caught:
        client.embeddings.create(model="claude", input="Hello")
    assert caught.value.code == "unsupported_operation"
    assert mock.requests() == []


def test_refuses_a_request_without_input(client):
    with pytest.raises(BadRequestError) as caught:
        client.post("/embeddings", body={"model": MODEL}, cast_to=object)
    assert caught.value.code == "missing_required_parameter"
    assert caught.value.param == "input"
