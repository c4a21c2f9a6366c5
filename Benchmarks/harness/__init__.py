"""The parts of Benchmarks/run and Benchmarks/allocations/count. Python's standard library only, Linux only."""


class BenchmarkError(Exception):
    """A run that cannot be trusted: it ends here instead of reporting a number."""
