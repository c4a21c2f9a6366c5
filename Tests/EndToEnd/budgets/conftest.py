"""Money exactly: JSON with decimals in place of floats."""

import json
from decimal import Decimal

import pytest

from harness import Management


class Books:
    """What a gateway says was spent, in exact dollars."""

    def __init__(self, management: Management):
        self.management = management

    def read(self, path: str, **query):
        answer = self.management.send("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text, parse_float=Decimal)

    def key(self, key: str) -> Decimal:
        return self.read("/key/info", key=key)["info"]["total_spend"]

    def user(self, user: str) -> dict:
        return self.read("/user/spend", user_id=user)

    def everything(self) -> Decimal:
        return self.read("/global/spend")["spend"]


@pytest.fixture
def books():
    """books(management) -> Books."""
    return Books
