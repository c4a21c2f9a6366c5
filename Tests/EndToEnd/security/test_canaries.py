"""Keys turn up nowhere: neither in logs, errors and metrics, nor in the database and the files beside it."""

import re
import sqlite3

import httpx
import pytest

from harness import MASTER_KEY, ask, calls, eventually
from harness.configs import CALL, PROVIDER_KEY, stored

VIRTUAL_KEY = "sk-canary-virtual-key-4730-abcdefgh"
ROTATED_KEY = "sk-canary-rotated-key-4731-abcdefgh"
RUNTIME_KEY = "sk-canary-runtime-model-4732"
GUESS = "sk-canary-guess-4799"
PROMPT = "canary-prompt-4733"
CANARIES = re.compile(r"canary[\w-]*-47\d\d")


@pytest.fixture
def gateway(launch_gateway, database_url):
    return launch_gateway(stored(database_url), "--log-level", "trace", env={"MARTLET_SALT_KEY": "canary-salt-4734"})


@pytest.fixture
def management(gateway, manage):
    return manage(gateway)


def traffic(gateway, management, mock) -> list[httpx.Response]:
    """Every kind of answer, good and bad; those that show a new key once are left out."""
    management.post("/user/new", {"user_id": "u", "auto_create_key": False})
    management.post("/key/generate", {"key": VIRTUAL_KEY, "user_id": "u", "key_alias": "one", "max_budget": 1})
    quoted = f"Incorrect API key provided: {PROVIDER_KEY}."
    holder, guesser = management.by(VIRTUAL_KEY), management.by(GUESS)
    answers = []
    for asked in (
        ask(PROMPT), ask(status=401, message=quoted), ask(status=500, message=quoted), ask(cut_after=2),
        ask(error_after=2, message=quoted),
    ):
        for stream in (False, True):
            answers.append(holder.chat(messages=asked, stream=stream, max_tokens=10))
    answers += [
        holder.chat(model="nothing-of-the-kind"), guesser.chat(), guesser.send("GET", "/v1/models"),
        guesser.send("POST", "/key/generate", {}), holder.send("POST", "/key/generate", {"user_id": "somebody"}),
        holder.send("GET", "/user/spend"), holder.send("GET", "/key/info"),
        management.send("GET", "/key/info", key=VIRTUAL_KEY), management.send("GET", "/key/info", key=GUESS),
        management.send("GET", "/key/list", return_full_object="true"),
        management.send("POST", "/key/generate", {"key": VIRTUAL_KEY}),
        management.send("POST", "/key/generate", {"key": "sk-short"}),
        management.send("POST", "/key/generate", {"nonsense": 1}),
        management.send("POST", "/key/block", {"key": GUESS}),
        management.send("GET", "/user/info", user_id="u"),
        management.send("GET", "/metrics"), management.send("GET", "/model/info"),
        management.send("GET", "/health/readiness"), management.send("GET", "/openapi.json"),
        management.send("GET", "/no/such/route"),
    ]
    management.send("POST", "/key/regenerate", {"key": VIRTUAL_KEY, "new_key": ROTATED_KEY, "grace_period": "1h"})
    answers += [management.send("GET", "/spend/logs", summarize="false"), management.send("GET", "/audit")]
    return answers


def test_in_answers_and_logs(gateway, management, mock):
    answers = traffic(gateway, management, mock)
    assert any(answer.status_code == 200 for answer in answers)
    for answer in answers:
        said = answer.text + str(answer.headers)
        if PROMPT in (answer.request.content or b"").decode():
            said = said.replace(PROMPT, "")
        # `/key/info` says again what it was asked for, to whoever asked.
        if answer.request.url.path == "/key/info":
            said = said.replace(str(answer.request.url.params.get("key")), "")
        assert not CANARIES.search(said), (answer.request.method, answer.request.url, said[:2000])
    gateway.stop()
    assert not CANARIES.search(gateway.output()), CANARIES.search(gateway.output())


def test_in_the_database_and_the_files_beside_it(gateway, management, mock, backend, database_url, postgres):
    traffic(gateway, management, mock)
    model = {"model": "openai/gpt-4o", "api_base": f"{mock.url}/v1", "api_key": RUNTIME_KEY}
    management.send("POST", "/model/new", {"model_name": "runtime", "litellm_params": model})
    eventually(lambda: management.send("GET", "/user/spend", user_id="u").json()["total_spend"], within=30)

    def look():
        found = []
        for path in gateway.data.rglob("*"):
            if path.is_file() and (hit := CANARIES.search(path.read_bytes().decode("latin-1"))):
                found.append((path.name, hit.group()))
        return found

    assert look() == []
    gateway.stop()
    assert look() == []
    if backend == "postgres":
        dump = postgres.dump(database_url.rsplit("/", 1)[1])
        assert "INSERT INTO public.calls" in dump
    else:
        connection = sqlite3.connect(gateway.data / "martlet.db")
        dump = "\n".join(connection.iterdump())
        connection.close()
        assert 'INSERT INTO "calls"' in dump
    assert "openai/gpt-4o" in dump or "gpt-4o" in dump
    assert not CANARIES.search(dump), CANARIES.search(dump)


def test_a_model_added_at_run_time_works_from_its_sealed_key(gateway, management, mock, relaunch, manage):
    """The mock takes no other key than the one it is asked with; sealed and opened again it must be the same."""
    model = {"model": "openai/gpt-4o", "api_base": f"{mock.url}/v1", "api_key": RUNTIME_KEY}
    management.post("/model/new", {"model_name": "runtime", "litellm_params": model})
    key = management.key_for()
    assert calls(gateway.url, key, 1, CALL | {"model": "runtime"})[0].status == 200
    assert mock.last()["header"]["authorization"] == f"Bearer {RUNTIME_KEY}"
    gateway.stop()
    gateway = relaunch(gateway)
    assert calls(gateway.url, key, 1, CALL | {"model": "runtime"})[0].status == 200
    assert mock.last()["header"]["authorization"] == f"Bearer {RUNTIME_KEY}"


def test_files_are_for_their_owner_alone(gateway, management):
    management.key_for()
    for path in [gateway.data, *gateway.data.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_commands_list_no_key(gateway, management):
    key = management.key_for()
    answer = management.send("GET", "/key/list", return_full_object="true")
    assert key not in answer.text
    assert MASTER_KEY not in answer.text
