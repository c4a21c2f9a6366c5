"""What a record says of a call, and how `/spend/logs` tells it."""

from decimal import Decimal

from harness import ask, calls, eventually, fresh
from harness.configs import CALL, CALL_COST


def record(admin, call_id: str) -> dict:
    """The call's row, once it is there."""
    return eventually(lambda: admin.logs(request_id=call_id), within=30)[0]


def test_says_who_called_what(admin, store):
    user, alias, tag = admin.user(), fresh("alias"), fresh("tag")
    key = admin.key_for(user_id=user, key_alias=alias)
    customer = fresh("customer")
    body = CALL | {"user": customer, "metadata": {"tags": [tag]}}
    outcome = calls(store.url, key, 1, body)[0]
    row = record(admin, outcome.call_id)
    assert row["api_key"] == admin.info(key)["token"]
    assert row["user"] == user
    assert row["end_user"] == customer
    assert tag in row["request_tags"]
    assert row["model_group"] == "m"
    assert row["model_id"] == "m-1"
    assert row["custom_llm_provider"] == "openai"
    assert row["prompt_tokens"] == 5
    assert row["completion_tokens"] == 10
    assert row["total_tokens"] == 15
    assert Decimal(str(row["spend"])) == Decimal(str(CALL_COST))
    assert row["status"] == "success"
    assert row["startTime"] <= row["endTime"]


def test_finds_calls_by_key_user_and_end_user(admin, store):
    user = admin.user()
    key = admin.key_for(user_id=user)
    token = admin.info(key)["token"]
    assert all(outcome.status == 200 for outcome in calls(store.url, key, 5, CALL))
    eventually(lambda: len(admin.logs(api_key=token)) == 5, within=30)
    assert len(admin.logs(user_id=user)) == 5
    ids = {row["request_id"] for row in admin.logs(api_key=token)}
    assert len(ids) == 5


def test_keeps_refused_and_failed_calls_at_no_cost(admin, store):
    key = admin.key_for(models=["m"])
    token = admin.info(key)["token"]
    refused = calls(store.url, key, 1, CALL | {"model": "other"})[0]
    failed = calls(store.url, key, 1, {"model": "m", "messages": ask(status=500), "max_tokens": 5})[0]
    assert (refused.status, failed.status) == (403, 500)
    eventually(lambda: len(admin.logs(api_key=token)) == 2, within=30)
    rows = admin.logs(api_key=token)
    assert all(row["spend"] == 0 for row in rows)
    assert {row["status"] for row in rows} == {"refused", "failure"}
    assert admin.info(key)["total_spend"] == 0


