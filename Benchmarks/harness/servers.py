"""Starts the servers of a run, each pinned to a core, and ends them by pid."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import BenchmarkError, http

MASTER_KEY = "sk-bench"
UPSTREAM_KEY = "sk-upstream"

# What both nginx servers of a run have; `{http}` is what each is for.
NGINX = """\
{user}
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
worker_processes 1;
worker_rlimit_nofile 12000;
events {{ worker_connections 11000; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    keepalive_requests 100000000;
    {http}
}}
"""

PROXY = """\
upstream mock {{
        server 127.0.0.1:{upstream};
        keepalive 512;
        keepalive_requests 100000000;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://mock;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
        }}
    }}"""

# The answer of the mock, given by nginx: cheap enough that the server under test is the limit, not its upstream.
STATIC_UPSTREAM = """\
server {{
        listen 127.0.0.1:{port} backlog=4096;
        default_type application/json;
        location / {{ return 200 '{answer}'; }}
    }}"""

# Martlet and LiteLLM read the same models.
MODELS = """\
model_list:
  - model_name: bench
    litellm_params:
      model: openai/bench
      api_base: http://127.0.0.1:{mock}/v1
      api_key: {upstream}{prices}
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
      api_base: http://127.0.0.1:{mock}
      api_key: {upstream}
"""


# The model of the measures is in no price table.
PRICES = """
      input_cost_per_token: 0.0000025
      output_cost_per_token: 0.00001"""

# What every call of the books' measure counts against, none of which it reaches.
BOOKS = """\
  global_max_rpm: 100000000
  global_max_tpm: 1000000000000
litellm_settings:
  max_budget: 100000000
"""

# The gateway with the master key alone: no ledger, no prices.
NO_BOOKS = """\
  disable_spend_logs: true
"""


@dataclass(frozen=True)
class Server:
    """A running process that answers on a loopback port."""

    process: subprocess.Popen
    port: int
    started: float
    log: Path

    @property
    def pid(self):
        return self.process.pid

    def age(self):
        """Seconds since its exec."""
        return time.monotonic() - self.started


@dataclass(frozen=True)
class Target:
    """What a load is pointed at: a server with the key and the model to ask for."""

    name: str
    server: Server
    key: str
    model: str


class Servers:
    """The processes of a run. As a context manager it ends all of them, whatever happened."""

    def __init__(self, directory, server_core, load_core):
        self.directory = Path(directory)
        self.server_core = server_core
        self.load_core = load_core
        self._running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in reversed(self._running):
            self._end(server)

    def stop(self, server):
        """Ends one server before the end of the run."""
        self._running.remove(server)
        self._end(server)

    @staticmethod
    def _end(server):
        server.process.terminate()
        try:
            server.process.wait(10)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()

    def mock(self, binary):
        """The mock provider, on the core of the load."""
        port = http.free_port()
        server = self._spawn("mock", [binary, "--port", str(port)], port, self.load_core)
        return self._ready(server, lambda: http.accepts(port), 20)

    def static_upstream(self, binary, answer):
        """An upstream that gives every request the same answer, on the core of the load."""
        return self._nginx(binary, "static", self.load_core, STATIC_UPSTREAM, answer=answer)

    def nginx(self, binary, upstream):
        """nginx as a plain proxy in front of `upstream`."""
        return self._nginx(binary, f"nginx-{upstream.port}", self.server_core, PROXY, upstream=upstream.port)

    def _nginx(self, binary, name, core, template, **values):
        port = http.free_port()
        # Only a master that runs as root changes the user of its worker.
        user = "user root;" if os.geteuid() == 0 else ""
        directory = self.directory / name
        directory.mkdir()
        config = directory / "nginx.conf"
        server = template.format(port=port, **values)
        config.write_text(NGINX.format(user=user, directory=directory, http=server))
        server = self._spawn(name, [binary, "-c", str(config)], port, core)
        return self._ready(server, lambda: http.accepts(port), 20)

    def martlet(self, binary, mock, environment=None, *, name="martlet", settings="", database=None):
        """The gateway on one lane. `environment` is added to ours, `settings` to its general settings.

        Servers of one name share their data; `database` is a URL, else a file among the data.
        """
        port = http.free_port()
        data = self.directory / f"data-{name}"
        data.mkdir(exist_ok=True)
        config = self.directory / f"{name}-{mock.port}.yaml"
        models = MODELS.format(master=MASTER_KEY, upstream=UPSTREAM_KEY, mock=mock.port, prices=PRICES)
        url = database or f"sqlite:///{data / 'martlet.db'}"
        general = f"general_settings:\n  master_key: {MASTER_KEY}\n  database_url: {url}\n{settings}"
        config.write_text(f"{general}server:\n  data_directory: {data}\n{models}")
        command = [binary, "--config", str(config), "--port", str(port), "--threads", "1"]
        server = self._spawn(name, command, port, self.server_core, environment)
        return self._ready(server, lambda: http.is_alive(port), 20)

    def litellm(self, binary, mock):
        port = http.free_port()
        command = [binary, "--config", self._litellm(mock), "--host", "127.0.0.1", "--port", str(port)]
        # Without this it fetches its price list from the network.
        environment = {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        server = self._spawn("litellm", command + ["--num_workers", "1"], port, self.server_core, environment)
        return self._ready(server, lambda: http.is_alive(port), 120)

    def _litellm(self, mock):
        path = self.directory / f"litellm-{mock.port}.yaml"
        models = MODELS.format(upstream=UPSTREAM_KEY, mock=mock.port, prices="")
        path.write_text(f"general_settings:\n  master_key: {MASTER_KEY}\n{models}")
        return str(path)

    def _spawn(self, name, command, port, core, environment=None):
        log = self.directory / f"{name}.log"
        with log.open("ab") as output:
            started = time.monotonic()
            process = spawn_pinned(core, command, output, {**os.environ, **(environment or {})})
        server = Server(process, port, started, log)
        self._running.append(server)
        return server

    @staticmethod
    def _ready(server, condition, seconds):
        """Returns the server as soon as `condition` holds."""
        name = server.process.args[0]
        end = time.monotonic() + seconds
        while not condition():
            if server.process.poll() is not None:
                log = server.log.read_text(errors="replace")[-2000:]
                raise BenchmarkError(f"{name} ended with status {server.process.returncode} while starting:\n{log}")
            if time.monotonic() > end:
                raise BenchmarkError(f"{name} was not ready after {seconds} s")
            time.sleep(0.0002)
        return server


def spawn_pinned(core, command, output, environment=None, errors=subprocess.STDOUT):
    """Starts a process that may use one core only. A child inherits the mask, so no `taskset` has to be executed."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment
        )
    finally:
        os.sched_setaffinity(0, own)
