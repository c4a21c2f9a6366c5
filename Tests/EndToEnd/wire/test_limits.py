"""Limits: each refused with its status, in OpenAI's shape, and the connection ends."""

import time

import pytest

from harness import eventually
from wire.configs import config
from wire.raw import LIMIT, Closed, Wire, ask, chat, check_error, get, post


def refused(url: str, *pieces: bytes, status: int) -> dict:
    with Wire(url) as wire:
        answer = wire.send(*pieces).answer()
        assert answer.header("connection") == "close"
        assert wire.is_closed()
        return check_error(answer, status)


def taken(url: str, *pieces: bytes) -> None:
    with Wire(url) as wire:
        assert wire.send(*pieces).answer().status == 200


def test_100_headers_are_taken_and_101_are_not(gateway):
    fields = [f"X-{number}: y" for number in range(99)]
    taken(gateway.url, get("/health", *fields))
    assert "100" in refused(gateway.url, get("/health", *fields, "X-99: y"), status=431)["message"]


def test_a_header_of_more_than_16_kib_is_refused(gateway):
    taken(gateway.url, get("/health", "X: " + "y" * 16380))
    assert "16384" in refused(gateway.url, get("/health", "X: " + "y" * 16390), status=431)["message"]


def test_headers_of_more_than_64_kib_together_are_refused(gateway):
    fields = [f"X-{number}: " + "y" * 9990 for number in range(6)]
    taken(gateway.url, get("/health", *fields))
    assert "65536" in refused(gateway.url, get("/health", *fields, "X-6: " + "y" * 9990), status=431)["message"]


def test_headers_without_an_end_are_refused(gateway):
    # More would be reset before it is read, as the answer comes first.
    refused(gateway.url, b"GET /health HTTP/1.1\r\nHost: a\r\n", *[b"X: " + b"y" * 8000 + b"\r\n"] * 11, status=431)


def test_a_uri_of_more_than_16_kib_is_refused(gateway):
    taken(gateway.url, get("/health?" + "y" * (16384 - 8)))
    assert "16384" in refused(gateway.url, get("/health?" + "y" * (16384 - 7)), status=414)["message"]
    refused(gateway.url, b"GET /" + b"y" * 20000, status=414)


def test_a_long_uri_is_answered_in_no_time(gateway):
    """Looking at a path must not take time in proportion to the square of its length."""
    for path in ("/" * 16000, "/v1" * 5000, "/models/" + "%41" * 5000):
        start = time.monotonic()
        with Wire(gateway.url) as wire:
            assert wire.send(get(path)).answer().status == 404
        assert time.monotonic() - start < 1.5, path[:10]


@pytest.fixture
def small(launch_gateway, mock):
    return launch_gateway(
        config(
            "server: {max_body_size: 1000, max_json_depth: 20, header_timeout: 1, idle_timeout: 1.5, max_connections: 8,"
            " threads: 1}"
        )
    )


def test_a_body_over_the_limit_is_refused_while_it_is_read(small, mock):
    with Wire(small.url) as wire:
        wire.send("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n")
        assert "1000" in check_error(wire.answer(), 413)["message"]
        assert wire.is_closed()
    with Wire(small.url) as wire:
        wire.send("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000000000\r\n\r\n", b"x" * 10)
        check_error(wire.answer(), 413)
    with Wire(small.url) as wire:
        wire.send("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.send(b"1f4\r\n" + b" " * 500 + b"\r\n", b"1f4\r\n" + b" " * 500 + b"\r\n")
        assert not wire.is_closed(0.2)
        wire.send(b"1\r\n \r\n")
        check_error(wire.answer(), 413)
        assert wire.is_closed()
    with Wire(small.url) as wire:
        wire.send("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n")
        check_error(wire.answer(), 413)
    assert mock.requests() == []


def test_an_answer_overtakes_a_body_that_is_still_being_sent(small):
    """The client can read the 413 although it goes on sending for a while."""
    with Wire(small.url) as wire:
        wire.send("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n")
        for _ in range(20):
            wire.send(b"x" * 50_000)
        check_error(wire.answer(), 413)


def test_a_head_that_takes_too_long_is_answered_with_408(small):
    start = time.monotonic()
    with Wire(small.url) as wire:
        wire.send("GET /health HTTP/1.1\r\nHost: a\r\nX: ")
        # Bytes that trickle in do not win more time.
        for _ in range(4):
            time.sleep(0.2)
            wire.send("y")
        check_error(wire.answer(), 408, "timeout_error")
        assert 0.9 < time.monotonic() - start < LIMIT / 2
        assert wire.is_closed()


def test_an_idle_connection_is_closed_without_a_word(small):
    with Wire(small.url) as fresh, Wire(small.url) as used:
        used.send(get("/health")).answer()
        assert fresh.to_end() == b""
        assert used.to_end() == b""


def test_connections_over_the_limit_are_closed(small):
    eventually(lambda: answers(small.url))
    held = [Wire(small.url) for _ in range(8)]
    try:
        for wire in held:
            assert wire.send(get("/health")).answer().status == 200
        for _ in range(3):
            with Wire(small.url) as extra:
                assert extra.is_closed()
        held.pop().close()
        eventually(lambda: answers(small.url))
    finally:
        for wire in held:
            wire.close()


def answers(url: str) -> bool:
    try:
        with Wire(url) as wire:
            return wire.send(get("/health")).answer().status == 200
    except (Closed, OSError):
        return False


def test_json_deeper_than_the_limit_is_refused(gateway, small, mock):
    def nested(depth: int) -> bytes:
        # The object itself and `messages` are two levels.
        deep = "[" * (depth - 1) + "]" * (depth - 1)
        return post("/v1/chat/completions", '{"model":"m","messages":[],"x":' + deep + "}")

    with Wire(gateway.url) as wire:
        error = check_error(wire.send(nested(513)).answer(), 400)
        assert "512" in error["message"]
        # The request was whole, so the connection goes on.
        assert wire.send(get("/health")).answer().status == 200
        check_error(wire.send(post("/v1/chat/completions", '{"a":' * 100_000)).answer(), 400)
        check_error(wire.send(post("/v1/chat/completions", "[" * 1_000_000)).answer(), 400)
    with Wire(small.url) as wire:
        check_error(wire.send(nested(21)).answer(), 400)
    assert mock.requests() == []
    with Wire(small.url) as wire:
        wire.send(nested(20)).answer()
    assert len(mock.requests()) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"text"', b"{}x", b'{"model":1}', b'{"model":"m"}', b'{"model":"m","messages":{}}',
     b'{"model":"m","messages":[],"stream":"yes"}', b'{"model":"","messages":[]}', b"\xff\xfe{}", b'{"messages":[]}',
     b'{"model":"m","messages":[],}', b'{"model":"m" "messages":[]}', b'{"model":"m\n","messages":[]}', b"\x00"],
)
def test_a_bad_body_gets_a_clear_400(gateway, mock, body):
    with Wire(gateway.url) as wire:
        check_error(wire.send(post("/v1/chat/completions", body)).answer(), 400)
        assert wire.send(get("/health")).answer().status == 200
    assert mock.requests() == []


@pytest.mark.parametrize(
    "body, param, code, words",
    [
        ({"messages": []}, "model", "missing_required_parameter", "/v1/models"),
        ({"model": None, "messages": []}, "model", "missing_required_parameter", "model"),
        ({"model": 1, "messages": []}, "model", "invalid_type", "a string"),
        ({"model": "m"}, "messages", "missing_required_parameter", "messages"),
        ({"model": "m", "messages": "hello"}, "messages", "invalid_type", "an array"),
        ({"model": "m", "messages": [], "stream": 1}, "stream", "invalid_type", "a boolean"),
    ],
)
def test_what_is_missing_or_wrong_is_named(gateway, mock, body, param, code, words):
    error = check_error(ask(gateway.url, body), 400)
    assert (error["param"], error["code"]) == (param, code)
    assert words in error["message"]
    assert mock.requests() == []


def test_an_unknown_model_is_404_with_near_names(gateway, mock):
    error = check_error(ask(gateway.url, chat(model="claud")), 404)
    assert (error["param"], error["code"]) == ("model", "model_not_found")
    assert "'claude'" in error["message"]
    error = check_error(ask(gateway.url, chat(model="x" * 100_000 + "\"}\n")), 404)
    assert len(error["message"]) < 500
    assert mock.requests() == []


def test_a_body_that_comes_too_slowly_is_answered_with_408(launch_gateway):
    """The one slow test: the grace for bodies is 10 s."""
    gateway = launch_gateway(config("server: {body_min_rate: 1000000}"))
    start = time.monotonic()
    with Wire(gateway.url, timeout=30) as wire, Wire(gateway.url, timeout=30) as chunked:
        wire.send("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n")
        chunked.send("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        while time.monotonic() - start < 9:
            wire.send(b"x")
            chunked.send(b"1\r\nx\r\n")
            time.sleep(0.5)
        check_error(wire.answer(), 408, "timeout_error")
        check_error(chunked.answer(), 408, "timeout_error")
        assert 9 < time.monotonic() - start < 20
