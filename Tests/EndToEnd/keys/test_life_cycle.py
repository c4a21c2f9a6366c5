"""A key's life with OpenAI's SDK: what is done to it at one replica shows there at once, and soon at the other."""

import openai
import pytest

from harness import ask, eventually, fresh

# Replicas look for changes every second; a busy machine may take its time.
SOON = 15.0


def call(client, model="m", **options):
    return client.chat.completions.create(model=model, messages=ask(), **options)


def error_of(client, model="m") -> openai.APIStatusError | None:
    """What a call is refused with; None if it is answered."""
    try:
        call(client, model)
    except openai.APIStatusError as error:
        return error
    return None


def soon(clients, check) -> None:
    """`check` of what a call at the first replica gets holds now, and at the second before long."""
    near, far = clients
    assert check(error_of(near))
    eventually(lambda: check(error_of(far)), within=SOON, every=0.1)


def is_answered(error) -> bool:
    return error is None


def is_unknown(error) -> bool:
    return isinstance(error, openai.AuthenticationError) and error.code == "invalid_api_key"


@pytest.fixture
def clients(pair, sdk):
    return lambda key: [sdk(gateway, key) for gateway in pair]


def test_is_good_everywhere_as_soon_as_it_is_made(near, clients):
    key = near.key_for(key_alias=fresh("alias"))
    assert key.startswith("sk-")
    soon(clients(key), is_answered)


def test_answers_streams_too(near, pair, sdk):
    stream = call(sdk(pair[0], near.key_for()), stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices) == "Echo: Hello"


def test_is_shown_once(near):
    key = near.key_for(key_alias=fresh("alias"))
    info = near.info(key)
    assert info["key_name"].endswith(key[-4:])
    assert key not in str(info)
    assert key not in str(near.get("/key/list", return_full_object="true", size=100))


def test_may_be_chosen(near, clients):
    key = fresh("sk-chosen-by-its-owner")
    assert near.key_for(key=key) == key
    soon(clients(key), is_answered)
    assert near.post("/key/generate", {"key": key}, expect=400)["error"]["param"] == "key"


def test_its_hash_is_no_key(near, pair, sdk):
    token = near.info(near.key_for())["token"]
    assert is_unknown(error_of(sdk(pair[0], token)))


def test_blocked_and_unblocked(near, clients):
    key = near.key_for()
    both = clients(key)
    soon(both, is_answered)

    near.post("/key/block", {"key": key})
    soon(both, lambda error: isinstance(error, openai.AuthenticationError) and "blocked" in error.message)

    near.post("/key/unblock", {"key": key})
    soon(both, is_answered)


def test_rotated_with_grace(near, clients):
    old = near.key_for(key_alias=fresh("alias"), metadata={"kept": True})
    alias = near.info(old)["key_alias"]
    made = near.post("/key/regenerate", {"key": old, "grace_period": "6s"})
    new = made["key"]
    assert new != old
    assert made["key_alias"] == alias
    assert made["metadata"] == {"kept": True}
    soon(clients(new), is_answered)

    # The old one works until its grace is over, then at neither.
    both = clients(old)
    assert error_of(both[0]) is None
    for client in both:
        eventually(lambda: isinstance(error_of(client), openai.AuthenticationError), within=SOON + 6, every=0.2)
        assert error_of(client).code == "expired_key"
    soon(clients(new), is_answered)


def test_rotated_without_grace(near, clients):
    old = near.key_for()
    both = clients(old)
    soon(both, is_answered)
    new = near.post(f"/key/{old}/regenerate")["key"]
    soon(both, is_unknown)
    soon(clients(new), is_answered)


def test_rotation_takes_spend_along(near, clients):
    old = near.key_for(max_budget=5)
    call(clients(old)[0], max_tokens=10)
    spent = eventually(lambda: near.info(old)["spend"], within=SOON)
    made = near.post("/key/regenerate", {"key": old})
    assert made["spend"] == spent
    assert made["max_budget"] == 5


def test_expires(near, clients):
    key = near.key_for(duration="5s")
    both = clients(key)
    soon(both, is_answered)
    for client in both:
        eventually(lambda: error_of(client), within=SOON + 5, every=0.2)
        error = error_of(client)
        assert isinstance(error, openai.AuthenticationError)
        assert error.type == "expired_key"
        assert key not in str(error)
    assert near.info(key)["status"] == "expired"

    near.post("/key/update", {"key": key, "duration": "1h"})
    soon(both, is_answered)


def test_deleted(near, clients):
    key = near.key_for()
    both = clients(key)
    soon(both, is_answered)
    token = near.info(key)["token"]
    assert near.post("/key/delete", {"keys": [key]})["deleted_keys"] in ([key], [token])
    soon(both, is_unknown)
    near.get("/key/info", expect=404, key=key)


def test_a_deleted_keys_spend_stays(near, clients):
    key = near.key_for()
    token = near.info(key)["token"]
    call(clients(key)[0])
    near.post("/key/delete", {"keys": [key]})
    eventually(lambda: [row for row in near.logs(api_key=token)], within=SOON)


def test_changes_of_its_user_count(near, clients):
    user = near.user(models=["m"])
    key = near.key_for(user_id=user)
    both = clients(key)
    soon(both, is_answered)
    near.post("/user/update", {"user_id": user, "models": ["other"]})
    soon(both, lambda error: isinstance(error, openai.PermissionDeniedError))
    near.post("/user/delete", {"user_ids": [user]})
    soon(both, is_unknown)


def test_changes_at_the_other_replica_count_too(near, pair, clients):
    key = near.key_for()
    far = near.__class__(pair[1].url)
    eventually(lambda: far.send("GET", "/key/info", key=key).status_code == 200, within=SOON)
    far.post("/key/block", {"key": key})
    soon(list(reversed(clients(key))), lambda error: error is not None and "blocked" in error.message)
    far.client.close()
