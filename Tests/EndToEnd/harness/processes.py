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

    def __init__(
        self, name: str, command: list[str], directory: Path, env: dict[str, str] | None = None, user: str | None = None
    ):
        self.name = name
        self.log = directory / f"{name}-{next(_numbers)}.log"
        clean = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "LD_PRELOAD") if key in os.environ}
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory, env=clean | (env or {}),
                user=user,
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
    """`martlet serve` on a configuration, in a directory of its own that also holds its data."""

    home: Path
    config: Path
    arguments: tuple[str, ...]
    env: dict[str, str] | None

    @property
    def data(self) -> Path:
        """Where its database, journal and snapshot are."""
        return self.home / "data"

    def relaunch(self, *arguments: str, ready: int | None = 200) -> "Gateway":
        """Starts it anew, after its end, on the same port, configuration and data."""
        return _launch(self.home, self.config, arguments or self.arguments, self.env, _port(self.url), ready)


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


def start_gateway(
    directory: Path,
    config: str,
    *arguments: str,
    env: dict[str, str] | None = None,
    home: Path | None = None,
    ready: int | None = 200,
) -> Gateway:
    """Returns once `/health/readiness` answers with the status `ready` (None: with any).

    Its working directory is `home`, else a new one in `directory`; its data directory lies therein.
    """
    home = home or directory / f"gateway-{next(_numbers)}"
    home.mkdir(exist_ok=True)
    path = home / f"config-{next(_numbers)}.yaml"
    path.write_text(with_data_directory(config, home / "data"), encoding="utf-8")
    return _launch(home, path, arguments, env, free_port(), ready)


def with_data_directory(config: str, directory: Path) -> str:
    """The configuration with `server.data_directory`, unless it sets that itself."""
    if "data_directory" in config:
        return config
    setting = f'data_directory: "{directory}"'
    for pattern, insertion in ((r"^server:[ ]*\{", f"server: {{{setting}, "), (r"^server:[ ]*\n", f"server:\n  {setting}\n")):
        if re.search(pattern, config, re.MULTILINE):
            return re.sub(pattern, insertion, config, count=1, flags=re.MULTILINE)
    return f"{config.rstrip()}\n\nserver: {{{setting}}}\n"


def _launch(home, config, arguments, env, port, ready) -> Gateway:
    gateway = Gateway(
        "gateway",
        [
            binary("MARTLET_BIN", "martlet"), "--config", str(config), "--host", "127.0.0.1", "--port", str(port),
            *arguments,
        ],
        home,
        env,
    )
    gateway.home, gateway.config, gateway.arguments, gateway.env = home, config, arguments, env
    gateway.url = f"http://127.0.0.1:{port}"
    gateway._wait_until(lambda: gateway.get("/health/readiness")[0] == ready or ready is None)
    return gateway


def _port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
