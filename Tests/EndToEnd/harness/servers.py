"""Real PostgreSQL and Redis servers for tests: started on free ports, stopped, killed, frozen."""

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest

from .polling import eventually
from .processes import Process, free_port

# Neither must turn up in a log, an error or a dump.
POSTGRES_PASSWORD = "canary-postgres-4720"
REDIS_PASSWORD = "canary-redis-4721"


def program(name: str, package: str, *places: str) -> str:
    """Where a server's program is; a test that needs it fails where it is not installed."""
    found = [path for place in places for path in sorted(glob.glob(f"{place}/{name}"), key=_version)]
    path = found[-1] if found else shutil.which(name)
    if not path:
        pytest.fail(f"{name} is missing: install the Debian package {package}", pytrace=False)
    return path


def _version(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part.isdigit()]


class Server(Process):
    """A server with a directory of its own, which outlives a stop and a start."""

    def __init__(self, name: str, prefix: str):
        self.home = Path(tempfile.mkdtemp(prefix=prefix))
        self.port = free_port()
        self.server_name = name
        self.user = None

    def launch(self, command: list[str]) -> None:
        super().__init__(self.server_name, command, self.home, user=self.user)

    @property
    def is_running(self) -> bool:
        return self.child.poll() is None

    def processes(self) -> list[int]:
        """The server's process and all its descendants."""
        parents = {}
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                with open(path) as file:
                    fields = file.read().rsplit(")", 1)[1].split()
            except OSError:
                continue  # It has just ended.
            parents.setdefault(int(fields[1]), []).append(int(path.split("/")[2]))
        found = [self.pid]
        for pid in found:
            found += parents.get(pid, [])
        return found

    def freeze(self) -> None:
        """Connections stay, and nothing answers, until `thaw()`."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: int) -> None:
        for pid in self.processes():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def remove(self) -> None:
        """Ends the server and its data."""
        if self.is_running:
            self.thaw()
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)


class Postgres(Server):
    """One PostgreSQL server; `database()` makes an empty database in it."""

    def __init__(self):
        super().__init__("postgres", "martlet-postgres-")
        self.programs = Path(program("postgres", "postgresql", "/usr/lib/postgresql/*/bin")).parent
        if os.geteuid() == 0:
            # The server refuses to run as root.
            names = {entry.pw_name for entry in pwd.getpwall()}
            self.user = "postgres" if "postgres" in names else "nobody"
            shutil.chown(self.home, self.user)
        self._initialise()
        self.start()

    def _initialise(self) -> None:
        password = self.home / "password"
        password.write_text(POSTGRES_PASSWORD)
        if self.user:
            shutil.chown(password, self.user)
        self._run(
            "initdb", "--pgdata", str(self.home / "data"), "--username", "martlet", "--pwfile", str(password),
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--no-sync",
        )

    def start(self) -> "Postgres":
        """Returns once it answers; the port stays the same."""
        settings = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "max_connections": 100, "shared_buffers": "64MB",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.launch([str(self.programs / "postgres"), "-D", str(self.home / "data"), *options])
        self._wait_until(lambda: self.query("select 1", check=False) == "1")
        return self

    def stop(self, expect: int = 0) -> None:
        """Ends all sessions at once (its fast shutdown)."""
        self.signal(signal.SIGINT)
        status = self.wait()
        assert status == expect, self.output()[-2000:]

    def address(self, database: str = "postgres") -> str:
        return f"postgresql://martlet:{POSTGRES_PASSWORD}@127.0.0.1:{self.port}/{database}"

    def database(self) -> str:
        """The address of a fresh, empty database."""
        name = f"martlet_{uuid.uuid4().hex[:12]}"
        self.query(f"create database {name}")
        return self.address(name)

    def query(self, sql: str, database: str = "postgres", check: bool = True) -> str:
        """The rows' texts, without headings."""
        return self._run("psql", "-qAtX", "-d", self.address(database), "-c", sql, check=check).strip()

    def dump(self, database: str) -> str:
        """Everything in a database, as SQL."""
        return self._run("pg_dump", "--inserts", "-d", self.address(database))

    def _run(self, name: str, *arguments: str, check: bool = True) -> str:
        result = subprocess.run(
            [str(self.programs / name), *arguments], cwd=self.home, user=self.user, capture_output=True, text=True,
            timeout=60, env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )
        assert not check or result.returncode == 0, f"{name}: {result.stderr}"
        return result.stdout


class Redis(Server):
    """One Redis server that keeps nothing on disk."""

    def __init__(self, password: str | None = None, tls: tuple[str, str] | None = None, *arguments: str):
        super().__init__("redis", "martlet-redis-")
        self.program = program("redis-server", "redis-server")
        self.password = password
        self.tls = tls
        self.arguments = arguments
        self.start()

    def start(self) -> "Redis":
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(self.home)]
        if self.tls:
            certificate, key = self.tls
            options += ["--port", "0", "--tls-port", str(self.port), "--tls-auth-clients", "no"]
            options += ["--tls-cert-file", certificate, "--tls-key-file", key]
        else:
            options += ["--port", str(self.port)]
        if self.password:
            options += ["--requirepass", self.password]
        self.launch([self.program, *options, *self.arguments])
        self._wait_until(lambda: "PONG" in self.command("PING"))
        return self

    @property
    def address(self) -> str:
        credentials = f":{self.password}@" if self.password else ""
        return f"{'rediss' if self.tls else 'redis'}://{credentials}127.0.0.1:{self.port}"

    def command(self, *words: str) -> str:
        """What `redis-cli` prints; nothing while the server does not answer."""
        options = ["-p", str(self.port), *(["--tls", "--insecure"] if self.tls else [])]
        environment = {"PATH": os.environ["PATH"]} | ({"REDISCLI_AUTH": self.password} if self.password else {})
        client = program("redis-cli", "redis-tools")
        result = subprocess.run(
            [client, *options, *words], capture_output=True, text=True, timeout=10, env=environment
        )
        return result.stdout.strip()

    def clients(self) -> int:
        """How many connections others have to it."""
        return self.command("CLIENT", "LIST").count("\n")

    def wait_for_clients(self, count: int, within: float = 10.0) -> None:
        eventually(lambda: self.clients() >= count, within=within, every=0.1)
