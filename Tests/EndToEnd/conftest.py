"""Fixtures of all end-to-end tests. How to use them stands in `harness/__init__.py`."""

import os
import resource
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import Process, start_gateway, start_mock
from harness.stores import *  # noqa: F403  (fixtures)

# A thousand clients are two thousand sockets in the gateway; children inherit the limit.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(_soft, min(_hard, 16_384)), _hard))

# Nothing of the developer's own environment may reach the SDKs: neither a proxy nor a real account.
for _name in list(os.environ):
    if _name.lower().endswith("_proxy") or _name.startswith(("OPENAI_", "ANTHROPIC_", "LANGCHAIN_", "LANGSMITH_")):
        del os.environ[_name]


@pytest.fixture(scope="session")
def shared_mock(tmp_path_factory):
    mock = start_mock(tmp_path_factory.mktemp("mock"), "--record")
    yield mock
    mock.stop()


@pytest.fixture
def mock(shared_mock):
    shared_mock.clear()
    return shared_mock


@pytest.fixture
def launch_gateway(tmp_path, shared_mock):
    launched = []

    def launch(config: str, *arguments: str, env: dict[str, str] | None = None, home=None, ready=200, **fields):
        text = fill(config, **({"mock": shared_mock.url} | fields))
        launched.append(start_gateway(tmp_path, text, *arguments, env=env, home=home, ready=ready))
        return launched[-1]

    yield launch
    end(launched)


@pytest.fixture
def launch_replicas(launch_gateway):
    """launch_replicas(count, config_text, ...) -> gateways on one database and Redis, started all at once."""

    def launch(count: int, config: str, *arguments: str, **options):
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(lambda _: launch_gateway(config, *arguments, **options), range(count)))

    return launch


@pytest.fixture
def relaunch():
    """relaunch(gateway) starts one anew that has ended, and ends it after the test."""
    launched = []

    def launch(gateway, *arguments: str, ready=200):
        launched.append(gateway.relaunch(*arguments, ready=ready))
        return launched[-1]

    yield launch
    end(launched)


@pytest.fixture
def launch_mock(tmp_path):
    launched = []

    def launch(*arguments: str):
        launched.append(start_mock(tmp_path, *arguments))
        return launched[-1]

    yield launch
    end(launched)


def fill(config: str, **fields) -> str:
    """Replaces `{name}` by each field; other braces stay (YAML has its own)."""
    for name, value in fields.items():
        config = config.replace("{" + name + "}", str(value))
    return config


def end(processes) -> None:
    """Stops those that the test has not ended itself."""
    for process in processes:
        if process in Process.running:
            process.stop()


def pytest_sessionfinish():
    for process in list(Process.running):
        process.kill()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    item.log_sizes = {process: process.log.stat().st_size for process in Process.running}
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for process in Process.running:
            text = process.output(since=item.log_sizes.get(process, 0))
            report.sections.append((f"{process.name} (pid {process.pid}) wrote", text[-6000:]))
