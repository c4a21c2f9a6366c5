"""Going down: what is in flight is finished, and nothing new is begun."""

import select
import signal
import threading
import time

import pytest

from harness import eventually
from wire.configs import config
from wire.raw import Closed, Wire, chat, content, events, get, post

PATH = "/v1/chat/completions"


class Client(threading.Thread):
    """Sends one request after the other on one connection until the server ends it."""

    def __init__(self, url: str, number: int):
        super().__init__(daemon=True)
        self.wire = Wire(url)
        self.number = number
        self.answered = 0
        self.lost = None
        self.last = None

    def run(self):
        try:
            while not self.is_over():
                text = f"n{self.number}-{self.answered}"
                stream = self.answered % 3 == 2
                self.wire.send(post(PATH, chat(text, stream=stream, delay=self.number % 5 * 10)))
                answer = self.wire.answer()
                assert answer.status == 200, (answer.status, answer.body)
                said = content(answer.body) if stream else answer.json["choices"][0]["message"]["content"]
                assert said == f"Echo: {text}"
                assert not stream or events(answer.body)[-1] == "[DONE]"
                self.answered += 1
                self.last = answer
        except (Closed, OSError, AssertionError) as error:
            self.lost = error

    def is_over(self) -> bool:
        """Whether the server has said, or shown, that this connection takes no more requests."""
        if self.last and self.last.header("connection") == "close":
            return True
        return bool(select.select([self.wire.socket], [], [], 0)[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_no_request_in_flight_is_lost(launch_gateway, number):
    gateway = launch_gateway(config())
    clients = [Client(gateway.url, index) for index in range(50)]
    for client in clients:
        client.start()
    eventually(lambda: all(client.answered >= 3 for client in clients), within=30)
    gateway.signal(number)
    for client in clients:
        client.join(20)
        assert not client.is_alive()
    assert [client.lost for client in clients if client.lost] == []
    assert sum(client.last.header("connection") == "close" for client in clients) > 25
    assert gateway.wait(10) == 0
    print(f"{sum(client.answered for client in clients)} requests, none lost")
    with pytest.raises(OSError):
        Wire(gateway.url)


def test_streams_that_run_are_finished(launch_gateway, mock):
    gateway = launch_gateway(config())
    wires = [Wire(gateway.url).send(post(PATH, chat(stream=True, tokens=15, token_delay=100))) for _ in range(10)]
    heads = [wire.head() for wire in wires]
    gateway.signal(signal.SIGTERM)
    for wire, head in zip(wires, heads, strict=True):
        head.body = b"".join(wire.chunks())
        assert events(head.body)[-1] == "[DONE]"
        assert content(head.body).split(" ")[-1] == "tok15"
        assert wire.is_closed()
    assert gateway.wait(10) == 0
    assert "connections were cut" not in gateway.output()


def test_a_body_on_its_way_is_waited_for(launch_gateway):
    gateway = launch_gateway(config())
    request = post(PATH, chat("late"))
    with Wire(gateway.url) as wire, Wire(gateway.url) as head:
        wire.send(request[:-10])
        head.send(request[:20])
        time.sleep(0.1)
        gateway.signal(signal.SIGTERM)
        time.sleep(0.6)
        for late in (wire.send(request[-10:]), head.send(request[20:])):
            answer = late.answer()
            assert answer.status == 200 and answer.header("connection") == "close"
    assert gateway.wait(10) == 0


def test_readiness_says_no_while_connections_last(launch_gateway):
    gateway = launch_gateway(config("server: {threads: 1}"))
    busy = Wire(gateway.url).send(post(PATH, chat(stream=True, tokens=10, token_delay=100)))
    busy.head()
    idle = [Wire(gateway.url) for _ in range(40)]
    for wire in idle:
        wire.send(get("/health/readiness")).answer()
    gateway.signal(signal.SIGTERM)
    for wire in idle:
        answer = wire.send(get("/health/readiness")).answer()
        if answer.status == 503:
            break
        time.sleep(0.005)
    assert answer.status == 503 and answer.json["status"] == "draining"
    assert idle[-1].is_closed(2)
    assert events(b"".join(busy.chunks()))[-1] == "[DONE]"
    assert gateway.wait(10) == 0


@pytest.fixture
def endless(launch_gateway):
    """A gateway with a stream that does not end by itself."""

    def start(more: str = ""):
        gateway = launch_gateway(config(more))
        wire = Wire(gateway.url).send(post(PATH, chat("a b c", stream=True, silence_after=2)))
        wire.head()
        return gateway, wire

    return start


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_cuts_at_once(endless, second):
    gateway, wire = endless()
    gateway.signal(signal.SIGTERM)
    time.sleep(0.5)
    assert gateway.child.poll() is None
    start = time.monotonic()
    gateway.signal(second)
    assert gateway.wait(10) == 0
    assert time.monotonic() - start < 3
    rest = wire.to_end()
    assert b"[DONE]" not in rest and not rest.endswith(b"0\r\n\r\n")
    assert "connections were cut" in gateway.output()


def test_the_time_for_finishing_has_an_end(endless):
    gateway, wire = endless("server: {shutdown_timeout: 1}")
    start = time.monotonic()
    gateway.signal(signal.SIGTERM)
    assert gateway.wait(10) == 0
    assert 0.9 < time.monotonic() - start < 4
    assert b"[DONE]" not in wire.to_end()


def test_an_idle_gateway_ends_at_once(launch_gateway):
    gateway = launch_gateway(config())
    idle = [Wire(gateway.url) for _ in range(5)]
    for wire in idle[:3]:
        wire.send(get("/health")).answer()
    start = time.monotonic()
    gateway.signal(signal.SIGTERM)
    assert gateway.wait(10) == 0
    assert time.monotonic() - start < 2
    assert all(wire.is_closed() for wire in idle)
