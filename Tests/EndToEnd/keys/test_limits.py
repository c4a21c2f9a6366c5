"""What a key's limits answer to those who pass them."""

import openai
import pytest

from harness import ask, eventually, fresh


@pytest.fixture
def call(pair, sdk):
    return lambda key, model="m", **options: sdk(pair[0], key).chat.completions.with_raw_response.create(
        model=model, messages=ask(), **options
    )


def refused(call, key, **options) -> openai.RateLimitError:
    with pytest.raises(openai.RateLimitError) as caught:
        call(key, **options)
    assert caught.value.status_code == 429
    return caught.value


def test_requests_a_minute(near, call):
    alias = fresh("limited")
    key = near.key_for(key_alias=alias, rpm_limit=3)
    left = []
    for _ in range(3):
        headers = call(key).headers
        assert headers["x-ratelimit-limit-requests"] == "3"
        assert headers["x-ratelimit-reset-requests"]
        assert headers["x-litellm-key-rpm-limit"] == "3"
        left.append(int(headers["x-ratelimit-remaining-requests"]))
    assert left == [2, 1, 0]

    error = refused(call, key)
    assert error.type == "throttling_error"
    assert error.code == "rate_limit_exceeded"
    for word in (alias, "api_key", "requests", "3"):
        assert word in error.message
    headers = error.response.headers
    assert 1 <= int(headers["retry-after"]) <= 61
    assert headers["x-ratelimit-limit-requests"] == "3"
    assert headers["x-ratelimit-remaining-requests"] == "0"
    assert headers["x-ratelimit-reset-requests"]


def test_tokens_a_minute(near, call):
    key = near.key_for(tpm_limit=100)
    answer = call(key, max_tokens=50)
    assert answer.headers["x-ratelimit-limit-tokens"] == "100"
    # What was set aside for the answer and not used is given back.
    used = answer.parse().usage.total_tokens
    assert int(call(key, max_tokens=50).headers["x-ratelimit-remaining-tokens"]) <= 100 - used

    error = refused(call, key, max_tokens=99)
    assert "tokens" in error.message
    assert error.response.headers["x-ratelimit-limit-tokens"] == "100"
    assert refused(call, key, max_tokens=1000).response.headers["x-ratelimit-limit-tokens"] == "100"


def test_nothing_at_all(near, call):
    error = refused(call, near.key_for(rpm_limit=0))
    assert "0" in error.message


def test_a_users_limit_holds_for_all_keys(near, call):
    user = near.user(rpm_limit=2)
    for _ in range(2):
        call(near.key_for(user_id=user))
    error = refused(call, near.key_for(user_id=user))
    assert user in error.message
    assert "user" in error.message


def test_a_models_limit_within_a_key(near, call):
    key = near.key_for(model_rpm_limit={"m": 1})
    call(key)
    assert "m" in refused(call, key).message
    call(key, model="other")


def test_a_raised_limit_counts_at_once(near, call):
    key = near.key_for(rpm_limit=1)
    call(key)
    refused(call, key)
    near.post("/key/update", {"key": key, "rpm_limit": 3})
    call(key)
    near.post("/key/update", {"key": key, "rpm_limit": None})
    for _ in range(5):
        call(key)


def test_calls_at_a_time(near, pair, sdk, mock):
    key = near.key_for(max_parallel_requests=1)
    client = sdk(pair[0], key)
    stream = client.chat.completions.create(model="m", messages=ask("One two three", token_delay=400), stream=True)
    next(iter(stream))
    with pytest.raises(openai.RateLimitError) as caught:
        client.chat.completions.create(model="m", messages=ask())
    assert "max_parallel_requests" in caught.value.message
    assert caught.value.response.headers["retry-after"]
    for _ in stream:
        pass

    def is_free():
        try:
            return client.chat.completions.create(model="m", messages=ask())
        except openai.RateLimitError:
            return None

    eventually(is_free)


def test_a_refused_call_takes_nothing_of_other_limits(near, call):
    """The user's limit refuses; the key's own is as it was."""
    user = near.user(rpm_limit=1)
    key = near.key_for(user_id=user, rpm_limit=10)
    call(key)
    for _ in range(3):
        refused(call, key)
    near.post("/user/update", {"user_id": user, "rpm_limit": None})
    assert call(key).headers["x-ratelimit-remaining-requests"] == "8"
