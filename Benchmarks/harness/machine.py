"""What the kernel tells about processes and about the machine."""

import os
import platform
import resource
import subprocess
from pathlib import Path

from . import BenchmarkError

TICKS = os.sysconf("SC_CLK_TCK")


def raise_file_limit():
    """5,000 streams through a gateway are 10,000 files in one process; children inherit the limit."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < 12_000:
        raise BenchmarkError(f"the limit of open files is {hard}; 5,000 streams need 12,000 (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def two_cores():
    """One core for the server under test, another for load and mock."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise BenchmarkError("two cores are needed: one for the server under test, one for the load")
    return cores[0], cores[1]


def family(pid):
    """The process and all it has started, as pids."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            pids += family(int(child))
    return pids


def cpu_seconds(pid):
    """User plus system time of a process and its children, all threads."""
    return sum(_ticks(member) for member in family(pid)) / TICKS


def _ticks(pid):
    # The second field, the name in parentheses, may contain spaces; the times are fields 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def resident_megabytes(pid):
    """VmRSS of a process and its children. A shared page counts for each of them."""
    return sum(_resident_kilobytes(member) for member in family(pid)) / 1024


def _resident_kilobytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise BenchmarkError(f"process {pid} has ended")


def describe():
    """The machine in one line."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {system}, Linux {platform.release()}"


def output_of(*command):
    """What a command prints on both of its outputs, without the last line end."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise BenchmarkError(f"{' '.join(map(str, command))} failed:\n{done.stdout}")
    return done.stdout.rstrip("\n")
