"""Which models a key may use, and what it is told of the others."""

import openai
import pytest

from harness import ask


@pytest.fixture
def client(near, pair, sdk):
    return lambda **fields: sdk(pair[0], near.key_for(**fields))


def models(client) -> set[str]:
    return {model.id for model in client.models.list()}


def test_lists_what_the_key_may_use(client, near, pair, sdk):
    from harness import MASTER_KEY

    everything = models(sdk(pair[0], MASTER_KEY))
    assert {"m", "other", "claude"} <= everything
    assert models(client()) == everything
    assert models(client(models=["all-proxy-models"])) == everything
    assert models(client(models=["m", "claude"])) == {"m", "claude"}
    assert models(client(models=["beta"])) == {"m"}
    assert models(client(models=["cl*"])) == {"claude"}
    assert models(client(models=["no-default-models"])) == set()


def test_lists_the_intersection_with_the_users(near, client):
    user = near.user(models=["m", "other"])
    assert models(client(user_id=user, models=["other", "claude"])) == {"other"}
    assert models(client(user_id=user)) == {"m", "other"}


def test_retrieves_only_what_the_key_may_use(client):
    client = client(models=["m"])
    assert client.models.retrieve("m").id == "m"
    with pytest.raises(openai.APIStatusError) as caught:
        client.models.retrieve("other")
    assert caught.value.status_code in (403, 404)


@pytest.mark.parametrize("model", ["other", "no-such-model"])
def test_refuses_other_models_in_litellms_words(client, mock, model):
    """The same words whether or not there is such a model."""
    with pytest.raises(openai.PermissionDeniedError) as caught:
        client(models=["m"]).chat.completions.create(model=model, messages=ask())
    error = caught.value
    assert error.status_code == 403
    assert error.type == "key_model_access_denied"
    assert error.param == "model"
    assert (
        f"The requested model '{model}' is not available for this API key, or the model name is invalid. "
        "Check the models available to you and try again."
    ) in error.message
    assert mock.requests() == []


def test_names_the_user_who_may_not(near, client):
    user = near.user(models=["other"])
    with pytest.raises(openai.PermissionDeniedError) as caught:
        client(user_id=user).chat.completions.create(model="m", messages=ask())
    assert caught.value.type == "user_model_access_denied"


def test_aliases_of_a_key(client, mock):
    client = client(aliases={"mine": "m"}, models=["m"])
    assert client.chat.completions.create(model="mine", messages=ask()).choices[0].message.content == "Echo: Hello"


def test_allowed_routes(client):
    client = client(allowed_routes=["/embeddings"])
    with pytest.raises(openai.PermissionDeniedError) as caught:
        client.chat.completions.create(model="m", messages=ask())
    assert "/embeddings" in caught.value.message


@pytest.mark.parametrize("path", ["/key/generate", "/user/new"])
def test_manages_nothing(near, client, path):
    """A key without a user is nobody's."""
    key = near.key_for()
    answer = near.by(key).send("POST", path, {})
    assert answer.status_code in (401, 403)
    assert answer.json()["error"]["message"]
