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


def never(check, during: float, every: float = 0.05) -> None:
    """Fails as soon as `check` gives something true within `during` seconds."""
    limit = time.monotonic() + during
    while time.monotonic() < limit:
        value = check()
        assert not value, f"became true: {value!r}"
        time.sleep(every)
