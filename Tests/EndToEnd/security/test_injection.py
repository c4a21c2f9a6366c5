"""SQL and LIKE patterns in every filter, name and path: data is data."""

import json
from urllib.parse import quote

import pytest

from harness import calls, eventually, fresh
from harness.configs import CALL

TEXTS = [
    "' OR '1'='1",
    "' OR 1=1 --",
    "x'; DROP TABLE calls; --",
    "x'); DELETE FROM keys; --",
    "') UNION SELECT document FROM keys --",
    "\" OR \"\"=\"",
    "%",
    "_%",
    "%%%' ESCAPE '",
    "\\",
    "\\' OR 1=1 #",
    "$1",
    "?",
    ":id",
    "a\0b",
    "\u02bc OR 1=1",
    "0; SELECT pg_sleep(60)",
    "{{7*7}}",
    "*",
]

# What a mistake would show: the names of what these tests have made, in any answer that asked for something else.
MARK = "planted"


@pytest.fixture
def planted(admin, store):
    """Something of every kind, so that a filter that lets everything through has something to show."""
    user = admin.user(fresh(f"{MARK}-user"), user_email=f"{MARK}@example.com")
    team = admin.team(fresh(f"{MARK}-team"), team_alias=fresh(f"{MARK}-team"))
    customer, tag = fresh(f"{MARK}-customer"), fresh(f"{MARK}-tag")
    key = admin.key_for(user_id=user, key_alias=fresh(f"{MARK}-key"), tags=[tag])
    body = CALL | {"user": customer, "metadata": {"tags": [tag]}}
    assert calls(store.url, key, 1, body)[0].status == 200
    eventually(lambda: admin.get("/user/spend", user_id=user)["total_spend"], within=30)
    return key


def descriptions(admin) -> list[tuple[str, dict]]:
    """Path and operation of every GET route of the management API."""
    document = admin.get("/openapi.json")
    found = [(path, item["get"]) for path, item in document["paths"].items() if "get" in item]
    assert len(found) > 20
    return found


def parameters(operation: dict, place: str) -> list[str]:
    return [parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == place]


def check(answer, what, text: str) -> None:
    assert answer.status_code < 500, (what, text, answer.status_code, answer.text[:300])
    if answer.status_code == 200:
        assert MARK not in answer.text, (what, text, answer.text[:500])
    for word in ("SQL", "syntax error", "sqlite", "SELECT document"):
        assert word not in answer.text.replace(text, "").replace(json.dumps(text)[1:-1], ""), (what, answer.text[:300])


# Those say how, not what: any text that they take shows the same things.
SHAPES = {"page", "page_size", "size", "limit", "sort_by", "sort_order", "format", "summarize", "return_full_object",
          "include_team_keys", "include_created_by_keys", "expand", "start_date", "end_date", "timezone"}


@pytest.mark.timeout(180)
def test_every_filter_of_every_list(admin, planted):
    tried = 0
    for path, operation in descriptions(admin):
        if "{" in path or path.startswith(("/v1/", "/health", "/docs", "/openapi")):
            continue
        for name in parameters(operation, "query"):
            for text in TEXTS[::5] if name in SHAPES else TEXTS:
                answer = admin.send("GET", path, **{name: text})
                if name in SHAPES:
                    assert answer.status_code < 500, (path, name, text, answer.text[:300])
                else:
                    check(answer, (path, name), text)
                tried += 1
    assert tried > 300
    # Everything is where it was.
    assert calls(admin.url, planted, 1, CALL)[0].status == 200
    assert admin.info(planted)["key_alias"].startswith(MARK)


def test_every_path_with_a_parameter(admin, planted):
    for path, _ in descriptions(admin):
        if "{" not in path or path.startswith("/v1/"):
            continue
        for text in TEXTS:
            place = path
            while "{" in place:
                start, end = place.index("{"), place.index("}")
                place = place[:start] + quote(text, safe="") + place[end + 1 :]
            check(admin.send("GET", place), path, text)
    assert calls(admin.url, planted, 1, CALL)[0].status == 200


@pytest.mark.parametrize("text", [text for text in TEXTS if "\0" not in text])
def test_names_come_back_as_they_were_given(admin, planted, text):
    name = f"{fresh('odd')} {text}"
    user = admin.user(name, user_alias=name)
    assert user == name
    key = admin.key_for(key_alias=name, user_id=user, metadata={"note": text})
    info = admin.info(key)
    assert (info["key_alias"], info["user_id"], info["metadata"]) == (name, name, {"note": text})
    found = admin.get("/key/list", key_alias=name, return_full_object="true")["keys"]
    assert [row["key_alias"] for row in found] == [name]
    found = admin.get("/key/list", user_id=name)["keys"]
    assert found == [info["token"]]
    assert calls(admin.url, key, 1, CALL | {"user": name})[0].status == 200
    eventually(lambda: admin.get("/user/spend", user_id=user)["total_spend"], within=30)
    admin.post("/user/delete", {"user_ids": [user]})
    admin.get("/user/info", expect=404, user_id=user)
    assert calls(admin.url, planted, 1, CALL)[0].status == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/key/block", lambda text: {"key": text}),
        ("/key/update", lambda text: {"key": text, "max_budget": 1}),
        ("/key/delete", lambda text: {"keys": [text]}),
        ("/key/delete", lambda text: {"key_aliases": [text]}),
        ("/user/update", lambda text: {"user_id": text, "max_budget": 1}),
        ("/user/delete", lambda text: {"user_ids": [text]}),
        ("/user/reset_budget", lambda text: {"user_id": text}),
        ("/team/delete", lambda text: {"team_ids": [text]}),
        ("/team/block", lambda text: {"team_id": text}),
        ("/budget/delete", lambda text: {"id": text}),
        ("/tag/delete", lambda text: {"name": text}),
        ("/customer/delete", lambda text: {"user_ids": [text]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_changes_touch_nothing_else(admin, planted, path, body):
    for text in TEXTS:
        answer = admin.send("POST", path, body(text))
        assert 400 <= answer.status_code < 500 or answer.status_code == 200, (path, text, answer.text[:300])
    info = admin.info(planted)
    assert info["blocked"] is None
    assert info["max_budget"] is None
    assert calls(admin.url, planted, 1, CALL)[0].status == 200


def test_models_and_tags_of_requests(admin, planted, store):
    for text in TEXTS:
        body = CALL | {"user": text, "metadata": {"tags": [text]}}
        assert calls(store.url, planted, 1, body)[0].status in (200, 400), text
        assert calls(store.url, planted, 1, CALL | {"model": text})[0].status in (400, 403, 404), text
    assert calls(store.url, planted, 1, CALL)[0].status == 200
