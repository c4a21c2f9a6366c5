"""Many callers at once: a small HTTP client that knows whether an answer came whole."""

import asyncio
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Outcome:
    """What one caller got; `status` 0 is no answer at all."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: The answer came to its end, by its framing.
    is_whole: bool = False

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def call_id(self) -> str | None:
        return self.headers.get("x-litellm-call-id")


class Caller:
    """One connection that is kept; used by one coroutine at a time."""

    def __init__(self, url: str, key: str):
        parts = urlsplit(url)
        self.host, self.port, self.key = parts.hostname, parts.port, key
        self.streams = None

    async def post(self, body: dict, path: str = "/v1/chat/completions", headers: dict | None = None) -> Outcome:
        """One call; a connection that breaks gives what had come by then."""
        outcome = Outcome()
        try:
            if self.streams is None:
                self.streams = await asyncio.open_connection(self.host, self.port, limit=1 << 20)
            reader, writer = self.streams
            writer.write(self._request(body, path, headers or {}))
            await writer.drain()
            await _read(reader, outcome)
            if outcome.headers.get("connection") == "close":
                self.close()
        except (OSError, EOFError, asyncio.IncompleteReadError):
            self.close()
        return outcome

    def close(self) -> None:
        if self.streams:
            self.streams[1].transport.abort()
            self.streams = None

    def _request(self, body: dict, path: str, headers: dict) -> bytes:
        data = json.dumps(body).encode()
        lines = [
            f"POST {path} HTTP/1.1", "host: gateway", f"authorization: Bearer {self.key}",
            "content-type: application/json", f"content-length: {len(data)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + data


async def _read(reader: asyncio.StreamReader, outcome: Outcome) -> None:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    outcome.status = int(lines[0].split(" ")[1])
    outcome.headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:-2])}
    if "transfer-encoding" in outcome.headers:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            outcome.body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
    else:
        outcome.body = await reader.readexactly(int(outcome.headers.get("content-length", 0)))
    outcome.is_whole = True


async def burst(urls: list[str], key: str, bodies: list[dict], callers: int, **options) -> list[Outcome]:
    """All bodies by so many callers at once, spread over the gateways in turn."""
    waiting = iter(bodies)
    outcomes: list[Outcome] = []

    async def run(number: int) -> None:
        caller = Caller(urls[number % len(urls)], key)
        for body in waiting:
            outcomes.append(await caller.post(body, **options))
        caller.close()

    await asyncio.gather(*(run(number) for number in range(min(callers, len(bodies)))))
    return outcomes


def calls(urls: list[str] | str, key: str, count: int, body: dict, callers: int | None = None, **options) -> list[Outcome]:
    """`count` equal calls, all at once unless `callers` says how many at a time."""
    urls = [urls] if isinstance(urls, str) else urls
    return asyncio.run(burst(urls, key, [body] * count, callers or count, **options))


def statuses(outcomes: list[Outcome]) -> dict[int, int]:
    """How many got which status."""
    counts: dict[int, int] = {}
    for outcome in outcomes:
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
    return counts


class Load:
    """Callers that go on in a thread of their own until they are told to stop.

    A caller whose connection breaks waits a little and goes on; every answer is kept, those that broke off too.
    """

    def __init__(self, urls: list[str] | str, key: str, body: dict, callers: int = 20, pause: float = 0.0):
        import threading

        self.urls = [urls] if isinstance(urls, str) else urls
        self.key, self.body, self.callers, self.pause = key, body, callers, pause
        self.outcomes: list[Outcome] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> "Load":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def stop(self) -> list[Outcome]:
        self._stopping.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        return self.outcomes

    @property
    def whole(self) -> list[Outcome]:
        """The good answers that came to their end."""
        return [outcome for outcome in self.outcomes if outcome.status == 200 and outcome.is_whole]

    async def _run(self) -> None:
        await asyncio.gather(*(self._call(number) for number in range(self.callers)))

    async def _call(self, number: int) -> None:
        caller = Caller(self.urls[number % len(self.urls)], self.key)
        while not self._stopping.is_set():
            outcome = await caller.post(self.body)
            self.outcomes.append(outcome)
            await asyncio.sleep(self.pause if outcome.is_whole else 0.02)
        caller.close()
