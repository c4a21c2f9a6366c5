"""The calls of the budget tests: a cent each, exactly `COST`."""

from decimal import Decimal

from harness.configs import CALL, CALL_COST

COST = Decimal(str(CALL_COST))
BOUNDED = CALL
UNBOUNDED = {name: value for name, value in CALL.items() if name != "max_tokens"}


def is_reserved(outcome) -> bool:
    """Refused because of calls under way only."""
    return outcome.status == 422 and "Requests under way" in outcome.json["error"]["message"]
