"""A gateway on the chapter's configuration files, put one after the other; only addresses are replaced."""

import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest

from harness import start_gateway
from harness.processes import REPOSITORY, binary

FILES = REPOSITORY / "Tests/SettingsTests/Fixtures/chapter-7"
ADDRESS = "http://localhost:8000"
MASTER_KEY = "sk-1234"


def chapter(*names: str) -> str:
    return "\n".join((FILES / f"{name}.yaml").read_text(encoding="utf-8") for name in names)


@pytest.fixture
def start(tmp_path, shared_mock, redis, postgres):
    """start("authentication", ...) -> the gateway on the first configuration and these; `run` and `python` in its place."""
    started = []

    def start(*names: str) -> SimpleNamespace:
        text = chapter("configuration-file", *names)
        # On a busy machine an answer may take longer than the usual 5 ms; what holds then is another test's.
        text = text.replace("redis_port: 6379", f"redis_port: {redis.port}\n  deadline_ms: 2000")
        text = text.replace("postgresql://user:pass@host:5432/litellm", postgres.database())
        keys = {
            "OPENAI_API_KEY": "sk-canary-openai-4711", "OPENAI_BASE_URL": f"{shared_mock.url}/v1",
            "ANTHROPIC_API_KEY": "sk-ant-canary-4712", "ANTHROPIC_BASE_URL": shared_mock.url,
        }
        gateway = start_gateway(tmp_path, text, env=keys)
        started.append(gateway)
        # The chapter's program and file have names of their own.
        shutil.copy(gateway.config, gateway.home / "config.yaml")
        programs = tmp_path / "bin"
        programs.mkdir(exist_ok=True)
        (programs / "litellm").symlink_to(binary("MARTLET_BIN", "martlet"))
        environment = {"PATH": f"{programs}:{os.environ['PATH']}"} | keys

        def run(command: str) -> str:
            result = subprocess.run(
                ["sh", "-c", command], cwd=gateway.home, env=environment, capture_output=True, text=True, timeout=60
            )
            assert result.returncode == 0, result.stderr
            return result.stdout.strip()

        def python(source: str, **replaced: str) -> dict:
            """Runs an example; its variables."""
            for old, new in ({ADDRESS: gateway.url} | replaced).items():
                source = source.replace(old, new)
            variables: dict = {}
            exec(source, variables)
            return variables

        return SimpleNamespace(gateway=gateway, url=gateway.url, run=run, python=python)

    yield start
    for gateway in started:
        gateway.stop()
