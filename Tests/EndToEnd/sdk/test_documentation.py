"""Every example of docs/clients.md runs as it is printed: only the address and the key are replaced.

The tests are named by the line an example begins at.
"""

import re
import subprocess
import sys

import pytest

from harness.processes import REPOSITORY

PAGE = REPOSITORY / "docs/clients.md"


def examples(language: str, beginning: str = ""):
    found = []
    for match in re.finditer(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.S | re.M):
        line = PAGE.read_text(encoding="utf-8")[: match.start()].count("\n") + 2
        if match[1].startswith(beginning):
            found.append(pytest.param(match[1], id=f"line {line}"))
    return found


@pytest.fixture
def adapted(gateway, key):
    return lambda text: text.replace("http://localhost:4000", gateway.url).replace("sk-martlet-quickstart", key)


@pytest.mark.parametrize("example", examples("python"))
def test_runs_as_printed(example, adapted, mock):
    run = subprocess.run([sys.executable, "-c", adapted(example)], capture_output=True, text=True, timeout=50)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()
    if "gpt-4p" in example:
        assert "model_not_found" in run.stdout and "gpt-4o" in run.stdout
    elif "chat" in example:
        assert mock.requests()


@pytest.mark.parametrize("example", examples("sh", "curl"))
def test_answers_curl_as_printed(example, adapted):
    run = subprocess.run(["sh", "-c", adapted(example)], capture_output=True, text=True, timeout=30)
    assert run.returncode == 0, run.stderr
    assert "Echo:" in run.stdout
    assert ("[DONE]" in run.stdout) == ("-N" in example)
