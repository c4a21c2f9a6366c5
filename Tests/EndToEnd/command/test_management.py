"""`martlet keys`, `martlet users`, `martlet ledger` and `--generate_key`, on both databases."""

import json
import subprocess

import pytest

from harness import MASTER_KEY, calls, eventually, fresh
from harness.configs import CALL, stored
from harness.processes import binary, with_data_directory


@pytest.fixture
def config(tmp_path, database_url, shared_mock):
    """A configuration on an empty database, without a gateway."""
    path = tmp_path / "config.yaml"
    text = stored(database_url).replace("{mock}", shared_mock.url)
    path.write_text(with_data_directory(text, tmp_path / "data"))
    return path


@pytest.fixture
def martlet(config):
    """martlet("keys", "list", ...) -> what it prints; `expect` is the exit status."""

    def run(*arguments: str, expect: int = 0) -> str:
        command = [binary("MARTLET_BIN", "martlet"), *arguments, "--config", str(config)]
        result = subprocess.run(
            command, cwd=config.parent, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin"},
        )
        assert result.returncode == expect, (result.returncode, result.stdout, result.stderr)
        assert MASTER_KEY not in result.stdout + result.stderr
        return result.stdout.strip() if expect == 0 else result.stderr.strip()

    return run


@pytest.fixture
def gateway(config, launch_gateway):
    """Starts the gateway on the same configuration."""
    return lambda: launch_gateway(config.read_text())


def call(gateway, key: str) -> int:
    return calls(gateway.url, key, 1, CALL)[0].status


def test_generate_key(martlet, gateway):
    key = martlet("--generate_key", "--user_id", "user1")
    assert key.startswith("sk-") and "\n" not in key
    running = gateway()
    assert call(running, key) == 200

    # Also while it runs.
    other = martlet("--generate_key", "--user_id", "user1")
    assert other != key
    eventually(lambda: call(running, other) == 200, within=15)
    rows = json.loads(martlet("keys", "list", "--user_id", "user1", "--json"))["keys"]
    assert len(rows) == 2
    assert all(row["user_id"] == "user1" for row in rows)


def test_keys_from_making_to_revoking(martlet, gateway):
    running = gateway()
    alias = fresh("ci")
    made = json.loads(martlet("keys", "create", "--alias", alias, "--max_budget", "2.50", "--json"))
    key = made["key"]
    assert made["key_alias"] == alias
    assert made["max_budget"] == 2.5
    eventually(lambda: call(running, key) == 200, within=15)

    table = martlet("keys", "list")
    assert alias in table and key not in table
    assert alias in martlet("keys", "info", key)

    martlet("keys", "block", key)
    eventually(lambda: call(running, key) == 401, within=15)
    martlet("keys", "unblock", key)
    eventually(lambda: call(running, key) == 200, within=15)

    new = martlet("keys", "rotate", key, "--grace_period", "1h")
    eventually(lambda: call(running, new) == 200, within=15)
    assert call(running, key) == 200
    assert martlet("keys", "revoke", key) == "1 key revoked"
    eventually(lambda: call(running, key) == 401, within=15)
    assert call(running, new) == 200
    assert json.loads(martlet("keys", "revoke", "--alias", alias, "--json"))["deleted_keys"]
    eventually(lambda: call(running, new) == 401, within=15)


def test_says_what_is_wrong(martlet):
    assert "nobody-has-this" not in martlet("keys", "list")
    assert "martlet: " in martlet("keys", "info", "sk-nobody-has-this-key", expect=1)
    martlet("keys", "create", "--max_budget", "much", expect=64)
    martlet("keys", "create", "--max_budget", "-1", expect=64)
    martlet("keys", "create", "--duration", "soon", expect=1)


def test_users(martlet, gateway):
    running = gateway()
    user = fresh("someone")
    lines = martlet("users", "create", user, "--role", "app_user", "--key").splitlines()
    assert lines[0] == user
    key = lines[1]
    eventually(lambda: call(running, key) == 200, within=15)
    rows = json.loads(martlet("users", "list", "--json"))["users"]
    assert user in [row["user_id"] for row in rows]
    assert user in martlet("users", "list")
    martlet("users", "create", user, expect=1)


def test_the_ledger_is_verified_and_made_anew(martlet, gateway):
    key = martlet("--generate_key", "--user_id", "user1")
    running = gateway()
    outcomes = calls(running.url, key, 20, CALL)
    assert all(outcome.status == 200 for outcome in outcomes)
    running.stop()
    assert martlet("ledger", "verify") == "the sums equal the 20 records"
    assert json.loads(martlet("ledger", "rebuild", "--json")) == {"records": 20}
    assert json.loads(martlet("ledger", "verify", "--json")) == {"records": 20, "differences": []}


def test_a_database_that_does_not_answer(martlet, config, backend, postgres):
    if backend == "sqlite":
        config.write_text(config.read_text().replace("general_settings:", 'general_settings:\n  database_url: "sqlite:////nowhere/at/all.db"'))
    else:
        config.write_text(config.read_text().replace(f":{postgres.port}/", ":1/"))
    complaint = martlet("keys", "list", expect=1)
    assert complaint.startswith("martlet: ")
    assert "canary" not in complaint
