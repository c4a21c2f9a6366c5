"""Many virtual keys in a SQLite database, faster than the API would make them."""

import hashlib
import json
import secrets
import sqlite3
import urllib.request

from . import BenchmarkError
from .servers import MASTER_KEY


def generate(port, fields):
    """One key made by the API: the key itself."""
    return post(port, "/key/generate", fields)["key"]


def post(port, path, fields):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        data=json.dumps(fields).encode(),
        headers={"authorization": f"Bearer {MASTER_KEY}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def get(port, path):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"authorization": f"Bearer {MASTER_KEY}"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def multiply(database, key, count):
    """Copies the row of `key` until there are `count` keys, each with a value of its own; gives all of them.

    The server must not be running: it would not hear of these changes.
    """
    template = hashlib.sha256(key.encode()).hexdigest()
    keys = [key]
    with sqlite3.connect(database) as connection:
        connection.row_factory = sqlite3.Row
        table = _table(connection, template)
        row = dict(connection.execute(f"SELECT * FROM {table} WHERE id = ?", (template,)).fetchone())
        rows = []
        for _ in range(count - 1):
            value = "sk-" + secrets.token_urlsafe(16)
            keys.append(value)
            rows.append(_copy(row, template, value))
        columns = list(row)
        places = ", ".join("?" for _ in columns)
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
    return keys


def _table(connection, template):
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in tables:
        columns = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
        if {"id", "document"} <= columns:
            if connection.execute(f"SELECT 1 FROM {name} WHERE id = ?", (template,)).fetchone():
                return name
    raise BenchmarkError("the key that was made is in no table")


def _copy(row, template, value):
    digest = hashlib.sha256(value.encode()).hexdigest()
    copy = dict(row)
    for name, old in row.items():
        if isinstance(old, str):
            copy[name] = old.replace(template, digest).replace(row_name(row), f"sk-...{value[-4:]}")
    return list(copy.values())


def row_name(row):
    return json.loads(row["document"])["name"]
