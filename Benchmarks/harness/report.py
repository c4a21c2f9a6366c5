"""Turns results into rows, judges them and writes them down."""

import datetime
import operator
import statistics
from dataclasses import dataclass, replace

from . import BenchmarkError, machine
from .build import REPOSITORY

PAGE = REPOSITORY / "docs" / "performance.md"
BEGIN, END = "<!-- results:begin -->", "<!-- results:end -->"
# Below this share of its core a server was waiting for load (or for others on the core), not at its limit.
SATURATED = 0.9
PASS, FAIL, NOT_JUDGED = "pass", "**FAIL**", "not judged"
HEADINGS = ["measure", "compared with", "its value", "Martlet", "ratio", "must reach", "result"]


@dataclass(frozen=True)
class Bound:
    """What a value must reach: "<=" or ">=" a limit."""

    sign: str
    limit: float
    unit: str = ""

    def __str__(self):
        return f"{self.sign} {self.limit:,g}{self.unit}"

    def holds(self, value):
        return {"<=": operator.le, ">=": operator.ge}[self.sign](value, self.limit)


@dataclass(frozen=True)
class Row:
    """One line of the table, as text; `result` is empty where nothing must be reached."""

    measure: str
    versus: str
    reference: str
    value: str
    ratio: str
    bound: str
    result: str

    @property
    def missed(self):
        """What could not be judged has not been reached either."""
        return self.result in (FAIL, NOT_JUDGED)

    def cells(self):
        return [self.measure, self.versus, self.reference, self.value, self.ratio, self.bound, self.result]


def rows(results):
    """The table of a run; measures that were not taken have no rows."""
    builders = {
        "plain": _plain,
        "throughput": _throughput,
        "latency": _latency,
        "streams": _streams,
        "books": _books,
        "keys": _keys,
        "ledger": _ledger,
        "memory": _memory,
        "start": _start,
        "size": _size,
    }
    table = []
    for name, builder in builders.items():
        if name in results:
            table += builder(results[name])
    return table


def _plain(rounds):
    table = [
        _compared("plain: CPU µs per request", rounds, "cpu", "martlet", "nginx", Bound("<=", 2.9)),
        _compared("to Anthropic, plain: CPU µs per request", rounds, "cpu", "anthropic", "martlet", Bound("<=", 2)),
    ]
    return table + _litellm(rounds, {"rate": "plain: requests/s", "cpu": "plain: CPU µs per request"})


def _throughput(rounds):
    rate = _compared("plain: requests/s on one core", rounds, "rate", "martlet", "nginx", Bound(">=", 0.38))
    return [
        # When the load is the limit, any two servers look alike: such a ratio proves nothing.
        rate if _saturated(rounds, "martlet", "nginx") else replace(rate, result=NOT_JUDGED),
        _compared("plain: share of its core in use", rounds, "busy", "martlet", "nginx"),
    ]


def _saturated(rounds, *names):
    return all(statistics.median(sample[name]["busy"] for sample in rounds) >= SATURATED for name in names)


def _latency(rounds):
    table = [
        _compared("added latency p50, µs", rounds, "p50", "martlet", "nginx", Bound("<=", 2)),
        _compared("added latency p99, µs", rounds, "p99", "martlet", "nginx"),
    ]
    return table + _litellm(rounds, {"p50": "added latency p50, µs", "p99": "added latency p99, µs"})


def _streams(rounds):
    table = [
        _compared("streams: events/s", rounds, "rate", "martlet", "nginx"),
        _compared("streams: CPU µs per event", rounds, "cpu", "martlet", "nginx", Bound("<=", 1.7)),
        _compared("streams: share of its core in use", rounds, "busy", "martlet", "nginx"),
        _compared("to Anthropic, streams: events/s", rounds, "rate", "anthropic", "martlet"),
        _compared("to Anthropic, streams: CPU µs per event", rounds, "cpu", "anthropic", "martlet", Bound("<=", 2)),
    ]
    return table + _litellm(rounds, {"rate": "streams: events/s", "cpu": "streams: CPU µs per event"})


def _books(rounds):
    return [
        _compared("keys, limits, budgets, ledger on: CPU µs per request", rounds, "cpu", "books", "bare", Bound("<=", 1.15)),
        _compared("keys, limits, budgets, ledger on: requests/s", rounds, "rate", "books", "bare"),
    ]


def _keys(result):
    few, many = result["few"], result["many"]
    return [
        _single("100,000 keys: loaded in, s more", max(0.0, many["ready"] - few["ready"]), Bound("<=", 1, " s")),
        _single("100,000 keys: MB more", max(0.0, many["resident"] - few["resident"]), Bound("<=", 60, " MB")),
        _compared("100,000 keys: CPU µs per request", [result], "cpu", "many", "few", Bound("<=", 1.1)),
    ]


def _ledger(result):
    return [
        _single("ledger into SQLite, records/s", result["rate"], Bound(">=", 20_000)),
        _single("records in the ledger", result["records"]),
        _single("spend totals, ms", result["totals"], Bound("<=", 50, " ms")),
        _single("first page of logs, ms", result["logs"], Bound("<=", 50, " ms")),
    ]


def _litellm(rounds, labels):
    if "litellm" not in rounds[0]:
        return []
    return [_compared(label, rounds, field, "martlet", "litellm") for field, label in labels.items()]


def _memory(result):
    return [
        _single("resident, idle, MB", result["idle"], Bound("<=", 40, " MB")),
        _single("resident, 512 streams open, MB", result["at_512"], Bound("<=", 80, " MB")),
        _single("resident, 5,000 streams open, MB", result["at_5000"]),
        # A stream that failed has ended the run before this point.
        _single("streams open at once, none failed", result["open"], Bound(">=", 5000)),
    ]


def _start(result):
    return [
        _single("exec to first health answer, ms", result["health"], Bound("<=", 200, " ms")),
        _single("exec to first chat answer, ms", result["chat"], Bound("<=", 200, " ms")),
    ]


def _size(result):
    return [
        _single("binary, stripped, MB", result["stripped"]),
        _single("binary, as built, MB", result["unstripped"]),
    ]


def _compared(measure, rounds, field, name, versus, bound=None):
    """Values are medians over the rounds; the ratio is the median of the rounds' own ratios."""
    value = statistics.median(sample[name][field] for sample in rounds)
    reference = statistics.median(sample[versus][field] for sample in rounds)
    ratio = statistics.median(sample[name][field] / sample[versus][field] for sample in rounds)
    names = {"martlet": "own pass-through", "bare": "master key alone", "few": "10 keys"}
    label = names.get(versus, versus)
    return Row(
        measure, label, _number(reference), _number(value), f"{ratio:.2f}", f"{bound or ''}", _judge(bound, ratio)
    )


def _single(measure, value, bound=None):
    return Row(measure, "", "", _number(value), "", f"{bound or ''}", _judge(bound, value))


def _judge(bound, value):
    if bound is None:
        return ""
    return PASS if bound.holds(value) else FAIL


def _number(value):
    if isinstance(value, int):
        return f"{value:,}"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def text(table):
    """The rows as an aligned table, which is Markdown as well."""
    lines = [HEADINGS] + [row.cells() for row in table]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines)


def facts(tools, options):
    """What a reader must know about the run, as a list."""
    versions = [
        f"Martlet {machine.output_of(tools.martlet, '--version').splitlines()[-1]}",
        machine.output_of("swift", "--version").splitlines()[0],
        machine.output_of(tools.nginx, "-v").replace("nginx version: ", ""),
    ]
    return [
        f"Date: {datetime.date.today().isoformat()}",
        f"Commit: {_commit()}",
        f"Machine: {machine.describe()}",
        f"Versions: {'; '.join(versions)}",
        f"Run: medians of {options.rounds} interleaved rounds of {options.seconds} s",
    ]


def _commit():
    try:
        return machine.output_of("git", "-C", REPOSITORY, "describe", "--always", "--dirty=, with local changes")
    except BenchmarkError:
        # Sources without a repository can be measured too.
        return "unknown"


def write(table, lines):
    """Replaces what stands between the markers of docs/performance.md."""
    page = PAGE.read_text()
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise BenchmarkError(f"{PAGE} has lost its markers {BEGIN} and {END}")
    listed = "\n".join(f"- {line}" for line in lines)
    PAGE.write_text(f"{before}{begin}\n\n{listed}\n\n{text(table)}\n\n{end}{after}")
