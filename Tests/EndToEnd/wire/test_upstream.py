"""Upstreams that misbehave: what the client is told, and that the gateway goes on."""

import socket
import threading
import time

import pytest

from harness import eventually, free_port
from wire.configs import config
from wire.raw import Wire, ask, chat, check_error, content, events, post

PATH = "/v1/chat/completions"


def stream_of(url: str, model: str = "m", **directive):
    answer = ask(url, chat("a b c d e f", stream=True, model=model, **directive))
    return answer, events(answer.body)


def check_failed_stream(answer, found: list, code: str) -> None:
    """A stream that broke ends in a typed error event, and not as if it were whole."""
    assert answer.status == 200
    assert "[DONE]" not in found
    assert f'"code":"{code}"' in found[-1], found[-1]
    assert found[-1].startswith('{"error":{"message":')


def test_a_plain_answer_cut_in_the_middle_is_502(gateway):
    error = check_error(ask(gateway.url, chat(cut_after=20)), 502, "server_error")
    assert error["code"] == "upstream_cut" and "OpenAI" in error["message"]


@pytest.mark.parametrize("directive", ["cut_after", "reset_after"])
@pytest.mark.parametrize("stream", [False, True])
def test_an_upstream_that_gives_up_before_a_byte_is_502(gateway, directive, stream):
    error = check_error(ask(gateway.url, chat(stream=stream, **{directive: 0})), 502, "server_error")
    assert error["code"] == "connection_error"


@pytest.mark.parametrize("model", ["m", "claude"])
@pytest.mark.parametrize("directive", ["cut_after", "reset_after"])
def test_a_stream_that_breaks_ends_in_an_error_event(gateway, model, directive):
    # The pause lets the client's stream begin; what breaks before that is a 502.
    answer, found = stream_of(gateway.url, model, token_delay=30, **{directive: 5})
    check_failed_stream(answer, found, "upstream_cut")
    assert len(found) > 1


@pytest.mark.parametrize("model", ["m", "claude"])
def test_a_stream_that_breaks_at_once_is_a_502_or_ends_in_an_error_event(gateway, model):
    # Which of the two depends on whether the event and the connection's end come in one read.
    answer = ask(gateway.url, chat(stream=True, model=model, cut_after=1))
    if answer.status == 200:
        check_failed_stream(answer, events(answer.body), "upstream_cut")
    else:
        check_error(answer, 502, "server_error")


def test_a_stream_without_its_end_mark_was_cut(gateway):
    answer, found = stream_of(gateway.url, "claude", no_done=True, token_delay=20)
    check_failed_stream(answer, found, "upstream_cut")
    assert content(answer.body) == "Echo: a b c d e f"


def test_a_finish_reason_is_an_end_mark_where_done_is_missing(gateway):
    answer, found = stream_of(gateway.url, "m", no_done=True)
    assert found[-1] == "[DONE]"
    assert content(answer.body) == "Echo: a b c d e f"


def test_an_answer_shorter_than_it_said_is_502(gateway):
    error = check_error(ask(gateway.url, chat(wrong_length=10)), 502, "server_error")
    assert error["code"] == "upstream_cut"


def test_an_answer_longer_than_it_said_is_no_answer(gateway):
    check_error(ask(gateway.url, chat(wrong_length=-10)), 502, "server_error")
    # What was left over is nobody's answer.
    for _ in range(5):
        assert ask(gateway.url, chat("after")).json["choices"][0]["message"]["content"] == "Echo: after"


@pytest.mark.parametrize("model", ["m", "claude"])
@pytest.mark.parametrize("directive", [{"crlf": True}, {"split": 1}, {"split": 3, "crlf": True}, {"comment_every": True}, {"close": True}])
def test_odd_but_legal_streams_are_read(gateway, model, directive):
    answer, found = stream_of(gateway.url, model, **directive)
    assert found[-1] == "[DONE]"
    assert content(answer.body) == "Echo: a b c d e f"


def test_a_plain_answer_in_single_bytes_is_read(gateway):
    assert ask(gateway.url, chat(split=1)).json["choices"][0]["message"]["content"] == "Echo: Hello"


@pytest.mark.parametrize("status", [200, 404, 500, 502])
@pytest.mark.parametrize("stream", [False, True])
def test_a_page_instead_of_json_does_not_reach_the_client(gateway, status, stream):
    answer = ask(gateway.url, chat(html=True, status=status, stream=stream))
    assert answer.status >= 400
    assert answer.header("content-type") == "application/json"
    assert b"<html" not in answer.body.lower()
    assert answer.json["error"]["message"]


@pytest.mark.parametrize("model", ["m", "claude"])
def test_an_event_that_is_not_json_ends_the_stream_in_an_error(gateway, model):
    answer, found = stream_of(gateway.url, model, malformed_after=4, token_delay=30)
    assert answer.status == 200 and "[DONE]" not in found
    assert '"error"' in found[-1]


@pytest.fixture
def hasty(launch_gateway):
    return launch_gateway(config("server: {between_chunks_timeout: 0.5, stream_ping_interval: 0, threads: 1}"))


@pytest.mark.parametrize("model", ["m", "claude"])
def test_silence_inside_a_stream_ends_it(hasty, mock, model):
    start = time.monotonic()
    answer, found = stream_of(hasty.url, model, silence_after=4)
    check_failed_stream(answer, found, "timeout")
    assert 0.4 < time.monotonic() - start < 5
    eventually(lambda: mock.stats()["requests_running"] == 0)


def test_a_silent_stream_is_pinged(launch_gateway):
    gateway = launch_gateway(config("server: {stream_ping_interval: 0.3, threads: 1}"))
    answer = ask(gateway.url, chat("a b", stream=True, token_delay=1000))
    assert answer.body.count(b"\n: ") + answer.body.startswith(b": ") >= 4, answer.body
    assert content(answer.body) == "Echo: a b"


# MARK: Connections


def test_connections_that_the_upstream_closes_behind_an_answer_do_not_matter(gateway):
    for _ in range(30):
        assert ask(gateway.url, chat(no_keepalive_close_after=0)).status == 200


class Upstream:
    """A server whose connections follow a script: one function a connection."""

    ANSWER = b'{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant",' \
             b'"content":"hi"},"finish_reason":"stop"}]}'

    def __init__(self, *connections):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.requests = 0
        self.accepted = 0
        self.script = connections
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        try:
            while True:
                connection, _ = self.listener.accept()
                act = self.script[min(self.accepted, len(self.script) - 1)]
                self.accepted += 1
                threading.Thread(target=self.serve, args=(connection, act), daemon=True).start()
        except OSError:
            return

    def serve(self, connection, act):
        with connection:
            act(self, connection)

    def read(self, connection) -> bool:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return False
            data += piece
        head, body = data.split(b"\r\n\r\n", 1)
        length = int(next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))[15:])
        while len(body) < length:
            body += connection.recv(65536)
        self.requests += 1
        return True

    def reply(self, connection, fields: bytes = b"", body: bytes = ANSWER):
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + (fields or b"Content-Length: %d\r\n" % len(body)) + b"\r\n" + body
        )

    def close(self):
        self.listener.close()


@pytest.fixture
def scripted(launch_gateway):
    started = []

    def start(*connections, more: str = "server: {threads: 1}"):
        upstream = Upstream(*connections)
        started.append(upstream)
        return upstream, launch_gateway(config(more, mock=upstream.url))

    yield start
    for upstream in started:
        upstream.close()


def well(upstream, connection):
    while upstream.read(connection):
        upstream.reply(connection)


@pytest.mark.parametrize("stream", [False, True])
def test_a_kept_connection_that_dies_with_the_request_is_replaced_once(scripted, stream):
    def once(upstream, connection):
        upstream.read(connection)
        upstream.reply(connection)
        upstream.read(connection)

    upstream, gateway = scripted(once, well)
    assert ask(gateway.url, chat()).status == 200
    answer = ask(gateway.url, chat())
    assert answer.status == 200, answer.body
    assert (upstream.accepted, upstream.requests) == (2, 3)


def test_a_new_connection_that_dies_is_not_tried_again(scripted):
    upstream, gateway = scripted(lambda upstream, connection: upstream.read(connection))
    assert check_error(ask(gateway.url, chat()), 502, "server_error")["code"] == "connection_error"
    assert upstream.accepted == 1


def test_a_request_is_not_tried_more_than_twice(scripted):
    def once(upstream, connection):
        upstream.read(connection)
        upstream.reply(connection)
        upstream.read(connection)

    upstream, gateway = scripted(once, lambda upstream, connection: upstream.read(connection))
    assert ask(gateway.url, chat()).status == 200
    check_error(ask(gateway.url, chat()), 502, "server_error")
    assert upstream.accepted == 2


def test_an_answer_that_has_begun_is_not_asked_for_again(scripted):
    def once(upstream, connection):
        upstream.read(connection)
        upstream.reply(connection)
        upstream.read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-")

    upstream, gateway = scripted(once, well)
    assert ask(gateway.url, chat()).status == 200
    check_error(ask(gateway.url, chat()), 502, "server_error")
    assert (upstream.accepted, upstream.requests) == (1, 2)


@pytest.mark.parametrize(
    "raw",
    [b"SSH-2.0-OpenSSH\r\n", b"HTTP/2 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", b"\x15\x03\x03\x00\x02\x02\x46",
     b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000,
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n{}", b"HTTP/1.1 101 Switching\r\n\r\n"],
    ids=["ssh", "http2", "bare-lf", "tls-alert", "two-lengths", "folded", "chunk", "endless-head", "gzip", "upgrade"],
)
def test_an_answer_that_is_no_http_1_1_is_502(scripted, raw):
    def answer(upstream, connection):
        upstream.read(connection)
        connection.sendall(raw)

    _, gateway = scripted(answer)
    check_error(ask(gateway.url, chat()), 502, "server_error")


def test_interim_answers_and_answers_until_the_end_are_read(scripted):
    def first(upstream, connection):
        upstream.read(connection)
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
        upstream.reply(connection)

    def second(upstream, connection):
        upstream.read(connection)
        upstream.reply(connection, b"Connection: close\r\n")

    upstream, gateway = scripted(first, second)
    for _ in range(2):
        assert ask(gateway.url, chat()).json["choices"][0]["message"]["content"] == "hi"
    assert upstream.accepted == 2


def test_bytes_behind_an_answer_are_not_the_next_answer(scripted):
    def poisoned(upstream, connection):
        upstream.read(connection)
        upstream.reply(connection)
        upstream.reply(connection, body=Upstream.ANSWER.replace(b"hi", b"EVIL"))
        upstream.read(connection)

    upstream, gateway = scripted(poisoned, well)
    for _ in range(3):
        assert ask(gateway.url, chat()).json["choices"][0]["message"]["content"] == "hi"
        time.sleep(0.05)


# MARK: Places that are not there


def place(url: str) -> str:
    return f"""
model_list:
  - model_name: m
    litellm_params: {{model: openai/gpt-4o, api_base: "{url}", api_key: sk-up}}
server: {{connect_timeout: 3}}
"""


def test_an_upstream_that_refuses_connections_is_502(launch_gateway):
    gateway = launch_gateway(place(f"http://127.0.0.1:{free_port()}/v1"))
    for stream in (False, True):
        error = check_error(ask(gateway.url, chat(stream=stream)), 502, "server_error")
        assert error["code"] == "connection_error" and "refused" in error["message"].lower()


def test_failed_connections_leave_nothing_behind(launch_gateway):
    gateway = launch_gateway(place(f"http://127.0.0.1:{free_port()}/v1"))

    def wave(count: int) -> int:
        with Wire(gateway.url) as wire:
            for _ in range(count):
                assert wire.send(post(PATH, chat())).answer().status == 502
        with open(f"/proc/{gateway.pid}/statm") as file:
            return int(file.read().split()[1]) * 4

    wave(300)
    before = wave(10)
    assert wave(1500) - before < 3000, "kilobytes grown over 1,500 refused connections"


def test_a_name_that_does_not_resolve_is_502(launch_gateway):
    gateway = launch_gateway(place("http://no-such-host.invalid/v1"))
    error = check_error(ask(gateway.url, chat()), 502, "server_error")
    assert error["code"] == "connection_error" and "no-such-host.invalid" in error["message"]
