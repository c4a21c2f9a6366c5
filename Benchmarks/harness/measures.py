"""The measures of a run. Each returns plain numbers; what they must reach is in report.py."""

import shutil
import statistics
from pathlib import Path

from . import BenchmarkError, http
from .machine import output_of, resident_megabytes
from .servers import MASTER_KEY, Target

STREAMS = 500
TOKENS = 100
TOKEN_DELAY = 10
STARTS = 10


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
