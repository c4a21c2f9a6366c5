"""The two programs as child processes: started, watched, ended."""

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from .polling import eventually

REPOSITORY = Path(__file__).resolve().parents[3]

# A debug binary on a busy machine may take its time.
START_LIMIT = 30.0
STOP_LIMIT = 40.0

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_numbers = itertools.count(1)


class Process:
    """A child whose output goes to a file."""

    running: list["Process"] = []

    def __init__(self, name: str, command: list[str], directory: Path, env: dict[str, str] | None = None):
        self.name = name
        self.log = directory / f"{name}-{next(_numbers)}.log"
        clean = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "LD_PRELOAD") if key in os.environ}
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory, env=clean | (env or {})
            )
        self.url = ""
        Process.running.append(self)

    @property
    def pid(self) -> int:
        return self.child.pid

    def output(self, since: int = 0) -> str:
        return self.log.read_bytes()[since:].decode(errors="replace")

    def signal(self, number: int) -> None:
        """Sends a signal and returns at once."""
        self.child.send_signal(number)

    def wait(self, within: float = STOP_LIMIT) -> int:
        """The exit status, once there is one."""
        try:
            status = self.child.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {within:g} s\n{self.output()[-4000:]}") from None
        self._forget()
        return status

    def stop(self, expect: int = 0) -> None:
        """SIGTERM, then checks the exit status."""
        if self.child.poll() is None:
            self.signal(signal.SIGTERM)
        status = self.wait()
        assert status == expect, f"{self.name} ended with {status}, not {expect}\n{self.output()[-4000:]}"

    def kill(self) -> None:
        """Ends the process whatever it does; for clean-up only."""
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        self._forget()

    def get(self, path: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
        """One plain request to the process."""
        request = urllib.request.Request(self.url + path, data=body, method=method)
        try:
            with _direct.open(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def _wait_until(self, is_ready) -> None:
        def check():
            if self.child.poll() is not None:
                raise AssertionError(f"{self.name} ended with {self.child.returncode} while starting\n{self.output()}")
            try:
                return is_ready()
            except OSError:
                return False

        try:
            eventually(check, within=START_LIMIT)
        except AssertionError:
            self.kill()
            raise

    def _forget(self) -> None:
        if self in Process.running:
            Process.running.remove(self)


class Gateway(Process):
    """`martlet serve` on a configuration."""


class Mock(Process):
    """`martlet-mock`; see docs/mock.md."""

    def requests(self) -> list[dict]:
        """The model requests since the last `clear()`, oldest first; `body` only with `--record`."""
        return json.loads(self.get("/_mock/requests")[1])

    def last(self) -> dict:
        """The newest request, with `json` (its parsed body) and `header` (a dictionary) added."""
        request = self.requests()[-1]
        request["json"] = json.loads(request["body"]) if request["body"] else None
        request["header"] = {name.lower(): value for name, value in request["headers"]}
        return request

    def clear(self) -> None:
        self.get("/_mock/requests", method="DELETE")
        self.get("/_mock/script", method="DELETE")

    def script(self, *directives: dict) -> None:
        """What the next requests get, one directive each."""
        status, body = self.get("/_mock/script", method="POST", body=json.dumps(directives).encode())
        assert status < 300, body

    def stats(self) -> dict:
        return json.loads(self.get("/_mock/stats")[1])


def binary(variable: str, name: str) -> str:
    path = Path(os.environ.get(variable) or REPOSITORY / ".build/debug" / name)
    assert path.exists(), f"{path} does not exist: build it (swift build) or set {variable}"
    return str(path)


def start_mock(directory: Path, *arguments: str) -> Mock:
    mock = Mock("mock", [binary("MARTLET_MOCK_BIN", "martlet-mock"), "--port", "0", *arguments], directory)

    def is_ready():
        found = re.search(r"listening on (http://\S+)", mock.output())
        mock.url = found.group(1) if found else ""
        return found

    mock._wait_until(is_ready)
    return mock


def start_gateway(directory: Path, config: str, *arguments: str, env: dict[str, str] | None = None) -> Gateway:
    """Returns once `/health/readiness` says so."""
    path = directory / f"config-{next(_numbers)}.yaml"
    path.write_text(config, encoding="utf-8")
    port = free_port()
    gateway = Gateway(
        "gateway",
        [
            binary("MARTLET_BIN", "martlet"), "--config", str(path), "--host", "127.0.0.1", "--port", str(port),
            *arguments,
        ],
        directory,
        env,
    )
    gateway.url = f"http://127.0.0.1:{port}"
    gateway._wait_until(lambda: gateway.get("/health/readiness")[0] == 200)
    return gateway


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
