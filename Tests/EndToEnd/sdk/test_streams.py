"""What happens to streams that break, fall silent or are given up; and many of them at once."""

import asyncio
import json
import re
import time

import httpx
import openai
import pytest

from harness import Streamed, ask, eventually

both = pytest.mark.parametrize("model", ["gpt-4o", "claude"])


def break_off(client, model, **directive) -> tuple[Streamed, openai.APIError]:
    """Reads a stream until the SDK raises.

    The mock pauses between events: were the failure there as soon as the first event, it would be a status.
    """
    answer = Streamed()
    messages = ask("a b c d e f", token_delay=60, **directive)
    with pytest.raises(openai.APIError) as caught:
        for chunk in client.chat.completions.create(model=model, messages=messages, stream=True):
            answer.add(chunk)
    assert not isinstance(caught.value, openai.APIStatusError)
    return answer, caught.value


@both
def test_raises_an_error_that_comes_inside_a_stream(client, model):
    answer, error = break_off(client, model, error_after=6, message="It broke.")
    assert answer.roles == ["assistant"]
    assert answer.text.startswith("Echo: a")
    assert "Echo: a b c d e f".startswith(answer.text)
    assert answer.finish_reasons == []
    assert "It broke." in error.message


@both
@pytest.mark.parametrize("how", ["cut_after", "reset_after"])
def test_raises_when_the_provider_cuts_a_stream(client, model, how):
    answer, error = break_off(client, model, **{how: 6})
    # A reset may overtake what was sent before it.
    if how == "cut_after":
        assert answer.text.startswith("Echo: a")
    assert answer.finish_reasons == []
    assert error.code == "upstream_cut"


@both
def test_raises_at_an_event_that_is_no_json(client, model):
    answer, error = break_off(client, model, malformed_after=6)
    assert answer.text.startswith("Echo: a")
    assert error.code == "bad_upstream"


@both
def test_tells_of_a_failure_in_openais_shape_and_sends_no_done(http, model):
    body = {"model": model, "messages": ask(error_after=5, token_delay=60), "stream": True}
    answer = http.post("/v1/chat/completions", json=body)
    assert answer.status_code == 200
    events = [line.removeprefix("data: ") for line in answer.text.split("\n") if line.startswith("data: ")]
    assert set(json.loads(events[-1])) == {"error"}
    assert set(json.loads(events[-1])["error"]) == {"message", "type", "param", "code"}
    assert "[DONE]" not in events


def test_ends_an_openai_stream_that_lacks_only_its_done(client):
    stream = client.chat.completions.create(model="gpt-4o", messages=ask("one two", no_done=True), stream=True)
    answer = Streamed.read(stream)
    assert answer.text == "Echo: one two"
    assert answer.finish_reasons == ["stop"]


def test_raises_when_an_anthropic_stream_lacks_its_end(client):
    _, error = break_off(client, "claude", no_done=True)
    assert error.code == "upstream_cut"


@both
def test_gives_up_a_stream_that_falls_silent(client, mock, model):
    name = {"gpt-4o": "hasty-stream-gpt", "claude": "hasty-stream-claude"}[model]
    answer, error = break_off(client, name, silence_after=6)
    assert answer.text.startswith("Echo: a")
    assert error.code == "timeout"
    eventually(lambda: mock.requests()[-1]["outcome"] == "client_closed")


@both
def test_does_not_cut_a_stream_that_takes_longer_than_the_time_out_but_keeps_talking(gateway, http, model):
    name = {"gpt-4o": "hasty-stream-gpt", "claude": "hasty-stream-claude"}[model]
    body = {"model": name, "messages": ask(tokens=11, token_delay=100), "stream": True}
    # On connections of their own: each of the gateway's lanes gets its turn, and has been idle before it.
    for _ in range(3):
        answer = httpx.post(f"{gateway.url}/v1/chat/completions", json=body, headers=http.headers)
        assert re.findall(r"tok\d+", answer.text) == [f"tok{number}" for number in range(1, 12)]
        assert answer.text.endswith("data: [DONE]\n\n")


IDLE = """
model_list:
  - model_name: gpt-4o
    litellm_params: {model: openai/gpt-4o, api_base: "{mock}/v1", api_key: sk-upstream, stream_timeout: 1}
general_settings: {master_key: sk-e2e-idle}
"""


def test_counts_silence_from_the_streams_own_beginning(launch_gateway):
    gateway = launch_gateway(IDLE, "--threads", "1")
    # The gateway must have had nothing to do for longer than the time-out: here time itself is the condition.
    time.sleep(1.2)
    with openai.OpenAI(base_url=gateway.url, api_key="sk-e2e-idle", max_retries=0) as client:
        stream = client.chat.completions.create(model="gpt-4o", messages=ask("a b c", token_delay=100), stream=True)
        assert Streamed.read(stream).text == "Echo: a b c"


@both
def test_delivers_each_event_when_it_comes(client, mock, model):
    """The second half is sent only after the first was read: the mock would wait for a day."""
    messages = ask("a b c d e f g h", silence_after=7)
    with client.chat.completions.create(model=model, messages=messages, stream=True) as stream:
        text = ""
        for chunk in stream:
            text += chunk.choices[0].delta.content or ""
            if "c" in text:
                break
        assert mock.stats()["streams_running"] == 1
    eventually(lambda: mock.stats()["streams_running"] == 0)


# MARK: Giving up


@both
def test_cancels_the_upstream_when_the_client_closes_a_stream(client, mock, model):
    stream = client.chat.completions.create(model=model, messages=ask(tokens=100_000, token_delay=5), stream=True)
    for _, _chunk in zip(range(3), stream, strict=False):
        pass
    assert mock.requests()[-1]["outcome"] == "running"
    stream.close()
    eventually(lambda: mock.requests()[-1]["outcome"] == "client_closed")
    assert mock.stats()["streams_running"] == 0


@both
def test_cancels_the_upstream_when_the_client_leaves_during_silence(client, mock, model):
    stream = client.chat.completions.create(model=model, messages=ask(silence_after=3), stream=True)
    next(iter(stream))
    stream.close()
    eventually(lambda: mock.requests()[-1]["outcome"] == "client_closed")


@both
@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
def test_cancels_the_upstream_when_the_client_leaves_before_the_answer(async_client, mock, model, stream):
    async def leave():
        async with async_client() as client:
            call = client.chat.completions.create(model=model, messages=ask(delay=60_000), stream=stream)
            task = asyncio.create_task(call)
            while not mock.requests():
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(leave())
    eventually(lambda: mock.requests()[-1]["outcome"] == "client_closed")
    assert mock.stats()["requests_running"] == 0


def test_serves_the_next_call_after_a_stream_was_given_up(client):
    with client.chat.completions.create(model="gpt-4o", messages=ask(silence_after=3), stream=True) as stream:
        next(iter(stream))
    assert client.chat.completions.create(model="gpt-4o", messages=ask()).choices[0].message.content == "Echo: Hello"


# MARK: Many


@both
def test_keeps_fifty_streams_apart(async_client, mock, model):
    async def read(client, number: int) -> str:
        text = ""
        messages = ask(f"I am {number} of fifty", token_delay=5)
        async for chunk in await client.chat.completions.create(model=model, messages=messages, stream=True):
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        return text

    async def run():
        async with async_client() as client:
            return await asyncio.gather(*(read(client, number) for number in range(50)))

    assert asyncio.run(run()) == [f"Echo: I am {number} of fifty" for number in range(50)]
    assert mock.stats()["streams_running"] == 0


def test_uses_a_connection_again(client, mock):
    before = mock.stats()["connections_total"]
    for _ in range(10):
        client.chat.completions.create(model="gpt-4o", messages=ask())
    # Each of the gateway's lanes may open one.
    assert mock.stats()["connections_total"] - before < 10 + 3


def test_slows_the_provider_down_for_a_client_that_reads_slowly(gateway, http, mock):
    """Back-pressure: 40 MB are not kept for a client that does not read them."""
    body = {"model": "gpt-4o", "messages": ask(tokens=150_000), "stream": True}
    before = resident_megabytes(gateway.pid)
    with http.stream("POST", "/v1/chat/completions", json=body) as answer:
        assert answer.status_code == 200
        pieces = answer.iter_raw()
        next(pieces)
        # Nothing more comes out of the mock once all buffers between here and there are full.
        unchanged(lambda: cpu_ticks(gateway.pid))
        assert mock.requests()[-1]["outcome"] == "running"
        assert resident_megabytes(gateway.pid) - before < 20
    eventually(lambda: mock.stats()["streams_running"] == 0)


def unchanged(look, times: int = 20) -> None:
    """Waits until `look` gives the same value `times` times in a row."""
    seen = []

    def check():
        seen.append(look())
        return len(seen) >= times and len(set(seen[-times:])) == 1

    eventually(check, within=30, every=0.02)


def cpu_ticks(pid: int) -> int:
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def resident_megabytes(pid: int) -> float:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:"))


# MARK: Pings

IMPATIENT = """
model_list:
  - model_name: gpt-4o
    litellm_params: {model: openai/gpt-4o, api_base: "{mock}/v1", api_key: sk-upstream}
  - model_name: claude
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_base: "{mock}", api_key: sk-upstream}
general_settings: {master_key: sk-e2e-pings}
server: {stream_ping_interval: 200ms}
"""


@both
def test_sends_comments_while_a_stream_is_silent(launch_gateway, mock, model):
    gateway = launch_gateway(IMPATIENT)
    body = {"model": model, "messages": ask("a b c", silence_after=5), "stream": True}
    headers = {"authorization": "Bearer sk-e2e-pings"}
    with httpx.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, headers=headers, timeout=20) as answer:
        comments = 0
        for line in answer.iter_lines():
            comments += line.startswith(":")
            if comments == 2:
                break
    assert comments == 2
    eventually(lambda: mock.requests()[-1]["outcome"] == "client_closed")


@both
def test_hides_comments_from_the_sdk(launch_gateway, model):
    gateway = launch_gateway(IMPATIENT)
    with openai.OpenAI(base_url=gateway.url, api_key="sk-e2e-pings", max_retries=0) as client:
        stream = client.chat.completions.create(model=model, messages=ask(tokens=2, token_delay=450), stream=True)
        assert Streamed.read(stream).text == "tok1 tok2"
