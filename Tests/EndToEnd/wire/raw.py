"""HTTP by hand: what a well-behaved client library would never send, and what it would hide of the answer."""

import json
import socket
import struct
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LIMIT = 20.0


@dataclass
class Answer:
    status: int
    headers: list = field(default_factory=list)
    body: bytes = b""
    version: str = ""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    @property
    def json(self):
        return json.loads(self.body)


class Closed(Exception):
    """The connection ended where an answer was awaited; `rest` is what came of it."""

    def __init__(self, rest: bytes):
        super().__init__(f"closed after {rest[:200]!r}")
        self.rest = rest


class Wire:
    """One connection."""

    def __init__(self, url: str, receive_buffer: int | None = None, timeout: float = LIMIT):
        parts = urlsplit(url)
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(timeout)
        self.socket.connect((parts.hostname, parts.port))
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Ends the connection by RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def send(self, *pieces: bytes | str) -> "Wire":
        for piece in pieces:
            self.socket.sendall(piece.encode("latin-1") if isinstance(piece, str) else piece)
        return self

    def fill(self) -> None:
        try:
            data = self.socket.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            data = b""
        if not data:
            raise Closed(self.buffer)
        self.buffer += data

    def until(self, mark: bytes) -> bytes:
        """Everything up to and with `mark`."""
        while mark not in self.buffer:
            self.fill()
        end = self.buffer.index(mark) + len(mark)
        taken, self.buffer = self.buffer[:end], self.buffer[end:]
        return taken

    def exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            self.fill()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def to_end(self) -> bytes:
        """All that comes until the server closes."""
        try:
            while True:
                self.fill()
        except Closed:
            taken, self.buffer = self.buffer, b""
            return taken

    def head(self) -> Answer:
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, status, _ = lines[0].split(" ", 2)
        headers = []
        for line in lines[1:-2]:
            name, value = line.split(":", 1)
            assert name == name.lower() and name.strip() == name, f"odd field name {name!r}"
            headers.append((name, value.strip()))
        return Answer(int(status), headers, b"", version)

    def answer(self, to_head: bool = False) -> Answer:
        """One whole answer, by its framing; the framing itself is checked."""
        answer = self.head()
        length = answer.header("content-length")
        coding = answer.header("transfer-encoding")
        assert sum(name == "content-length" for name, _ in answer.headers) <= 1
        assert not (length and coding), "both a length and a coding"
        if to_head or answer.status in (204, 304) or answer.status < 200:
            return answer
        if coding:
            assert coding == "chunked"
            answer.body = b"".join(self.chunks())
        elif length is not None:
            answer.body = self.exactly(int(length))
        else:
            answer.body = self.to_end()
        return answer

    def chunks(self):
        """The chunks of a body, one by one."""
        while True:
            size = int(self.until(b"\r\n")[:-2], 16)
            data = self.exactly(size)
            assert self.exactly(2) == b"\r\n"
            if size == 0:
                return
            yield data

    def is_closed(self, within: float = 5.0) -> bool:
        """Whether the server ends the connection without another byte."""
        self.socket.settimeout(within)
        try:
            return not self.buffer and self.socket.recv(1) == b""
        except (ConnectionResetError, BrokenPipeError):
            return True
        except TimeoutError:
            return False
        finally:
            self.socket.settimeout(LIMIT)


def get(path: str, *fields: str, version: str = "HTTP/1.1", method: str = "GET") -> bytes:
    lines = [f"{method} {path} {version}", "Host: gateway", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def post(path: str, body: bytes | str | dict, *fields: str, version: str = "HTTP/1.1") -> bytes:
    if isinstance(body, dict):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    lines = [f"POST {path} {version}", "Host: gateway", "Content-Type: application/json", *fields, f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def chat(text: str = "Hello", stream: bool = False, model: str = "m", **directive) -> dict:
    if directive:
        text += " mock:" + json.dumps(directive)
    request = {"model": model, "messages": [{"role": "user", "content": text}]}
    if stream:
        request["stream"] = True
    return request


def ask(url: str, body: dict, *fields: str, path: str = "/v1/chat/completions") -> Answer:
    """One chat on a connection of its own."""
    with Wire(url) as wire:
        return wire.send(post(path, body, *fields)).answer()


def check_error(answer: Answer, status: int, kind: str = "invalid_request_error") -> dict:
    """Every error has OpenAI's shape and a request id."""
    assert answer.status == status, (answer.status, answer.body[:300])
    assert answer.header("content-type") == "application/json"
    assert answer.header("x-request-id")
    error = answer.json["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == kind, error
    assert error["message"]
    return error


def events(body: bytes) -> list:
    """The data of a stream's events, comments left out."""
    found = []
    for block in body.decode().split("\n\n"):
        data = [line[6:] for line in block.split("\n") if line.startswith("data: ")]
        if data:
            found.append("\n".join(data))
    return found


def content(body: bytes) -> str:
    """The text of a stream of chat chunks."""
    text = ""
    for event in events(body):
        if event != "[DONE]":
            for choice in json.loads(event).get("choices", []):
                text += choice["delta"].get("content") or ""
    return text


def measure_until(check, within: float) -> float:
    """Seconds until `check` is true."""
    start = time.monotonic()
    while not check():
        assert time.monotonic() - start < within, f"not within {within} s"
        time.sleep(0.005)
    return time.monotonic() - start
