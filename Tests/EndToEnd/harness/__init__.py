"""Starts `martlet` and `martlet-mock` for tests, and waits for facts.

    from harness import eventually, start_gateway, start_mock

    mock = start_mock(directory, "--record")                  # directory: a pathlib.Path for its log
    gateway = start_gateway(directory, config_text, "--log-level", "debug", env={"NAME": "value"})
    gateway.url                                               # http://127.0.0.1:PORT
    gateway.output()                                          # standard output and error so far
    eventually(lambda: mock.stats()["streams_running"] == 0)  # polls; fails after 10 s
    gateway.stop()                                            # SIGTERM, asserts exit status 0 (stop(expect=...) else)

Tests use the fixtures of `conftest.py` instead of the functions wherever they can:

    mock            one recording mock for the whole run; its list of requests is empty at the start of each test
    launch_gateway  launch_gateway(config_text, *arguments, env={}, **fields) -> Gateway, ended after the test.
                    "{mock}" in the text stands for the mock's address, and {name} for each further field given.
    launch_mock     launch_mock(*arguments) -> Mock of one's own, ended after the test
    launch_replicas launch_replicas(count, config_text, ...) -> several, each with a data directory of its own
    relaunch        relaunch(gateway) -> the same anew after its end, on the same port and data
    store, admin    a gateway with SQLite, then one with PostgreSQL, shared by many tests; its management (Management)
    backend, database_url   an empty database of each kind for gateways of one's own; manage(gateway) -> Management
    postgres, redis         real servers (servers.py); own_postgres, own_redis: servers that the test may stop or freeze

A test that fails shows what the processes wrote while it ran. The binaries are `MARTLET_BIN` and `MARTLET_MOCK_BIN`,
else those of `.build/debug`.
"""

from .load import Load, Outcome, calls, statuses
from .management import MASTER_KEY, Management, fresh
from .polling import eventually, never
from .processes import Gateway, Mock, Process, binary, free_port, start_gateway, start_mock
from .prompts import Streamed, ask, worded

__all__ = [
    "MASTER_KEY", "Gateway", "Load", "Management", "Mock", "Outcome", "Process", "Streamed", "ask", "binary", "calls",
    "eventually", "free_port", "fresh", "never", "start_gateway", "start_mock", "statuses", "worded",
]
