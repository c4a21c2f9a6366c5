"""Redis stops, or is slow: traffic goes on in the declared mode, and limits are shared again when it is back."""

import pytest

from harness import Load, calls, eventually, statuses
from harness.configs import CALL, CALL_COST, shared_limits, stored
from harness.delays import DelayProxy

BACK = 45.0
REPLICAS = 3

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def proxy(own_redis):
    """Stands between the replicas and Redis."""
    with DelayProxy(own_redis.port) as proxy:
        yield proxy


@pytest.fixture
def start(launch_replicas, manage, postgres, proxy):
    """start(fallback, **fields of the key) -> addresses of three replicas, their management, a key that all know."""

    def start(fallback: str, deadline_ms: int = 1000, **fields):
        shared = shared_limits(proxy.port, mode="strict", when_unavailable=fallback, deadline_ms=deadline_ms)
        replicas = launch_replicas(REPLICAS, stored(postgres.database(), shared))
        managements = [manage(replica) for replica in replicas]
        key = managements[0].key_for(**fields)
        for replica in replicas:
            eventually(lambda: manage(replica, key).send("GET", "/v1/models").status_code == 200, within=15)
        return replicas, managements, key

    return start


def urls(replicas) -> list[str]:
    return [replica.url for replica in replicas]


def is_away(replica, key: str) -> bool:
    """Calls until the replica has noticed."""
    calls(replica.url, key, 1, CALL)
    return "limits are not shared" in replica.output()


def is_back(replica) -> bool:
    return replica.output().rfind("limits are shared through Redis") > replica.output().rfind("limits are not shared")


@pytest.mark.parametrize(
    ("fallback", "passing", "refusal"), [("fail_open", 90, 429), ("local", 30, 429), ("fail_closed", 0, 503)]
)
def test_the_declared_mode_holds_while_redis_is_away(start, proxy, manage, fallback, passing, refusal):
    replicas, managements, other = start(fallback, rpm_limit=1_000_000)
    key = managements[0].key_for(rpm_limit=90)
    for replica in replicas:
        eventually(lambda: manage(replica, key).send("GET", "/v1/models").status_code == 200, within=15)
    proxy.cut()
    for replica in replicas:
        eventually(lambda: is_away(replica, other), within=BACK, every=0.2)
    for replica in replicas:
        counts = statuses(calls(replica.url, key, 120, CALL))
        assert counts == {status: count for status, count in ((200, passing), (refusal, 120 - passing)) if count}

    proxy.mend()
    # What passed meanwhile counts from now on, and limits are shared again.
    free = managements[0].key_for(rpm_limit=60)
    for replica in replicas:
        eventually(lambda: is_back(replica), within=BACK, every=0.2)
        eventually(lambda: manage(replica, free).send("GET", "/v1/models").status_code == 200, within=15)
    assert statuses(calls(urls(replicas), free, 200, CALL))[200] == 60
    for replica in replicas:
        # One line when it went, one when it came back; not one for each call.
        assert replica.output().count("Redis") < 30


@pytest.mark.parametrize("how", ["stopped", "frozen", "slow"])
def test_traffic_goes_on(start, proxy, own_redis, how):
    """With the usual deadline of 5 ms: nobody waits for a Redis that does not answer in time."""
    replicas, managements, key = start("local", deadline_ms=5, rpm_limit=1_000_000, max_budget=1000)
    with Load(urls(replicas), key, CALL, callers=6, pause=0.02) as load:
        eventually(lambda: len(load.whole) > 50, within=30)
        if how == "stopped":
            own_redis.stop()
        elif how == "frozen":
            own_redis.freeze()
        else:
            proxy.delay = 0.1
        count = len(load.whole)
        eventually(lambda: len(load.whole) > count + 300, within=60)
        if how == "stopped":
            own_redis.start()
        elif how == "frozen":
            own_redis.thaw()
        else:
            proxy.delay = 0.0
        count = len(load.whole)
        eventually(lambda: len(load.whole) > count + 100, within=60)
        outcomes = load.stop()
    assert set(statuses(outcomes)) == {200}, statuses(outcomes)
    # Nothing is lost: every call is booked, at its price.
    expected = len(outcomes)
    eventually(
        lambda: round(managements[0].info(key)["total_spend"] / CALL_COST) == expected, within=BACK, every=0.5
    )


def test_starts_without_redis(launch_gateway, manage, own_redis):
    own_redis.stop()
    gateway = launch_gateway(stored(None, shared_limits(own_redis.port, when_unavailable="local")))
    key = manage(gateway).key_for(rpm_limit=5)
    assert statuses(calls(gateway.url, key, 20, CALL)) == {200: 5, 429: 15}
    own_redis.start()
    own_redis.wait_for_clients(1, within=BACK)


def test_a_budget_is_kept_while_redis_is_away(start, proxy, manage):
    """Each replica may spend its part of what was left: together no more than the budget."""
    replicas, managements, other = start("local", rpm_limit=1_000_000)
    key = managements[0].key_for(max_budget=0.9)
    for replica in replicas:
        eventually(lambda: manage(replica, key).send("GET", "/v1/models").status_code == 200, within=15)
        assert calls(replica.url, key, 1, CALL)[0].status == 200
    proxy.cut()
    for replica in replicas:
        eventually(lambda: is_away(replica, other), within=BACK, every=0.2)
    counts = statuses(calls(urls(replicas), key, 300, CALL))
    assert set(counts) == {200, 422}
    assert (counts[200] + REPLICAS) * CALL_COST <= 0.9
    assert counts[200] >= 30
    proxy.mend()
    total = counts[200] + REPLICAS
    eventually(lambda: round(managements[0].info(key)["total_spend"] / CALL_COST) == total, within=BACK, every=0.5)
