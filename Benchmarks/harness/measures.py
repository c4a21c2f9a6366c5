"""The measures of a run. Each returns plain numbers; what they must reach is in report.py."""

import shutil
import sqlite3
import statistics
import time
from contextlib import contextmanager
from pathlib import Path

from . import BenchmarkError, http, keys
from .machine import output_of, resident_megabytes
from .servers import BOOKS, MASTER_KEY, NO_BOOKS, Target

STREAMS = 500
TOKENS = 100
TOKEN_DELAY = 10
STARTS = 10
KEYS = 10_000
MANY_KEYS = 100_000
RECORDS = 1_000_000
QUERIES = 20

# Limits of each key, none of which is reached: every call is counted against all of them.
LIMITED = {
    "user_id": "bench-user",
    "max_budget": 1_000_000,
    "budget_duration": "30d",
    "rpm_limit": 100_000_000,
    "tpm_limit": 1_000_000_000_000,
    "max_parallel_requests": 100_000,
}


def plain(load, targets, seconds):
    """Requests a second at 64 connections and CPU microseconds a request."""
    samples = {}
    for target in targets:
        result = load.plain(target, seconds)
        samples[target.name] = {
            "rate": result["requests"] / result["seconds"],
            "cpu": result["cpu"] / result["requests"] * 1e6,
            "busy": result["cpu"] / result["seconds"],
        }
    return samples


def latency(load, direct, targets, requests):
    """Microseconds a server adds at one connection: through it minus straight to the mock."""
    base = load.latency(direct, requests)
    samples = {"direct": {"p50": base["p50"], "p99": base["p99"]}}
    for target in targets:
        result = load.latency(target, requests)
        added = {name: result[name] - base[name] for name in ("p50", "p99")}
        if added["p50"] <= 0:
            raise BenchmarkError(f"{target.name} is faster than no server at all: the machine is too noisy")
        samples[target.name] = added
    return samples


def streams(load, targets, seconds):
    """Events a second of 500 streams with an event every 10 ms each, and CPU microseconds an event."""
    samples = {}
    for target in targets:
        result = load.streams(target, STREAMS, TOKENS, TOKEN_DELAY, seconds)
        samples[target.name] = {
            "rate": result["events"] / result["seconds"],
            "cpu": result["cpu"] / result["events"] * 1e6,
            "busy": result["cpu"] / result["seconds"],
        }
    return samples


def memory(load, servers, tools, mock):
    """Resident megabytes of a fresh gateway: idle, with 512 and with 5,000 streams open."""
    server = servers.martlet(tools.martlet, mock)
    target = Target("martlet", server, MASTER_KEY, "bench")
    http.check_plain(server.port, target.key, target.model)
    idle = resident_megabytes(server.pid)
    few = load.streams(target, 512, tokens=50, delay=100)
    many = load.streams(target, 5000, tokens=40, delay=500)
    servers.stop(server)
    return {
        "idle": idle,
        "at_512": few["resident"],
        "at_5000": many["resident"],
        "open": many["peak_open"],
    }


def first_answer(servers, tools, mock):
    """Milliseconds from exec to the first health answer and to the first chat answer: medians of ten starts."""
    starts = [_start(servers, tools, mock) for _ in range(STARTS)]
    return {name: statistics.median(start[name] for start in starts) for name in ("health", "chat")}


def _start(servers, tools, mock):
    server = servers.martlet(tools.martlet, mock)
    health = server.age()
    http.check_plain(server.port, MASTER_KEY, "bench")
    chat = server.age()
    servers.stop(server)
    return {"health": health * 1e3, "chat": chat * 1e3}


def size(directory, tools):
    """Megabytes of the binary as built, and of a stripped copy."""
    copy = Path(directory) / "martlet-stripped"
    shutil.copy(tools.martlet, copy)
    output_of(tools.strip, copy)
    return {
        "unstripped": Path(tools.martlet).stat().st_size / 2**20,
        "stripped": copy.stat().st_size / 2**20,
    }


class Books:
    """Two gateways side by side: one with the master key alone, one with keys, limits, budgets, prices and ledger."""

    def __init__(self, load, servers, tools, mock, count=KEYS):
        self.load = load
        bare = servers.martlet(tools.martlet, mock, name="bare", settings=NO_BOOKS)
        self.bare = Target("bare", bare, MASTER_KEY, "bench")
        first = servers.martlet(tools.martlet, mock, name="books", settings=BOOKS)
        made = keys.generate(first.port, LIMITED)
        servers.stop(first)
        self.database = servers.directory / "data-books" / "martlet.db"
        every = keys.multiply(self.database, made, count)
        server = servers.martlet(tools.martlet, mock, name="books", settings=BOOKS)
        self.books = Target("books", server, made, "bench")
        self.keys = servers.directory / "books.keys"
        self.keys.write_text("".join(f"{key}\n" for key in every))
        for target in (self.bare, self.books):
            http.check_plain(target.server.port, target.key, target.model)
        load.plain(self.bare, seconds=1)
        load.keyed(self.books, self.keys, seconds=1)

    def round(self, seconds):
        """CPU microseconds a request of both; the ledger's way into the database is in it."""
        samples = {}
        for target in (self.bare, self.books):
            before = _booked(self.database) if target is self.books else 0
            if target is self.books:
                result = self.load.keyed(target, self.keys, seconds)
            else:
                result = self.load.plain(target, seconds)
            samples[target.name] = {
                "cpu": result["cpu"] / result["requests"] * 1e6,
                "rate": result["requests"] / result["seconds"],
            }
            if target is self.books:
                # The next server must not be measured while this one still books.
                _await_booked(self.database, before + result["requests"])
        return samples


def many_keys(load, servers, tools, mock, seconds):
    """What 100,000 keys cost: time to load them, memory, CPU a request."""
    result = {}
    for name, count in (("few", 10), ("many", MANY_KEYS)):
        first = servers.martlet(tools.martlet, mock, name=name)
        made = keys.generate(first.port, LIMITED)
        servers.stop(first)
        every = keys.multiply(servers.directory / f"data-{name}" / "martlet.db", made, count)
        ready = []
        for _ in range(3):
            server = servers.martlet(tools.martlet, mock, name=name)
            http.check_plain(server.port, every[-1], "bench")
            ready.append(server.age())
            if len(ready) < 3:
                servers.stop(server)
        path = servers.directory / f"{name}.keys"
        # The same number of keys in use, so that only the number of keys that there are differs.
        path.write_text("".join(f"{key}\n" for key in every[-10:]))
        target = Target(name, server, made, "bench")
        resident = resident_megabytes(server.pid)
        load.keyed(target, path, 1)
        samples = [load.keyed(target, path, seconds) for _ in range(3)]
        result[name] = {
            "ready": statistics.median(ready),
            "resident": resident,
            "cpu": statistics.median(sample["cpu"] / sample["requests"] * 1e6 for sample in samples),
        }
        servers.stop(server)
    return result


def ledger(load, servers, tools, mock, records=RECORDS):
    """How fast records go from the journal into SQLite, and how fast a full ledger answers."""
    server = servers.martlet(tools.martlet, mock, name="ledger")
    database = servers.directory / "data-ledger" / "martlet.db"
    target = Target("ledger", server, MASTER_KEY, "bench")
    http.check_plain(server.port, target.key, target.model)
    _await_booked(database, 1)
    sent = 1
    with _locked(database):
        # Calls go on while nobody can write to the database: their records wait in the journal.
        while sent < min(records, 200_000):
            sent += load.plain(target, 5)["requests"]
        waiting = sent - _booked(database)
    start = time.monotonic()
    _await_booked(database, sent)
    rate = waiting / (time.monotonic() - start)
    while sent < records:
        sent += load.plain(target, 5)["requests"]
    _await_booked(database, sent)
    queries = {
        "totals": "/global/spend",
        "logs": "/spend/logs?page=1&page_size=50",
    }
    times = {name: _median_milliseconds(server.port, path) for name, path in queries.items()}
    resident = resident_megabytes(server.pid)
    servers.stop(server)
    return {"rate": rate, "records": sent, "resident": resident, **times}


def _median_milliseconds(port, path):
    times = []
    for _ in range(QUERIES):
        start = time.monotonic()
        keys.get(port, path)
        times.append((time.monotonic() - start) * 1e3)
    return statistics.median(times)


@contextmanager
def _locked(database):
    """Keeps every other writer out of a SQLite database."""
    connection = sqlite3.connect(database, timeout=60, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def _booked(database):
    """Calls that are in the database, by the sums that go with them."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)
    try:
        return connection.execute(
            "SELECT COALESCE(SUM(calls), 0) FROM usage_total WHERE kind = 'global' OR kind = 0"
        ).fetchone()[0]
    finally:
        connection.close()


def _await_booked(database, count, seconds=300):
    end = time.monotonic() + seconds
    while _booked(database) < count:
        if time.monotonic() > end:
            raise BenchmarkError(f"{_booked(database)} of {count} calls were booked after {seconds} s")
        time.sleep(0.05)
