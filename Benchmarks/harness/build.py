"""Installs and builds what a run needs."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import BenchmarkError
from .machine import output_of

BENCHMARKS = Path(__file__).resolve().parent.parent
REPOSITORY = BENCHMARKS.parent
LITELLM = "litellm[proxy]==1.106.2"


@dataclass(frozen=True)
class Tools:
    """Paths of the binaries of a run."""

    martlet: str
    mock: str
    loadgen: str
    wrk: str
    nginx: str
    strip: str
    litellm: str | None


def tools(martlet, mock, with_litellm):
    """Finds, installs or builds every tool; a given path is taken as it is."""
    return Tools(
        martlet=martlet or build(REPOSITORY, "martlet"),
        mock=mock or build(REPOSITORY, "martlet-mock"),
        loadgen=build(BENCHMARKS, "loadgen"),
        wrk=installed("wrk", package="wrk"),
        nginx=installed("nginx", package="nginx-light"),
        strip=installed("strip", package="binutils"),
        litellm=litellm() if with_litellm else None,
    )


def build(package, product):
    """Builds a product for release and returns its path."""
    command = ["swift", "build", "-c", "release", "--package-path", str(package), "--product", product]
    if subprocess.run(command, check=False).returncode != 0:
        raise BenchmarkError(f"{product} does not build")
    directory = output_of("swift", "build", "-c", "release", "--package-path", package, "--show-bin-path")
    return str(Path(directory.splitlines()[-1]) / product)


def installed(name, package):
    """The path of a command, installed by apt when it is missing."""
    search = os.environ["PATH"] + ":/usr/sbin"
    if shutil.which(name, path=search) is None:
        apt = ["apt-get"] if os.geteuid() == 0 else ["sudo", "apt-get"]
        output_of(*apt, "update")
        output_of(*apt, "install", "-y", "--no-install-recommends", package)
    path = shutil.which(name, path=search)
    if path is None:
        raise BenchmarkError(f"the package {package} did not bring {name}")
    return path


def litellm():
    """LiteLLM in a virtual environment outside the repository, made on first use."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    environment = cache / "martlet-bench" / LITELLM.replace("[proxy]==", "-")
    binary = environment / "bin" / "litellm"
    ready = environment / "ready"
    if not ready.exists():
        output_of("python3", "-m", "venv", "--clear", environment)
        output_of(environment / "bin" / "pip", "install", "--quiet", LITELLM)
        ready.touch()
    return str(binary)
