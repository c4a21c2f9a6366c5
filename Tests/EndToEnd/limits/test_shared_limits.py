"""Three gateways on one Redis: limits are of all together, and hold in the declared mode while Redis is away."""

import threading
import time

import pytest

from harness import MASTER_KEY, calls, eventually, statuses
from harness.configs import CALL, shared_limits, stored
from harness.delays import DelayProxy

pytestmark = pytest.mark.timeout(180)

REPLICAS = 3
LIMIT = 100
SLOW = {"model": "m", "messages": [{"role": "user", "content": 'Hello mock:{"delay":1500}'}], "max_tokens": 10}
SHARED = "limits are shared through Redis"
AWAY = "limits are not shared"


@pytest.fixture
def launch(launch_replicas):
    """launch(port, general, ...) -> gateways that know of each other; a busy machine is no Redis that is away."""

    def start(port: int, general: str, deadline_ms: int = 3000, **settings):
        config = stored(None, shared_limits(port, deadline_ms=deadline_ms, **settings), general=general)
        replicas = launch_replicas(REPLICAS, config)
        for replica in replicas:
            eventually(lambda: SHARED in replica.output())
        # Each is heard of by the others once a second.
        time.sleep(1.5)
        return replicas

    return start


def urls(replicas) -> list[str]:
    return [replica.url for replica in replicas]


def passed(replicas, count: int, body: dict = CALL, **options) -> int:
    counts = statuses(calls(urls(replicas), MASTER_KEY, count, body, **options))
    assert set(counts) <= {200, 429}, counts
    return counts.get(200, 0)


def test_strict_lets_exactly_the_limit_pass(redis, launch):
    replicas = launch(redis.port, f"global_max_rpm: {LIMIT}", mode="strict")
    outcomes = calls(urls(replicas), MASTER_KEY, 1000, CALL)
    assert statuses(outcomes) == {200: LIMIT, 429: 1000 - LIMIT}
    refused = next(outcome for outcome in outcomes if outcome.status == 429)
    assert 0 < int(refused.headers["retry-after"]) <= 61
    assert refused.headers["x-ratelimit-limit-requests"] == str(LIMIT)
    assert refused.headers["x-ratelimit-remaining-requests"] == "0"
    assert "Limit type: requests. Current limit: 100, Remaining: 0" in refused.json["error"]["message"]


def test_lease_keeps_to_its_bound(redis, launch):
    replicas = launch(redis.port, f"global_max_rpm: {LIMIT}", mode="lease")
    slice_of_each = LIMIT // (20 * REPLICAS)
    count = passed(replicas, 1000)
    assert LIMIT * 9 // 10 <= count <= LIMIT + REPLICAS * slice_of_each
    assert passed(replicas, 60) <= LIMIT + REPLICAS * slice_of_each - count


def test_a_keys_limit_is_of_all_replicas(postgres, redis, launch_replicas, manage):
    replicas = launch_replicas(
        REPLICAS, stored(postgres.database(), shared_limits(redis.port, mode="strict", deadline_ms=3000))
    )
    keys = [manage(replicas[0]).key_for(rpm_limit=20), manage(replicas[0]).key_for(tpm_limit=10_000)]
    for replica in replicas:
        for key in keys:
            eventually(lambda: manage(replica, key).send("GET", "/v1/models").status_code == 200)
    assert statuses(calls(urls(replicas), keys[0], 200, CALL)) == {200: 20, 429: 180}
    # One key's limit is none of another's.
    assert statuses(calls(urls(replicas), keys[1], 30, CALL)) == {200: 30}


@pytest.mark.parametrize("mode", ["strict", "lease"])
def test_never_more_at_once_than_may(redis, launch, mock, mode):
    replicas = launch(redis.port, "global_max_parallel_requests: 10", mode=mode)
    body = SLOW | {"messages": [{"role": "user", "content": 'Hello mock:{"delay":40}'}]}
    most, is_over = [0], threading.Event()

    def watch() -> None:
        while not is_over.is_set():
            most[0] = max(most[0], mock.stats()["requests_running"])

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    count = passed(replicas, 1500, body, callers=60)
    is_over.set()
    watcher.join()
    # The one who asks is a request of the mock's, too.
    assert 1 < most[0] <= 10 + 1
    assert count > 50
    # Every slot came back.
    eventually(lambda: passed(replicas[:1], 10, SLOW) == 10, every=0.5)


def test_slots_of_a_killed_replica_come_back(redis, launch, mock):
    replicas = launch(redis.port, "global_max_parallel_requests: 6", mode="strict")
    lost = threading.Thread(
        target=lambda: calls(replicas[0].url, MASTER_KEY, 6, SLOW | {"messages": hanging()}), daemon=True
    )
    lost.start()
    eventually(lambda: mock.stats()["requests_running"] >= 6)
    assert passed(replicas[1:], 4) == 0
    replicas[0].kill()
    started = time.monotonic()
    eventually(lambda: passed(replicas[1:], 6, SLOW) == 6, within=30, every=0.5)
    assert time.monotonic() - started > 5
    lost.join(10)


def hanging() -> list[dict]:
    return [{"role": "user", "content": 'Hello mock:{"delay":30000}'}]


@pytest.mark.parametrize("how", ["stopped", "frozen", "slow"])
@pytest.mark.parametrize(
    "policy, expected", [("fail_open", {200: 180, 429: 120}), ("fail_closed", {503: 300}), ("local", {200: 60, 429: 240})]
)
def test_the_declared_mode_holds_while_redis_is_away(own_redis, launch, how, policy, expected):
    """A hundred calls for each: fail_open lets each replica have the whole limit, local a third of it."""
    with DelayProxy(own_redis.port) as proxy:
        # Short enough for a slow Redis to be seen, long enough for a busy machine.
        replicas = launch(
            proxy.port, "global_max_rpm: 60", deadline_ms=90, mode="strict", when_unavailable=policy
        )
        if how == "stopped":
            own_redis.stop()
        elif how == "frozen":
            own_redis.freeze()
        else:
            proxy.delay = 0.2
        started = time.monotonic()
        outcomes = [
            outcome for replica in replicas for outcome in calls(replica.url, MASTER_KEY, 100, CALL, callers=5)
        ]
        assert statuses(outcomes) == expected
        assert time.monotonic() - started < 20
        for replica in replicas:
            eventually(lambda: AWAY in replica.output())
        if policy == "fail_closed":
            assert outcomes[-1].json["error"]["code"] == "limits_unavailable"

        if how == "stopped":
            own_redis.start()
        elif how == "frozen":
            own_redis.thaw()
        else:
            proxy.delay = 0.0
        for replica in replicas:
            eventually(lambda: replica.output().count(SHARED) >= 2, within=30)
        # What passed meanwhile counts: nothing is left of the minute's limit, or all of it.
        eventually(lambda: passed(replicas, 30) <= 60 - min(60, expected.get(200, 0)), within=5)
        # A change is a line, a call is none.
        for replica in replicas:
            assert replica.output().count(AWAY) <= 3


def test_redis_away_at_start_is_no_reason_not_to_start(own_redis, launch_replicas):
    own_redis.stop()
    config = stored(None, shared_limits(own_redis.port, mode="strict"), general="global_max_rpm: 30")
    replicas = launch_replicas(REPLICAS, config)
    assert passed(replicas, 30) == 30
    assert all(AWAY in replica.output() for replica in replicas)
    own_redis.start()
    for replica in replicas:
        eventually(lambda: SHARED in replica.output(), within=30)
    eventually(lambda: passed(replicas, 3) == 0, within=5)
