"""A thousand callers at three replicas that share Redis: together they keep to one limit."""

import asyncio

import pytest

from harness import calls, eventually, fresh, statuses
from harness.configs import CALL, shared_limits, stored

CALLERS = 1000
REPLICAS = 3

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def start(launch_replicas, manage, postgres, redis):
    """start(mode, **fields) -> addresses of three replicas, management of the first, and a key that all know."""

    def start(mode: str, *sections: str, **fields):
        # Redis is given all the time that a busy machine takes: what holds without it is another test's.
        shared = shared_limits(redis.port, mode=mode, deadline_ms=5000)
        replicas = launch_replicas(REPLICAS, stored(postgres.database(), shared, *sections))
        management = manage(replicas[0])
        key = management.key_for(**fields)
        for replica in replicas:
            eventually(lambda: manage(replica, key).send("GET", "/v1/models").status_code == 200, within=15)
        return [replica.url for replica in replicas], management, key

    return start


def passed(outcomes) -> int:
    counts = statuses(outcomes)
    assert set(counts) <= {200, 429}, counts
    return counts.get(200, 0)


def test_requests_are_exact_in_strict_mode(start):
    urls, _, key = start("strict", rpm_limit=100)
    outcomes = calls(urls, key, CALLERS, CALL)
    assert passed(outcomes) == 100
    refused = next(outcome for outcome in outcomes if outcome.status == 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 61
    assert refused.headers["x-ratelimit-limit-requests"] == "100"


def test_requests_keep_to_the_stated_bound_in_lease_mode(start):
    """Slices of all replicas together are a twentieth of the limit: at most so many too much, or too few."""
    urls, _, key = start("lease", rpm_limit=100)
    first = passed(calls(urls, key, CALLERS, CALL))
    assert 95 <= first <= 105
    # What lies unused at one replica goes back, and is there for whoever comes next.
    total = first

    def is_used_up():
        nonlocal total
        more = passed(calls(urls, key, 6, CALL))
        total += more
        return more == 0 and total >= 100

    eventually(is_used_up, within=30, every=0.2)
    assert total <= 105


def test_tokens_are_exact_in_strict_mode(start):
    """Each call sets aside about its input and its max_tokens, and gives back what it did not use."""
    urls, _, key = start("strict", tpm_limit=2000)
    outcomes = calls(urls, key, 400, CALL | {"max_tokens": 50})
    used = sum(outcome.json["usage"]["total_tokens"] for outcome in outcomes if outcome.status == 200)
    assert 0 < used <= 2000
    assert passed(outcomes) < 400


def test_a_users_limit_is_one_for_all_keys_and_replicas(start):
    urls, management, _ = start("strict")
    user = management.user(rpm_limit=30)
    keys = [management.key_for(user_id=user) for _ in range(3)]
    for key in keys:
        for url in urls:
            eventually(lambda: management.__class__(url, key).send("GET", "/v1/models").status_code == 200, within=15)
    assert sum(passed(calls(urls, key, 60, CALL)) for key in keys) == 30


def test_the_gateways_own_limit(launch_replicas, manage, postgres, redis):
    shared = shared_limits(redis.port, mode="strict", deadline_ms=5000)
    text = stored(postgres.database(), shared, general="global_max_rpm: 50")
    replicas = launch_replicas(REPLICAS, text)
    key = manage(replicas[0]).key_for()
    for replica in replicas:
        eventually(lambda: manage(replica, key).send("GET", "/v1/models").status_code == 200, within=15)
    assert passed(calls([replica.url for replica in replicas], key, 300, CALL)) == 50


@pytest.mark.parametrize("mode", ["strict", "lease"])
def test_no_more_at_a_time_than_allowed(start, mock, mode):
    """The mock counts the most requests it ever had at once."""
    urls, _, key = start(mode, max_parallel_requests=10)
    slow = {"model": "m", "messages": [{"role": "user", "content": 'Hello mock:{"delay":300}'}]}
    highest, done = 0, False

    async def watch() -> None:
        nonlocal highest
        while not done:
            stats = await asyncio.to_thread(mock.stats)
            highest = max(highest, stats["requests_running"])
            await asyncio.sleep(0.02)

    async def run():
        nonlocal done
        from harness.load import burst

        watching = asyncio.ensure_future(watch())
        outcomes = []
        for _ in range(4):
            outcomes += await burst(urls, key, [slow] * 100, 100)
        done = True
        await watching
        return outcomes

    outcomes = asyncio.run(run())
    assert 1 <= highest <= 10
    assert passed(outcomes) >= 10
    refused = next(outcome for outcome in outcomes if outcome.status == 429)
    assert "max_parallel_requests" in refused.json["error"]["message"]
    # All slots are free again.
    eventually(lambda: passed(calls(urls, key, 6, CALL, callers=2)) == 6, within=20)


def test_a_replica_that_is_killed_gives_its_slots_back(launch_replicas, manage, postgres, redis, mock):
    shared = shared_limits(redis.port, deadline_ms=5000)
    replicas = launch_replicas(2, stored(postgres.database(), shared))
    key = manage(replicas[0]).key_for(max_parallel_requests=2, key_alias=fresh("slots"))
    eventually(lambda: manage(replicas[1], key).send("GET", "/v1/models").status_code == 200, within=15)
    slow = {"model": "m", "messages": [{"role": "user", "content": 'Hello mock:{"delay":20000}'}]}

    async def leave_hanging() -> None:
        from harness.load import Caller

        callers = [Caller(replicas[0].url, key) for _ in range(2)]
        tasks = [asyncio.ensure_future(caller.post(slow)) for caller in callers]
        await asyncio.to_thread(eventually, lambda: mock.stats()["requests_running"] == 2, 15)
        outcome = (await asyncio.to_thread(calls, replicas[1].url, key, 1, CALL))[0]
        assert outcome.status == 429
        replicas[0].kill()
        for task in tasks:
            await task

    asyncio.run(leave_hanging())
    eventually(lambda: calls(replicas[1].url, key, 1, CALL)[0].status == 200, within=60, every=0.5)
