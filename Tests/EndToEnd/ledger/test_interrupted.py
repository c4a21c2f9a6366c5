"""Streams that end before their time cost what was relayed, and the record says that this is an estimate."""

from decimal import Decimal

import httpx
import pytest

from harness import ask, eventually
from harness.configs import stored

TOKEN = 1_000_000  # A token of output in nano-dollars.
ROW = "select outcome, is_cost_estimate, is_usage_estimate, cost, completion_tokens, status from calls"


@pytest.fixture
def gateway(launch_gateway, database_url):
    return launch_gateway(stored(database_url))


def stream(gateway, key: str, messages, chunks: int | None = None) -> int:
    """Reads so many events of a stream, or all there are, and leaves; how many it got."""
    body = {"model": "m", "messages": messages, "stream": True, "max_tokens": 200}
    headers = {"authorization": f"Bearer {key}"}
    read = 0
    with httpx.Client(timeout=30, trust_env=False) as client:
        try:
            with client.stream("POST", f"{gateway.url}/v1/chat/completions", json=body, headers=headers) as answer:
                assert answer.status_code == 200
                for line in answer.iter_lines():
                    read += line.startswith("data: {")
                    if read == chunks:
                        break
        except httpx.RemoteProtocolError:
            pass  # The provider broke it off.
    return read


def row(books) -> list[str]:
    return eventually(lambda: books.rows(ROW), within=30)[0]


def test_the_client_leaves(gateway, manage, ledger, mock):
    management = manage(gateway)
    key = management.key_for(max_budget=5)
    stream(gateway, key, ask(tokens=150, token_delay=50), chunks=10)
    outcome, is_cost_estimate, is_usage_estimate, cost, tokens, _ = row(ledger(gateway))
    assert outcome == "cancelled"
    assert (is_cost_estimate, is_usage_estimate) == ("1", "1")
    assert 5 <= int(tokens) < 150
    assert int(cost) >= int(tokens) * TOKEN
    # What was set aside for the rest is free again, and the provider was told to stop.
    spent = Decimal(cost) / 1_000_000_000
    eventually(lambda: Decimal(str(management.info(key)["total_spend"])) == spent, within=30)
    eventually(lambda: mock.stats()["streams_running"] == 0)


@pytest.mark.parametrize("how", [{"cut_after": 12}, {"error_after": 12}], ids=["cut", "error"])
def test_the_provider_breaks_off(gateway, manage, ledger, how):
    key = manage(gateway).key_for()
    stream(gateway, key, ask(tokens=150, token_delay=20, **how))
    outcome, is_cost_estimate, _, cost, tokens, _ = row(ledger(gateway))
    assert outcome == "failure"
    assert is_cost_estimate == "1"
    assert 5 <= int(tokens) < 150
    assert int(cost) >= int(tokens) * TOKEN
