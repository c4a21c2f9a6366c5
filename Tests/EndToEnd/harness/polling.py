"""Waiting for something to become true, instead of for time to pass."""

import time


def eventually(check, within: float = 10.0, every: float = 0.01):
    """Calls `check` until it gives something true, which is returned; fails after `within` seconds."""
    limit = time.monotonic() + within
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > limit:
            raise AssertionError(f"still not true after {within:g} s; the last value was {value!r}")
        time.sleep(every)
