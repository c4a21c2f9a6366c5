"""Single requests to a server on a loopback port."""

import http.client
import json
import socket

from . import BenchmarkError


def chat_body(model, tokens=None, delay=None):
    """A small chat completion of about 300 bytes; with `tokens`, a streamed one with `delay` milliseconds a token."""
    question = "In one or two sentences: why does a gateway forward bytes that it has no need to understand?"
    if tokens is not None:
        question += " mock:" + json.dumps({"tokens": tokens, "token_delay": delay}, separators=(",", ":"))
    request = {
        "model": model,
        "messages": [
            {"role": "system", "content": "You are a terse assistant. Answer in plain words."},
            {"role": "user", "content": question},
        ],
        "max_tokens": 256,
        "temperature": 0.2,
    }
    if tokens is not None:
        request["stream"] = True
    return json.dumps(request).encode()


class ChatConnection:
    """One keep-alive connection for chat requests, each sent in one piece.

    `http.client` sends head and body apart; whether the server then reads once or twice is chance, and a count of
    its allocations would be chance too.
    """

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def post(self, key, body):
        """The status and the whole answer."""
        head = (
            "POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\n"
            f"Authorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        answer = http.client.HTTPResponse(self._socket, method="POST")
        answer.begin()
        return answer.status, answer.read()


def plain_answer(port, key, model):
    """The JSON text a chat request is answered with."""
    with ChatConnection(port) as connection:
        status, answer = connection.post(key, chat_body(model))
    if status != 200:
        raise BenchmarkError(f"port {port}, model {model}: status {status}: {answer[:300]!r}")
    return answer.decode()


def check_plain(port, key, model):
    """Fails unless a chat request is answered by a completion with content."""
    answer = plain_answer(port, key, model)
    if not json.loads(answer)["choices"][0]["message"]["content"]:
        raise BenchmarkError(f"port {port}, model {model}: an answer without content: {answer[:300]!r}")


def is_alive(port, path="/health/liveliness"):
    """Whether the port answers with 200. No client library: this runs in a tight loop while a server starts."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except (ConnectionRefusedError, ConnectionResetError):
        return False


def accepts(port):
    """Whether something listens on the port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    except ConnectionRefusedError:
        return False


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
