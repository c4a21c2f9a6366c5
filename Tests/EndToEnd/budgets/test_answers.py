"""What budgets answer: who is over which budget, and what calls cost."""

from decimal import Decimal

import pytest

from budgets.calls import BOUNDED, COST, UNBOUNDED
from harness import calls, eventually, fresh
from harness.configs import stored


@pytest.fixture
def call(store):
    def one(key: str, body: dict = UNBOUNDED, **options):
        return calls(store.url, key, 1, body, **options)[0]

    return one


def exhausted(call, key, body: dict = UNBOUNDED, **options) -> dict:
    """Calls until the budget refuses; the error."""
    for _ in range(30):
        outcome = call(key, body, **options)
        if outcome.status != 200:
            break
    assert outcome.status == 422, outcome.body
    error = outcome.json["error"]
    assert error["type"] == "budget_exceeded"
    return error


def test_names_the_key(admin, call):
    alias = fresh("over-budget")
    error = exhausted(call, admin.key_for(key_alias=alias, max_budget=0.015))
    assert error["message"].startswith(f"Budget has been exceeded! Key={alias} Current cost: 0.02001, Max budget: 0.015")


def test_names_the_user(admin, call):
    user = admin.user(max_budget=0.015)
    error = exhausted(call, admin.key_for(user_id=user))
    assert error["message"].startswith(f"ExceededBudget: User={user} over budget. Spend=0.02001, Budget=0.015")


def test_names_the_team(admin, call):
    team = admin.team(max_budget=0.015)
    error = exhausted(call, admin.key_for(team_id=team))
    assert error["message"].startswith(f"Budget has been exceeded! Team={team} Current cost: 0.02001, Max budget: 0.015")


def test_names_the_end_user(admin, call):
    customer = fresh("customer")
    admin.post("/customer/new", {"user_id": customer, "max_budget": 0.015})
    key = admin.key_for()
    error = exhausted(call, key, UNBOUNDED | {"user": customer})
    assert error["message"].startswith(f"ExceededBudget: End User={customer} over budget. Spend=0.02001, Budget=0.015")
    assert call(key, UNBOUNDED | {"user": fresh("customer")}).status == 200
    assert call(key, headers={"x-litellm-end-user-id": customer}).status == 422


def test_names_the_tag(admin, call):
    tag = fresh("tag")
    admin.post("/tag/new", {"name": tag, "max_budget": 0.015})
    key = admin.key_for()
    error = exhausted(call, key, UNBOUNDED | {"metadata": {"tags": [tag]}})
    assert error["message"].startswith(f"Budget has been exceeded! Tag={tag} Current cost: 0.02001, Max budget: 0.015")
    assert call(key).status == 200


def test_names_the_model_within_a_key(admin, call):
    key = admin.key_for(model_max_budget={"m": {"budget_limit": 0.015, "time_period": "30d"}})
    error = exhausted(call, key)
    assert "exceeded budget for model=m" in error["message"]
    assert "0.015" in error["message"]
    assert call(key, UNBOUNDED | {"model": "other"}).status == 200


def test_says_that_a_call_is_too_dear_for_what_is_left(admin, call):
    key = admin.key_for(max_budget=0.015)
    assert call(key, BOUNDED).status == 200
    error = call(key, BOUNDED).json["error"]
    assert error["type"] == "budget_exceeded"
    assert "0.004995 is left" in error["message"]
    assert "max_tokens" in error["message"]
    assert call(key, BOUNDED | {"max_tokens": 3}).status == 200


def test_zero_is_nothing_and_null_is_no_budget(admin, call):
    key = admin.key_for(max_budget=0)
    assert call(key).status == 422
    admin.post("/key/update", {"key": key, "max_budget": None})
    assert call(key).status == 200
    assert admin.info(key)["max_budget"] is None
    admin.post("/key/update", {"key": key, "max_budget": 0})
    assert call(key).status == 422


def test_begins_anew_at_its_reset_time(admin, call, books):
    key = admin.key_for(max_budget=0.015, budget_duration="5s")
    assert admin.info(key)["budget_reset_at"]
    outcome = None

    def is_over():
        nonlocal outcome
        outcome = call(key)
        return outcome.status == 422

    eventually(is_over, within=60)
    message = outcome.json["error"]["message"]
    assert "(per 5s)" in message
    assert "Budget resets at: 20" in message
    assert 1 <= int(outcome.headers["retry-after"]) <= 5
    eventually(lambda: call(key).status == 200, within=30, every=0.2)
    eventually(lambda: books(admin).key(key) >= 3 * COST, within=30)


def test_several_windows_hold_together(admin, call):
    key = admin.key_for(
        budget_limits=[{"max_budget": 5, "budget_duration": "1h"}, {"max_budget": 0.015, "budget_duration": "30d"}]
    )
    assert "(per 30d)" in exhausted(call, key)["message"]


def test_an_admin_resets_a_users_budget(admin, call, books):
    user = admin.user(max_budget=0.015)
    key = admin.key_for(user_id=user)
    exhausted(call, key)
    eventually(lambda: books(admin).user(user)["total_spend"] == 2 * COST, within=30)
    answer = admin.post("/user/reset_budget", {"user_id": user})
    assert answer
    assert call(key).status == 200
    eventually(lambda: books(admin).user(user)["total_spend"] == 3 * COST, within=30)
    assert books(admin).user(user)["spend"] == COST
    # Nobody resets their own.
    assert admin.by(key).send("POST", "/user/reset_budget", {"user_id": user}).status_code in (401, 403)


def test_a_raised_budget_counts_at_once(admin, call):
    key = admin.key_for(max_budget=0.015)
    exhausted(call, key)
    admin.post("/key/update", {"key": key, "max_budget": 1})
    assert call(key).status == 200


# MARK: What answers tell


def test_headers_tell_what_a_call_cost(admin, call):
    key = admin.key_for(max_budget=2)
    headers = call(key, BOUNDED).headers
    assert headers["x-litellm-response-cost"] == str(COST)
    assert headers["x-litellm-response-cost-input"] == "0.000005"
    assert headers["x-litellm-response-cost-output"] == "0.01"
    assert headers["x-litellm-key-spend"] == str(COST)
    assert headers["x-litellm-key-max-budget"] == "2"
    assert call(key, BOUNDED).headers["x-litellm-key-spend"] == "0.02001"


def test_an_unknown_price_is_not_zero(admin, call):
    headers = call(admin.key_for(), BOUNDED | {"model": "unlisted"}).headers
    assert headers["x-martlet-price"] == "unknown"
    assert "x-litellm-response-cost" not in headers


def test_a_known_price_of_nothing_is_zero(admin, call):
    headers = call(admin.key_for(), BOUNDED | {"model": "free"}).headers
    assert headers["x-litellm-response-cost"] == "0"
    assert "x-martlet-price" not in headers


def test_the_price_table_prices_what_the_file_does_not(admin, call):
    headers = call(admin.key_for(), BOUNDED | {"model": "listed"}).headers
    # gpt-4o: 2.50 $ and 10 $ a million.
    assert Decimal(headers["x-litellm-response-cost"]) == 5 * Decimal("0.0000025") + 10 * Decimal("0.00001")


def test_a_stream_costs_what_it_used(admin, call, books):
    key = admin.key_for()
    outcome = call(key, BOUNDED | {"stream": True})
    assert outcome.is_whole
    eventually(lambda: books(admin).key(key) == COST, within=30)


# MARK: Sums


def test_sums_are_exact(admin, store, books):
    user = admin.user()
    keys = [admin.key_for(user_id=user) for _ in range(2)]
    before = books(admin).everything()
    for key, model in zip(keys, ["m", "other"]):
        assert all(outcome.status == 200 for outcome in calls(store.url, key, 30, BOUNDED | {"model": model}))
    total = 60 * COST
    eventually(lambda: books(admin).user(user)["total_spend"] == total, within=30)
    row = books(admin).user(user)
    assert row["model_spend"] == {"m": 30 * COST, "other": 30 * COST}
    for key in keys:
        assert books(admin).key(key) == 30 * COST
        own = books(admin.by(key)).read("/user/spend")
        assert own["user_id"] == user
        assert own["total_spend"] == total
    assert books(admin).everything() == before + total


def test_nobody_sees_anothers_spend(admin):
    one, other = admin.user(), admin.user()
    key = admin.key_for(user_id=one)
    assert admin.by(key).send("GET", "/user/spend", user_id=other).status_code in (401, 403)
    assert admin.by(key).send("GET", "/global/spend").status_code in (401, 403)
    assert admin.by(None).send("GET", "/user/spend").status_code == 401


def test_a_key_without_a_user_sees_its_own_spend(admin, call, books):
    key = admin.key_for(max_budget=3)
    call(key, BOUNDED)
    own = books(admin.by(key))
    eventually(lambda: own.read("/user/spend")["total_spend"] == COST, within=30)
    assert own.read("/user/spend")["max_budget"] == 3


# MARK: Gateways of their own


def test_a_budget_survives_a_restart(launch_gateway, relaunch, manage, books):
    gateway = launch_gateway(stored(None))
    key = manage(gateway).key_for(max_budget=0.015)
    assert [calls(gateway.url, key, 1, UNBOUNDED)[0].status for _ in range(3)] == [200, 200, 422]
    gateway.stop()
    gateway = relaunch(gateway)
    outcome = calls(gateway.url, key, 1, UNBOUNDED)[0]
    assert outcome.status == 422
    assert "0.02001" in outcome.json["error"]["message"]
    assert books(manage(gateway)).key(key) == 2 * COST


def test_the_gateways_own_budget(launch_gateway, manage):
    gateway = launch_gateway(stored(None, "litellm_settings:\n  max_budget: 0.015\n  budget_duration: 30d\n"))
    key = manage(gateway).key_for()
    assert [calls(gateway.url, key, 1, UNBOUNDED)[0].status for _ in range(2)] == [200, 200]
    outcome = calls(gateway.url, key, 1, UNBOUNDED)[0]
    assert outcome.status == 422
    assert outcome.json["error"]["message"].startswith(
        "Budget has been exceeded! Current cost: 0.02001, Max budget: 0.015"
    )


def test_a_providers_budget(launch_gateway, manage):
    settings = "router_settings:\n  provider_budget_config: {openai: {budget_limit: 0.015, time_period: 1d}}\n"
    gateway = launch_gateway(stored(None, settings))
    key = manage(gateway).key_for()
    assert [calls(gateway.url, key, 1, UNBOUNDED)[0].status for _ in range(2)] == [200, 200]
    outcome = calls(gateway.url, key, 1, UNBOUNDED)[0]
    assert outcome.status in (422, 429)
    assert "openai" in outcome.json["error"]["message"]
    claude = {"model": "claude", "messages": UNBOUNDED["messages"], "max_tokens": 10}
    assert calls(gateway.url, key, 1, claude)[0].status == 200


def test_another_status_for_budgets(launch_gateway, manage):
    gateway = launch_gateway(stored(None, "litellm_settings:\n  budget_exceeded_status_code: 402\n"))
    key = manage(gateway).key_for(max_budget=0)
    assert calls(gateway.url, key, 1, UNBOUNDED)[0].status == 402
