"""The ledger as it lies in the database."""

import sqlite3

import pytest


class Ledger:
    """The tables of a gateway's database, read past the gateway."""

    def __init__(self, gateway, postgres=None, database_url: str | None = None):
        self.gateway = gateway
        self.postgres = postgres
        self.database = database_url.rsplit("/", 1)[1] if database_url else None

    def rows(self, sql: str) -> list[tuple[str, ...]]:
        """Every value as text, NULL as the empty one."""
        if self.postgres:
            text = self.postgres.query(sql, self.database)
            return [tuple(line.split("|")) for line in text.splitlines()]
        connection = sqlite3.connect(f"file:{self.gateway.data / 'martlet.db'}?mode=ro", uri=True)
        try:
            return [tuple("" if value is None else str(value) for value in row) for row in connection.execute(sql)]
        finally:
            connection.close()

    def value(self, sql: str) -> int:
        return int(self.rows(sql)[0][0] or 0)

    def call_ids(self) -> list[str]:
        return [row[0] for row in self.rows("select call_id from calls")]

    def assert_sums_follow(self) -> None:
        """Both tables of sums are what the records add up to, for each key and user, by model."""
        for kind, column in (("key", "key_hash"), ("user", "user_id")):
            expected = self.rows(
                f"select {column}, coalesce(model_group, ''), sum(coalesce(cost, 0)), sum(prompt_tokens), count(*) "
                f"from calls where {column} is not null group by 1, 2"
            )
            for table in ("usage_total", "usage_hourly"):
                sums = self.rows(
                    "select id, model, sum(spend), sum(prompt_tokens), sum(calls) "
                    f"from {table} where kind = '{kind}' group by 1, 2"
                )
                assert sorted(sums) == sorted(expected), (table, kind)


@pytest.fixture
def ledger(request, backend, database_url):
    """ledger(gateway) -> Ledger, for the database of `database_url`."""
    return lambda gateway: Ledger(
        gateway, request.getfixturevalue("postgres") if backend == "postgres" else None, database_url
    )
