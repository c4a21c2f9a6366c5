"""Clients that go away, and clients that do not read: nothing of theirs stays behind."""

import os
import time

import pytest

from harness import eventually
from wire.configs import config
from wire.raw import Wire, chat, content, events, measure_until, post

PATH = "/v1/chat/completions"
CLIENTS = 1000
ENDLESS = post(PATH, chat("a b c", stream=True, silence_after=2))


def resident(process) -> int:
    """Resident memory in KiB."""
    with open(f"/proc/{process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


def descriptors(process) -> int:
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def processor_time(process) -> float:
    with open(f"/proc/{process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def pair(launch_mock, launch_gateway):
    """A gateway before a mock that nobody else uses."""
    mock = launch_mock()
    return launch_gateway(config("server: {upstream_idle_timeout: 1}", mock=mock.url)), mock


def test_1000_clients_that_hang_up_leave_nothing_behind(pair):
    gateway, mock = pair
    with Wire(gateway.url) as wire:
        wire.send(post(PATH, chat())).answer()
    before = descriptors(gateway)
    sizes, times = [], []
    for wave in range(3):
        clients = [Wire(gateway.url).send(ENDLESS) for _ in range(CLIENTS)]
        for client in clients:
            assert client.head().status == 200
        assert mock.stats()["streams_running"] == CLIENTS
        for number, client in enumerate(clients):
            client.reset() if number % 2 else client.close()
        times.append(measure_until(lambda: mock.stats()["streams_running"] == 0, within=10))
        sizes.append(resident(gateway))
    print(f"RSS after each wave: {sizes} KiB; upstreams closed after {[round(t * 1000) for t in times]} ms")
    assert sizes[2] - sizes[1] < 4096, sizes
    eventually(lambda: mock.stats()["requests_running"] == 0)
    # The connections kept for later close, too.
    eventually(lambda: descriptors(gateway) <= before, within=5)
    with Wire(gateway.url) as wire:
        assert wire.send(post(PATH, chat())).answer().status == 200


@pytest.mark.parametrize("model", ["m", "claude"])
@pytest.mark.parametrize("ending", [Wire.close, Wire.reset])
def test_a_hang_up_in_a_stream_cancels_the_upstream(gateway, mock, model, ending):
    wire = Wire(gateway.url).send(post(PATH, chat("a b", stream=True, model=model, token_delay=20_000)))
    wire.head()
    ending(wire)
    seconds = measure_until(lambda: mock.requests()[-1]["outcome"] == "client_closed", within=2)
    print(f"cancelled after {seconds * 1000:.0f} ms")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("ending", [Wire.close, Wire.reset])
def test_a_hang_up_before_the_first_byte_cancels_the_upstream(gateway, mock, stream, ending):
    wire = Wire(gateway.url).send(post(PATH, chat(stream=stream, delay=20_000)))
    eventually(lambda: mock.stats()["requests_running"] == 1)
    ending(wire)
    seconds = measure_until(lambda: mock.requests()[-1]["outcome"] == "client_closed", within=2)
    print(f"cancelled after {seconds * 1000:.0f} ms")


def test_a_hang_up_with_requests_sent_ahead_runs_none_of_them(gateway, mock):
    wire = Wire(gateway.url).send(post(PATH, chat(delay=20_000)) + post(PATH, chat("ahead")) * 5)
    eventually(lambda: mock.stats()["requests_running"] == 1)
    wire.close()
    eventually(lambda: mock.stats()["requests_running"] == 0)
    assert len(mock.requests()) == 1


def test_a_hang_up_in_a_body_is_forgotten(gateway, mock):
    for _ in range(20):
        Wire(gateway.url).send(post(PATH, chat("x" * 10_000))[:5000]).close()
    with Wire(gateway.url) as wire:
        assert wire.send(post(PATH, chat())).answer().status == 200
    assert len(mock.requests()) == 1


def test_a_client_that_does_not_read_stops_the_upstream(pair):
    gateway, mock = pair
    # About 50 MB, were it all sent.
    with Wire(gateway.url, receive_buffer=4096) as wire:
        wire.send(post(PATH, chat(stream=True, tokens=250_000)))
        start = resident(gateway)
        stalled = eventually(lambda: is_stalled(gateway), within=20, every=0.2)
        grown = resident(gateway) - start
        print(f"grown by {grown} KiB until it stalled")
        assert stalled and grown < 24 * 1024
        assert mock.stats()["streams_running"] == 1
        # It goes on where it stopped.
        wire.head()
        seen = b""
        chunks = wire.chunks()
        while seen.count(b"data: ") < 2000:
            seen += next(chunks)
        words = content(seen[: seen.rindex(b"\n\n") + 2]).split(" ")
        assert words[:-1] == [f"tok{number}" for number in range(1, len(words))]
    eventually(lambda: mock.stats()["streams_running"] == 0)


def is_stalled(process) -> bool:
    """Whether the process has all but stopped working."""
    before = processor_time(process)
    time.sleep(0.5)
    return processor_time(process) - before <= 0.05


def test_a_slow_reader_gets_everything(pair):
    gateway, _ = pair
    with Wire(gateway.url, receive_buffer=4096) as wire:
        wire.send(post(PATH, chat(stream=True, tokens=20_000)))
        answer = wire.head()
        eventually(lambda: is_stalled(gateway), within=20, every=0.2)
        for chunk in wire.chunks():
            answer.body += chunk
    assert events(answer.body)[-1] == "[DONE]"
    assert content(answer.body) == " ".join(f"tok{number}" for number in range(1, 20_001))


def test_a_stream_does_not_keep_its_request_in_memory(pair):
    gateway, mock = pair
    wires = []
    try:
        before = resident(gateway)
        for number in range(1, 61):
            wires.append(Wire(gateway.url))
            wires[-1].send(post(PATH, chat("x" * 2_000_000, stream=True, tokens=5, silence_after=1)))
            wires[-1].head()
        grown = (resident(gateway) - before) / 1024
        assert mock.stats()["streams_running"] >= 60
        # 60 bodies are 120 MB, and twice that with the copies that are sent.
        assert grown < 60, f"{grown:.0f} MB more for 60 streams"
    finally:
        for wire in wires:
            wire.close()


def test_a_slow_reader_of_a_plain_answer_gets_everything(pair):
    gateway, _ = pair
    with Wire(gateway.url, receive_buffer=4096) as wire:
        wire.send(post(PATH, chat(size=5_000_000)))
        time.sleep(1)
        answer = wire.answer()
    text = answer.json["choices"][0]["message"]["content"]
    assert len(text) == 5_000_000 and text.endswith("xxx")


@pytest.mark.parametrize("fields", [[], ["Connection: close"]], ids=["kept", "closed"])
def test_who_reads_slowly_but_reads_on_gets_everything_however_long_it_takes(launch_gateway, fields):
    gateway = launch_gateway(config("server: {idle_timeout: 1, threads: 1}"))
    with Wire(gateway.url, receive_buffer=4096) as wire:
        wire.send(post(PATH, chat(size=12_000_000), *fields))
        answer = wire.head()
        length = int(answer.header("content-length"))
        # Longer than the seconds of idling and lingering together, in steps shorter than either.
        for step in range(16):
            time.sleep(0.25)
            answer.body += wire.exactly(length // 32)
        answer.body += wire.exactly(length - len(answer.body))
    assert answer.json["choices"][0]["message"]["content"].endswith("xxx")


def test_a_client_that_never_reads_is_let_go(launch_gateway, mock):
    gateway = launch_gateway(config("server: {idle_timeout: 1, threads: 1}"))
    with Wire(gateway.url, receive_buffer=4096) as wire:
        wire.send(post(PATH, chat(stream=True, tokens=250_000)))
        eventually(lambda: mock.stats()["streams_running"] == 1)
        eventually(lambda: mock.stats()["streams_running"] == 0, within=20)
