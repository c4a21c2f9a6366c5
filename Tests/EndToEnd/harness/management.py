"""The management API as a test uses it: one line a request, statuses checked."""

import itertools

import httpx

MASTER_KEY = "sk-canary-master-4710"

_numbers = itertools.count(1)


def fresh(prefix: str) -> str:
    """A name that no other test of this run uses."""
    return f"{prefix}-{next(_numbers)}"


class Management:
    """Somebody who manages: `key` is the master key unless it is another's."""

    def __init__(self, url: str, key: str | None = MASTER_KEY):
        self.url = url
        self.key = key
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self.client = httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()

    def by(self, key: str | None) -> "Management":
        """The same gateway, seen by another."""
        return Management(self.url, key)

    def send(self, method: str, path: str, body=None, **query) -> httpx.Response:
        return self.client.request(method, path, json=body, params=query or None)

    def get(self, path: str, expect: int = 200, **query):
        return self._checked("GET", path, expect, None, query)

    def post(self, path: str, body=None, expect: int = 200, method: str = "POST", **query):
        return self._checked(method, path, expect, {} if body is None else body, query)

    def _checked(self, method: str, path: str, expect: int, body, query):
        answer = self.send(method, path, body, **query)
        assert answer.status_code == expect, f"{method} {path} {body or query}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    # What most tests begin with.

    def key_for(self, **fields) -> str:
        """A new key's secret."""
        return self.post("/key/generate", fields)["key"]

    def user(self, user_id: str | None = None, **fields) -> str:
        """A new user without a key."""
        body = {"user_id": user_id or fresh("user"), "auto_create_key": False} | fields
        return self.post("/user/new", body)["user_id"]

    def team(self, team_id: str | None = None, **fields) -> str:
        return self.post("/team/new", {"team_id": team_id or fresh("team")} | fields)["team_id"]

    def organization(self, **fields) -> str:
        body = {"organization_alias": fresh("organization")} | fields
        return self.post("/organization/new", body)["organization_id"]

    def info(self, key: str) -> dict:
        """`info` of a key."""
        return self.get("/key/info", key=key)["info"]

    def logs(self, **query) -> list[dict]:
        """Rows of `/spend/logs`."""
        return self.get("/spend/logs", summarize="false", **query)

    # Model traffic.

    def chat(self, model: str = "m", messages=None, **body) -> httpx.Response:
        from .prompts import ask

        return self.send("POST", "/v1/chat/completions", {"model": model, "messages": messages or ask()} | body)
