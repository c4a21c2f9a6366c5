"""Runs the load generators and reads their results."""

import json
import subprocess
import time
from pathlib import Path

from . import BenchmarkError, http
from .machine import cpu_seconds, resident_megabytes
from .servers import spawn_pinned

PLAIN_SCRIPT = Path(__file__).parent.parent / "plain.lua"
KEYS_SCRIPT = Path(__file__).parent.parent / "keys.lua"
CONNECTIONS = 64


class Load:
    """The load generators, pinned to the core of the load."""

    def __init__(self, wrk, loadgen, directory, core):
        self.wrk = wrk
        self.loadgen = loadgen
        self.directory = Path(directory)
        self.core = core

    def plain(self, target, seconds):
        """64 connections in a closed loop: requests, seconds and the CPU seconds the server spent."""
        return self._plain(target, seconds, PLAIN_SCRIPT, target.key)

    def keyed(self, target, keys, seconds):
        """The same with the keys of a file, one request each in turn."""
        return self._plain(target, seconds, KEYS_SCRIPT, str(keys))

    def _plain(self, target, seconds, script, argument):
        command = [self.wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "60s", "-s", script]
        command += [_url(target), "--", argument, self._body("plain", http.chat_body(target.model))]
        before = cpu_seconds(target.server.pid)
        result = self._run(command, seconds + 90)
        return {**result, "cpu": cpu_seconds(target.server.pid) - before}

    def latency(self, target, requests):
        """One connection, one request after the other: p50, p99 and mean in microseconds."""
        body = self._body("plain", http.chat_body(target.model))
        return self._run(self._loadgen("latency", target, body) + ["--requests", str(requests)], 300)

    def streams(self, target, streams, tokens, delay, seconds=None):
        """Streams in a closed loop for `seconds`, or each once: loadgen's tally, the server's CPU seconds and its
        largest resident size in the meantime."""
        body = self._body("stream", http.chat_body(target.model, tokens, delay))
        command = self._loadgen("streams", target, body) + ["--streams", str(streams), "--events", str(tokens)]
        command += ["--once"] if seconds is None else ["--seconds", str(seconds)]
        before = cpu_seconds(target.server.pid)
        resident = []
        tally = self._run(command, 300, lambda: resident.append(resident_megabytes(target.server.pid)))
        # In a closed loop streams end and start at their own times; only "each once" promises all at once.
        if seconds is None and tally["peak_open"] != streams:
            raise BenchmarkError(f"{target.name}: only {tally['peak_open']} of {streams} streams were open at once")
        return {**tally, "cpu": cpu_seconds(target.server.pid) - before, "resident": max(resident)}

    def _loadgen(self, command, target, body):
        return [self.loadgen, command, "--url", _url(target), "--key", target.key, "--body", body]

    def _body(self, name, content):
        path = self.directory / f"{name}.json"
        path.write_bytes(content)
        return str(path)

    def _run(self, command, limit, sample=lambda: None):
        """Runs a generator to its end, sampling every 100 ms; its last line must be a result without errors."""
        process = spawn_pinned(self.core, command, subprocess.PIPE, errors=None)
        try:
            end = time.monotonic() + limit
            while process.poll() is None:
                if time.monotonic() > end:
                    raise BenchmarkError(f"{command[0]} did not end within {limit} s")
                sample()
                time.sleep(0.1)
        finally:
            process.kill()
            output = process.communicate()[0].decode()
        result = json.loads(output.splitlines()[-1]) if output else {}
        if process.returncode != 0 or result.get("errors"):
            raise BenchmarkError(f"{' '.join(map(str, command))}: status {process.returncode}\n{output}")
        return result


def _url(target):
    return f"http://127.0.0.1:{target.server.port}/v1/chat/completions"
