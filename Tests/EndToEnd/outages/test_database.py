"""The database stops, hangs, or is not there: model traffic goes on, nothing is lost, and it comes back by itself.

The outage lasts some seconds; with FULL=1 in the environment a minute.
"""

import os
import time
from collections import Counter

import pytest

from harness import MASTER_KEY, Load, calls, eventually, statuses
from harness.configs import CALL, CALL_COST, stored

OUTAGE = 60.0 if os.environ.get("FULL") else 6.0
# Reconnecting backs off; a busy machine may take its time.
BACK = 45.0

pytestmark = pytest.mark.timeout(240)

WITHOUT = "allow_requests_on_db_unavailable: true"


def booked(postgres, database: str) -> Counter:
    text = postgres.query("select call_id from calls", database.rsplit("/", 1)[1])
    return Counter(text.splitlines())


def readiness(gateway) -> int:
    return gateway.get("/health/readiness")[0]


@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_traffic_goes_on_and_nothing_is_lost(own_postgres, launch_gateway, manage, how):
    database = own_postgres.database()
    gateway = launch_gateway(stored(database, general=WITHOUT))
    management = manage(gateway)
    key = management.key_for(max_budget=1000)
    with Load(gateway.url, key, CALL, callers=8, pause=0.01) as load:
        eventually(lambda: len(load.whole) > 50, within=30)
        own_postgres.stop() if how == "stopped" else own_postgres.freeze()
        before = len(load.outcomes)
        end = time.monotonic() + OUTAGE
        # Calls go on during the whole of it.
        while time.monotonic() < end:
            count = len(load.whole)
            eventually(lambda: len(load.whole) > count, within=20)
            time.sleep(0.2)
        assert len(load.outcomes) > before + 20
        assert readiness(gateway) == 200
        own_postgres.start() if how == "stopped" else own_postgres.thaw()
        eventually(lambda: management.send("GET", "/key/info", key=key).status_code == 200, within=BACK, every=0.5)
        count = len(load.whole)
        eventually(lambda: len(load.whole) > count + 20, within=20)
        outcomes = load.stop()
    assert set(statuses(outcomes)) == {200}, statuses(outcomes)
    assert all(outcome.is_whole for outcome in outcomes)

    answered = {outcome.call_id for outcome in outcomes}
    eventually(lambda: len(booked(own_postgres, database)) >= len(answered), within=BACK, every=0.5)
    counts = booked(own_postgres, database)
    assert {call: counts[call] for call in answered if counts[call] != 1} == {}
    eventually(lambda: round(management.info(key)["total_spend"] / CALL_COST) == len(answered), within=BACK, every=0.5)
    # A few lines, not one for each try.
    assert gateway.output().count("\n") < 60


def test_management_says_that_the_database_is_away(own_postgres, launch_gateway, manage):
    gateway = launch_gateway(stored(own_postgres.database(), general=WITHOUT))
    management = manage(gateway)
    key = management.key_for()
    own_postgres.stop()
    for method, path, body in (
        ("POST", "/key/generate", {}), ("GET", "/key/list", None), ("POST", "/key/block", {"key": key}),
        ("GET", "/user/spend", None), ("POST", "/user/new", {}),
    ):
        answer = management.send(method, path, body)
        assert answer.status_code == 503, (path, answer.status_code, answer.text)
        assert answer.json()["error"]["message"]
        assert "canary" not in answer.text
    assert calls(gateway.url, key, 1, CALL)[0].status == 200
    own_postgres.start()
    eventually(lambda: management.send("POST", "/key/generate", {}).status_code == 200, within=BACK, every=0.5)


def test_changes_count_after_the_database_is_back(own_postgres, launch_gateway, manage):
    database = own_postgres.database()
    near, far = (launch_gateway(stored(database, general=WITHOUT)) for _ in range(2))
    key = manage(near).key_for()
    eventually(lambda: calls(far.url, key, 1, CALL)[0].status == 200, within=15)
    own_postgres.stop()
    eventually(lambda: manage(far).send("GET", "/key/list").status_code == 503, within=15)
    own_postgres.start()
    eventually(lambda: manage(near).send("POST", "/key/block", {"key": key}).status_code == 200, within=BACK, every=0.5)
    eventually(lambda: calls(far.url, key, 1, CALL)[0].status == 401, within=BACK, every=0.5)


def test_readiness_follows_the_policy(own_postgres, launch_gateway, manage):
    database = own_postgres.database()
    strict = launch_gateway(stored(database))
    lenient = launch_gateway(stored(database, general=WITHOUT))
    own_postgres.stop()
    eventually(lambda: readiness(strict) == 503, within=20)
    assert readiness(lenient) == 200
    for gateway in (strict, lenient):
        assert gateway.get("/health/liveliness")[0] == 200
    own_postgres.start()
    eventually(lambda: readiness(strict) == 200, within=BACK)


def test_starts_without_its_database(own_postgres, launch_gateway, manage):
    """Models that the file declares are served, and it becomes whole when the database is there."""
    database = own_postgres.database()
    own_postgres.stop()
    gateway = launch_gateway(stored(database), ready=503)
    assert calls(gateway.url, MASTER_KEY, 1, CALL)[0].status == 200
    unknown = calls(gateway.url, "sk-nobody-knows-yet-whether", 1, CALL)[0]
    assert unknown.status == 503
    assert int(unknown.headers["retry-after"]) >= 1
    assert manage(gateway).send("POST", "/key/generate", {}).status_code == 503

    own_postgres.start()
    eventually(lambda: readiness(gateway) == 200, within=BACK)
    assert calls(gateway.url, "sk-nobody-knows-yet-whether", 1, CALL)[0].status == 401
    key = manage(gateway).key_for()
    outcome = calls(gateway.url, key, 1, CALL)[0]
    assert outcome.status == 200
    # What was called before the database was there is booked too.
    eventually(lambda: len(booked(own_postgres, database)) >= 2, within=BACK)


def test_starts_from_its_last_good_state(own_postgres, launch_gateway, relaunch, manage):
    """Keys that were known when it stopped work although the database is away."""
    database = own_postgres.database()
    gateway = launch_gateway(stored(database, general=WITHOUT))
    management = manage(gateway)
    key, blocked = management.key_for(rpm_limit=1000, models=["m"]), management.key_for()
    management.post("/key/block", {"key": blocked})
    assert calls(gateway.url, key, 1, CALL)[0].status == 200
    gateway.stop()
    own_postgres.stop()
    gateway = relaunch(gateway)
    assert calls(gateway.url, key, 1, CALL)[0].status == 200
    assert calls(gateway.url, key, 1, CALL | {"model": "other"})[0].status == 403
    assert calls(gateway.url, blocked, 1, CALL)[0].status == 401
    own_postgres.start()
    eventually(lambda: manage(gateway).send("POST", "/key/block", {"key": key}).status_code == 200, within=BACK)
    assert calls(gateway.url, key, 1, CALL)[0].status == 401
    eventually(lambda: len(booked(own_postgres, database)) >= 2, within=BACK)


def test_spend_is_part_of_the_last_good_state(own_postgres, launch_gateway, relaunch, manage):
    """A budget that is used up stays so, though the ledger cannot be asked."""
    gateway = launch_gateway(stored(own_postgres.database(), general=WITHOUT))
    key = manage(gateway).key_for(max_budget=CALL_COST * 2.5)

    def status() -> int:
        return calls(gateway.url, key, 1, CALL)[0].status

    eventually(lambda: status() != 200, within=15)
    refused = status()
    gateway.stop()
    own_postgres.stop()
    gateway = relaunch(gateway)
    assert [status() for _ in range(3)] == [refused] * 3
    own_postgres.start()
    eventually(lambda: readiness(gateway) == 200, within=BACK)
    assert status() == refused


def test_the_journal_waits_for_a_database_that_is_away_at_the_stop(own_postgres, launch_gateway, relaunch, manage):
    database = own_postgres.database()
    gateway = launch_gateway(stored(database, general=WITHOUT))
    key = manage(gateway).key_for()
    own_postgres.stop()
    outcomes = calls(gateway.url, key, 30, CALL)
    assert statuses(outcomes) == {200: 30}
    gateway.stop()
    own_postgres.start()
    relaunch(gateway)
    eventually(lambda: len(booked(own_postgres, database)) == 30, within=BACK)
    assert set(booked(own_postgres, database)) == {outcome.call_id for outcome in outcomes}


def test_replicas_may_start_on_an_empty_database_at_once(own_postgres, launch_replicas, manage):
    replicas = launch_replicas(3, stored(own_postgres.database()))
    key = manage(replicas[0]).key_for()
    for replica in replicas:
        eventually(lambda: calls(replica.url, key, 1, CALL)[0].status == 200, within=15)
