"""HTTP/1.1 and HTTP/1.0 as clients may use them."""

import json

import pytest

from wire.raw import Wire, chat, check_error, content, events, get, post

PATH = "/v1/chat/completions"


def text(answer) -> str:
    assert answer.status == 200, answer.body
    return answer.json["choices"][0]["message"]["content"]


def test_20_requests_sent_ahead_are_answered_in_order(gateway):
    with Wire(gateway.url) as wire:
        requests = []
        for number in range(20):
            match number % 4:
                case 0: requests.append(post(PATH, chat(f"n{number}")))
                case 1: requests.append(post(PATH, chat(f"n{number}", stream=True)))
                case 2: requests.append(post(PATH, chat(f"n{number}", delay=20)))
                case _: requests.append(get(f"/nowhere/n{number}"))
        wire.send(b"".join(requests))
        for number in range(20):
            answer = wire.answer()
            match number % 4:
                case 1: assert content(answer.body) == f"Echo: n{number}"
                case 3: assert f"n{number}'" in check_error(answer, 404)["message"]
                case _: assert text(answer) == f"Echo: n{number}"


def test_a_connection_serves_100_requests(gateway, mock):
    with Wire(gateway.url) as wire:
        for number in range(100):
            answer = wire.send(post(PATH, chat(f"n{number}"))).answer()
            assert text(answer) == f"Echo: n{number}"
            assert answer.header("connection") is None
    assert len(mock.requests()) == 100
    # Upstream connections are kept, too: one for each lane at most, and a lane serves this connection.
    assert len({request["connection"] for request in mock.requests()}) <= 2


def test_a_request_split_at_every_byte_is_read_the_same(gateway, mock):
    body = json.dumps(chat("split")).encode()
    half = len(body) // 2
    whole = post(PATH, body, "X: y")
    chunked = (
        f"POST {PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        + b"%x;e=f\r\n%s\r\n%x\r\n%s\r\n0\r\nT: u\r\n\r\n" % (half, body[:half], len(body) - half, body[half:])
    )
    # Answered by the gateway itself, so that only reading is measured; the last split of each goes upstream.
    for request in (whole.replace(b'"m"', b'"x"'), chunked.replace(b'"m"', b'"x"')):
        with Wire(gateway.url) as wire:
            for split in range(1, len(request)):
                wire.send(request[:split])
                wire.send(request[split:])
                assert wire.answer().status == 404, split
    assert mock.requests() == []
    for request in (whole, chunked):
        with Wire(gateway.url) as wire:
            for byte in request:
                wire.send(bytes([byte]))
            assert text(wire.answer()) == "Echo: split"


def test_connection_close_is_obeyed(gateway):
    for request in (get("/health", "Connection: close"), post(PATH, chat(), "Connection: Close")):
        with Wire(gateway.url) as wire:
            answer = wire.send(request + get("/health")).answer()
            assert answer.status == 200
            assert answer.header("connection") == "close"
            assert wire.to_end() == b""
    with Wire(gateway.url) as wire:
        answer = wire.send(post(PATH, chat("a b", stream=True), "Connection: close")).answer()
        assert answer.header("connection") == "close"
        assert events(answer.body)[-1] == "[DONE]"
        assert wire.is_closed()


def test_http_1_0_ends_after_an_answer(gateway):
    with Wire(gateway.url) as wire:
        answer = wire.send(b"GET /health HTTP/1.0\r\n\r\n").answer()
        assert answer.status == 200 and answer.header("connection") == "close"
        assert wire.is_closed()


def test_http_1_0_with_keep_alive_goes_on(gateway):
    with Wire(gateway.url) as wire:
        for _ in range(3):
            answer = wire.send(post(PATH, chat(), "Connection: keep-alive", version="HTTP/1.0")).answer()
            assert text(answer) == "Echo: Hello"
            assert answer.header("connection") == "keep-alive"
            assert answer.header("transfer-encoding") is None


def test_an_http_1_0_stream_is_unframed_and_ends_with_the_connection(gateway):
    with Wire(gateway.url) as wire:
        answer = wire.send(post(PATH, chat("a b", stream=True), "Connection: keep-alive", version="HTTP/1.0")).answer()
        assert answer.header("transfer-encoding") is None and answer.header("content-length") is None
        assert answer.header("connection") == "close"
        assert answer.body.startswith(b"data: ") and events(answer.body)[-1] == "[DONE]"
        assert content(answer.body) == "Echo: a b"


def test_head_is_answered_without_a_body(gateway):
    for path in ("/v1/models", "/health", "/v1/models/m", "/v1/model/info", "/nowhere", "/v1/models/none"):
        with Wire(gateway.url) as wire:
            body = wire.send(get(path)).answer()
            head = wire.send(get(path, method="HEAD")).answer(to_head=True)
            assert head.status == body.status
            assert head.header("content-length") == body.header("content-length")
            # Were there a body, it would be read as the next answer.
            assert wire.send(get("/health")).answer().json["status"] == "healthy"


def test_a_client_that_waits_is_told_to_go_on(gateway):
    request = post(PATH, chat("waited"), "Expect: 100-continue")
    end = request.index(b"\r\n\r\n") + 4
    with Wire(gateway.url) as wire:
        interim = wire.send(request[:end]).answer()
        assert (interim.status, interim.headers) == (100, [])
        assert text(wire.send(request[end:]).answer()) == "Echo: waited"
        # One that does not wait is not told.
        assert text(wire.send(request).answer()) == "Echo: waited"
    with Wire(gateway.url) as wire:
        check_error(wire.send(post(PATH, chat(), "Expect: something")).answer(), 417)


def test_empty_lines_before_a_request_are_passed_over(gateway):
    with Wire(gateway.url) as wire:
        assert wire.send(b"\r\n\r\n" + get("/health")).answer().status == 200
        wire.send(b"\r").send(b"\n").send(get("/health"))
        assert wire.answer().status == 200


@pytest.mark.parametrize("path", ["/", "/v1", "/v2/models", "/v1/chat", "/v1/chat/completions/x", "/V1/models", "/_mock/requests",
                                  "/models/%zz", "/v1/../health", "//health"])
def test_an_unknown_path_is_404(gateway, path):
    with Wire(gateway.url) as wire:
        check_error(wire.send(get(path)).answer(), 404)
        check_error(wire.send(post(path, chat())).answer(), 404)


@pytest.mark.parametrize(
    "method, path, allow",
    [("GET", PATH, "POST"), ("DELETE", PATH, "POST"), ("PUT", "/v1/embeddings", "POST"), ("PATCH", "/completions", "POST"),
     ("POST", "/v1/models", "GET, HEAD"), ("DELETE", "/v1/models/m", "GET, HEAD"), ("OPTIONS", "/health", "GET, HEAD"),
     ("BREW", PATH, "POST")],
)
def test_a_wrong_method_is_405_with_the_right_ones(gateway, method, path, allow):
    with Wire(gateway.url) as wire:
        answer = wire.send(get(path, method=method)).answer()
        check_error(answer, 405)
        assert answer.header("allow") == allow


@pytest.mark.parametrize(
    "path", [PATH, PATH + "/", "/chat/completions", "/v1/v1/chat/completions", "/v1/chat/completions?api-version=1",
             "/engines/m/chat/completions", "/v1/engines/m/chat/completions/", "/openai/deployments/m/chat/completions?api-version=2",
             "/openai/deployments/org%2Fm%201/chat/completions", "/engines/org/m%201/chat/completions"],
)
def test_all_spellings_of_a_path_work(gateway, path):
    with Wire(gateway.url) as wire:
        assert text(wire.send(post(path, chat("x", model="m"))).answer()) == "Echo: x"


def test_model_ids_may_be_percent_encoded_and_hold_slashes(gateway):
    with Wire(gateway.url) as wire:
        for path in ("/v1/models/org/m%201", "/models/org%2Fm%201", "/v1/v1/models/org%2fm%201/"):
            assert wire.send(get(path)).answer().json["id"] == "org/m 1"
        check_error(wire.send(get("/v1/models/m%00")).answer(), 404)
        assert {model["id"] for model in wire.send(get("/models/")).answer().json["data"]} == {"m", "org/m 1", "claude", "canned"}


def test_ids_of_the_client_come_back(gateway):
    with Wire(gateway.url) as wire:
        answer = wire.send(post(PATH, chat(), "X-Request-ID: abc", "X-LiteLLM-Call-ID: def")).answer()
        assert answer.header("x-request-id") == "abc" and answer.header("x-litellm-call-id") == "def"
        first, second = (wire.send(post(PATH, chat())).answer() for _ in range(2))
        assert first.header("x-request-id") != second.header("x-request-id")
