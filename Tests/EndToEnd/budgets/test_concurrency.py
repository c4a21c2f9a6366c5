"""Many callers at once on a budget of a dollar."""

from decimal import Decimal

import pytest

from budgets.calls import BOUNDED, COST, UNBOUNDED, is_reserved
from harness import calls, eventually, statuses
from harness.configs import shared_limits, stored

DOLLAR = Decimal("1.00")
CALLERS = 500


@pytest.fixture(params=["one", "three on Redis"])
def replicas(request, launch_gateway, launch_replicas):
    """One gateway, then three that share PostgreSQL and Redis."""
    if request.param == "one":
        return [launch_gateway(stored(None))]
    database = request.getfixturevalue("postgres").database()
    redis = request.getfixturevalue("redis")
    # What holds while Redis does not answer in time is another test's.
    return launch_replicas(3, stored(database, shared_limits(redis.port, deadline_ms=2000)))


def known_everywhere(replicas, manage, key) -> None:
    for replica in replicas:
        eventually(lambda: manage(replica).send("GET", "/v1/models").status_code == 200)
        eventually(lambda: manage(replica, key).send("GET", "/v1/models").status_code == 200)


def settled(books, management, key, count: int) -> Decimal:
    """The key's spend, once all its calls are booked."""
    eventually(lambda: books(management).key(key) == count * COST, within=30)
    return books(management).key(key)


def test_spends_what_there_is_and_never_more(replicas, manage, books):
    management = manage(replicas[0])
    key = management.key_for(max_budget=1.0)
    known_everywhere(replicas, manage, key)
    urls = [replica.url for replica in replicas]
    passed = 0
    # The first wave takes nearly all; the next ones what calls under way had set aside in vain.
    for _ in range(4):
        outcomes = calls(urls, key, CALLERS, BOUNDED)
        counts = statuses(outcomes)
        assert set(counts) <= {200, 422}, counts
        passed += counts.get(200, 0)
        assert passed * COST <= DOLLAR
    assert passed * COST >= Decimal("0.90")
    assert settled(books, management, key, passed) <= DOLLAR


def test_goes_over_by_one_call_at_most_without_max_tokens(replicas, manage, books):
    """The bound of such a call is far above the budget, so each goes alone."""
    management = manage(replicas[0])
    budget = Decimal("0.05")
    key = management.key_for(max_budget=0.05)
    known_everywhere(replicas, manage, key)
    urls = [replica.url for replica in replicas]
    passed = 0

    def is_used_up():
        nonlocal passed
        outcomes = calls(urls, key, 60, UNBOUNDED)
        assert set(statuses(outcomes)) <= {200, 422}, statuses(outcomes)
        passed += statuses(outcomes).get(200, 0)
        assert (passed - 1) * COST < budget
        return passed * COST >= budget

    eventually(is_used_up, within=40, every=0.05)

    def is_told():
        """Once the replicas have told each other what the last calls cost."""
        outcomes = calls(urls, key, 20, UNBOUNDED)
        assert statuses(outcomes) == {422: 20}
        return not any(is_reserved(outcome) for outcome in outcomes)

    eventually(is_told, within=20, every=0.2)
    assert settled(books, management, key, passed) <= budget + COST


def test_a_users_budget_is_one_for_all_keys(replicas, manage, books):
    management = manage(replicas[0])
    user = management.user(max_budget=0.5)
    keys = [management.key_for(user_id=user) for _ in range(3)]
    for key in keys:
        known_everywhere(replicas, manage, key)
    urls = [replica.url for replica in replicas]
    passed = sum(statuses(calls(urls, key, 60, BOUNDED)).get(200, 0) for key in keys)
    assert Decimal("0.40") <= passed * COST <= Decimal("0.50")
    eventually(lambda: books(management).user(user)["total_spend"] == passed * COST, within=30)


def test_strict_mode_shortens_answers_in_place_of_going_over(launch_gateway, manage, books, mock):
    gateway = launch_gateway(stored(None, general="budget_mode: strict"))
    management = manage(gateway)
    key = management.key_for(max_budget=0.05)
    # Words that the mock says again, as far as it is allowed to.
    long = UNBOUNDED | {"messages": [{"role": "user", "content": "word " * 40}]}
    outcomes = [outcome for _ in range(5) for outcome in calls(gateway.url, key, 40, long, callers=8)]
    assert set(statuses(outcomes)) <= {200, 422}
    assert 200 in statuses(outcomes)
    assert mock.requests()
    assert all('"max_tokens"' in request["body"] for request in mock.requests())
    spent = sum(
        Decimal(outcome.headers["x-litellm-response-cost"]) for outcome in outcomes if outcome.status == 200
    )
    assert Decimal("0.04") <= spent <= Decimal("0.05")
    eventually(lambda: books(management).key(key) == spent, within=30)
