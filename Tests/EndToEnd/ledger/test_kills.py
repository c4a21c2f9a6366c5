"""`kill -9` under load, again and again: what clients got is in the ledger, once."""

import json
import subprocess
from collections import Counter
from decimal import Decimal

import pytest

from harness import Load, eventually
from harness.configs import CALL, CALL_COST, stored
from harness.processes import binary

COST = Decimal(str(CALL_COST))
NANO = 1_000_000_000
KILLS = 20


def whole(loads) -> list:
    return [outcome for load in loads for outcome in load.whole]


@pytest.mark.timeout(240)
def test_every_answer_is_in_the_ledger_once(launch_gateway, relaunch, manage, database_url, ledger):
    gateway = launch_gateway(stored(database_url))
    management = manage(gateway)
    user = management.user()
    key = management.key_for(user_id=user)
    token = management.info(key)["token"]
    bodies = [CALL, CALL | {"stream": True}]
    with Load(gateway.url, key, bodies[0], callers=8) as plain, Load(gateway.url, key, bodies[1], callers=8) as streams:
        for _ in range(KILLS):
            before = len(plain.whole), len(streams.whole)
            eventually(lambda: len(plain.whole) > before[0] + 20 and len(streams.whole) > before[1] + 20, within=30)
            gateway.kill()
            gateway = relaunch(gateway)
        loads = [plain, streams]
    outcomes = whole(loads)
    assert len(outcomes) >= KILLS * 40

    # The last ones are still on their way to the database.
    books = ledger(gateway)
    answered = [outcome.call_id for outcome in outcomes]
    assert len(set(answered)) == len(answered)
    eventually(lambda: set(answered) <= set(books.call_ids()), within=30, every=0.5)
    gateway.stop()

    counts = Counter(books.call_ids())
    assert {call for call in answered if counts[call] != 1} == set()
    assert [call for call, count in counts.items() if count > 1] == []

    # Sums equal records, to the nano-dollar: of whole answers, of all calls, and of what the gateway says.
    assert all(outcome.headers["x-litellm-response-cost"] == str(COST) for outcome in plain.whole)
    spent = books.value(f"select sum(cost) from calls where key_hash = '{token}'")
    assert spent >= len(outcomes) * COST * NANO
    recorded = books.value(f"select count(*) from calls where key_hash = '{token}' and outcome = 'success'")
    assert books.value("select sum(cost) from calls where outcome = 'success'") == recorded * COST * NANO
    books.assert_sums_follow()
    assert verify(gateway) == []

    gateway = relaunch(gateway)
    management = manage(gateway)
    answer = management.send("GET", "/user/spend", user_id=user)
    assert json.loads(answer.text, parse_float=Decimal)["total_spend"] * NANO == spent


def verify(gateway) -> list[str]:
    """What `martlet ledger verify` finds wrong."""
    result = subprocess.run(
        [binary("MARTLET_BIN", "martlet"), "ledger", "verify", "--json", "--config", str(gateway.config)],
        cwd=gateway.home, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )
    assert result.stdout, result.stderr
    return json.loads(result.stdout)["differences"]


@pytest.mark.timeout(120)
def test_a_stop_under_load_leaves_nothing_in_the_journal(launch_gateway, manage, database_url, ledger):
    gateway = launch_gateway(stored(database_url))
    key = manage(gateway).key_for()
    with Load(gateway.url, key, CALL, callers=16) as load:
        eventually(lambda: len(load.whole) > 200, within=30)
        gateway.stop()
        answered = [outcome.call_id for outcome in load.stop() if outcome.status == 200 and outcome.is_whole]
    counts = Counter(ledger(gateway).call_ids())
    assert {call for call in answered if counts[call] != 1} == set()
