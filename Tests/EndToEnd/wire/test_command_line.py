"""The command line: what it says, and how it ends."""

import json
import re
import signal
import socket
import subprocess
import time

import pytest

from harness import Process, eventually
from harness.processes import binary
from wire.raw import Wire, check_error, get

MODEL = "model_list:\n  - model_name: m\n    litellm_params: {model: openai/gpt-4o, api_key: sk-canary-0123456789abcdef}\n"


def run(directory, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Runs the program to its end, without anything of this machine's environment."""
    return subprocess.run(
        [binary("MARTLET_BIN", "martlet"), *arguments], cwd=directory, env={"PATH": "/usr/bin:/bin"} | environment,
        capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
    )


def write(directory, text: str, name: str = "config.yaml") -> str:
    (directory / name).write_text(text)
    return name


def complaint(result: subprocess.CompletedProcess) -> str:
    """The one line a failed start leaves; warnings that came before it have a time in front."""
    assert result.returncode == 1, (result.returncode, result.stdout, result.stderr)
    lines = [line for line in result.stderr.splitlines() if not re.match(r"\d{4}-\d\d-\d\dT", line)]
    assert len(lines) == 1 and lines[0].startswith("martlet: "), result.stderr
    return lines[0]


@pytest.fixture
def serve(tmp_path):
    """Starts the program in the background and waits for the address it listens on."""
    started = []

    def start(*arguments: str, **environment: str) -> Process:
        process = Process("serve", [binary("MARTLET_BIN", "martlet"), *arguments], tmp_path, environment)
        started.append(process)
        found = eventually(lambda: re.search(r"address=http://([\d.]+):(\d+)", process.output()), within=30)
        process.host, process.port = found.group(1), int(found.group(2))
        process.url = f"http://127.0.0.1:{process.port}"
        return process

    yield start
    for process in started:
        if process in Process.running:
            process.stop()


def listening_on(port: int) -> set[str]:
    """The local addresses that are listened on, as the kernel spells them."""
    found = set()
    for name in ("tcp", "tcp6"):
        with open(f"/proc/net/{name}") as file:
            for line in list(file)[1:]:
                local, state = line.split()[1], line.split()[3]
                if state == "0A" and int(local.split(":")[1], 16) == port:
                    found.add(local.split(":")[0])
    return found


# MARK: Help


def test_the_version_is_one_line(tmp_path):
    result = run(tmp_path, "--version")
    assert result.returncode == 0
    assert re.fullmatch(r"(martlet )?\d+\.\d+\.\d+\S*\n", result.stdout)


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["serve", "--help"], ["help", "serve"]])
def test_help_names_the_options(tmp_path, arguments):
    result = run(tmp_path, *arguments)
    assert result.returncode == 0
    assert result.stderr == ""
    for word in ("--config", "--port", "--host") if "serve" in arguments else ("serve", "check"):
        assert word in result.stdout, word


@pytest.mark.parametrize(
    "arguments",
    [["--num_workers", "1"], ["--num-workers", "1"], ["--threads", "1"], ["--log_level", "debug"], ["--log-level", "DEBUG"],
     ["--log-level", "warn"], ["--debug"], ["--detailed_debug"], ["--detailed-debug"], ["--request_timeout", "5"],
     ["--request-timeout", "5.5"], ["--drop_params"], ["--drop-params"], ["--host", "::1"], ["--port=0"], ["-c", "none.yaml"]],
)
def test_options_are_taken_in_both_spellings(tmp_path, arguments):
    # The configuration that is missing is all there is to complain about.
    tail = [] if "-c" in arguments else ["--config", "none.yaml"]
    assert "none.yaml" in run(tmp_path, *arguments, *tail).stderr
    assert "none.yaml" in run(tmp_path, "serve", *arguments, *tail).stderr


@pytest.mark.parametrize(
    "arguments",
    [["--port", "x"], ["--port", "65536"], ["--port", "-1"], ["--threads", "0"], ["--log-level", "loud"], ["--request-timeout", "0"],
     ["--unknown"], ["check"], ["nonsense"]],
)
def test_a_wrong_option_is_explained(tmp_path, arguments):
    result = run(tmp_path, *arguments)
    assert result.returncode not in (0, 1) and result.returncode > 0
    assert "Usage:" in result.stderr or "Error:" in result.stderr


# MARK: check


def test_check_shows_what_a_good_file_was_understood_as(tmp_path):
    text = MODEL + "general_settings: {master_key: sk-canary-master-000111222}\nrouter_settings: {model_group_alias: {n: m}}\n"
    result = run(tmp_path, "check", write(tmp_path, text))
    assert result.returncode == 0, result
    for word in ("openai/gpt-4o", "sk-...cdef", "n ", "-> m", "sk-...1222"):
        assert word in result.stdout, result.stdout
    assert "canary" not in result.stdout + result.stderr


def test_check_names_each_problem_with_its_place(tmp_path):
    text = (
        "model_list:\n  - model_name: m\n    litellm_params:\n      model: opnai/gpt-4o\n      timeot: 3\n      rpm: many\n"
        "general_setings: {}\nserver: {port: 99999}\n"
    )
    result = run(tmp_path, "check", write(tmp_path, text))
    assert result.returncode == 1
    places = set(re.findall(r"config\.yaml:(\d+):(\d+): ", result.stdout))
    assert {"4", "5", "6", "7", "8"} <= {line for line, _ in places}, result.stdout
    for word in ("openai", "timeout", "general_settings"):
        assert word in result.stdout, word


@pytest.mark.parametrize("text", ["", "a: [", "model_list: 5\n", "\t- x", "a: b\n" * 3, "\0", "- a\n"])
def test_check_of_what_is_no_configuration_says_so(tmp_path, text):
    result = run(tmp_path, "check", write(tmp_path, text))
    assert result.stdout and "config.yaml" in result.stdout or result.returncode == 0
    assert result.returncode in (0, 1)
    assert "Fatal" not in result.stderr


def test_check_of_a_file_that_is_not_there_says_so(tmp_path):
    result = run(tmp_path, "check", "none.yaml")
    assert result.returncode == 1
    assert "none.yaml" in result.stdout + result.stderr


# MARK: Starts that fail


def test_a_port_in_use_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = complaint(run(tmp_path, "--config", write(tmp_path, MODEL), "--port", port))
    assert port in line and "in use" in line


def test_an_address_that_is_not_ours_is_one_line(tmp_path):
    line = complaint(run(tmp_path, "--config", write(tmp_path, MODEL), "--port", "0", "--host", "192.0.2.1"))
    assert "192.0.2.1" in line


def test_a_configuration_that_cannot_be_read_is_named(tmp_path):
    for path in ("none.yaml", "."):
        result = run(tmp_path, "--config", path)
        assert result.returncode == 1
        assert path in result.stderr and "Fatal" not in result.stderr
        assert len(result.stderr.splitlines()) <= 2


def test_a_missing_variable_is_named_with_its_place(tmp_path):
    text = MODEL.replace("sk-canary-0123456789abcdef", "os.environ/NOT_SET_AT_ALL")
    result = run(tmp_path, "--config", write(tmp_path, text))
    assert result.returncode == 1
    assert re.search(r"config\.yaml:3:\d+", result.stderr)
    assert "NOT_SET_AT_ALL" in result.stderr
    assert len(result.stderr.splitlines()) <= 2


def test_with_nothing_to_serve_it_explains_how_to_begin(tmp_path):
    result = run(tmp_path)
    assert result.returncode == 1
    for word in ("OPENAI_API_KEY", "--config", "model_list"):
        assert word in result.stderr, word


def test_a_model_without_an_address_is_named_with_its_place(tmp_path):
    text = "model_list:\n  - model_name: m\n    litellm_params: {model: openai/gpt-4o, api_key: k, api_base: 'nowhere'}\n"
    result = run(tmp_path, "--config", write(tmp_path, text))
    assert result.returncode == 1
    assert re.search(r"config\.yaml:\d+:\d+", result.stderr) and "nowhere" in result.stderr


# MARK: Starts that work


def test_the_environment_is_enough_to_start(serve):
    process = serve("--port", "0", OPENAI_API_KEY="sk-canary-9876543210", ANTHROPIC_API_KEY="")
    status, body = process.get("/v1/models")
    assert status == 200
    ids = [model["id"] for model in json.loads(body)["data"]]
    assert "openai/gpt-4o" in ids
    assert not [name for name in ids if name.startswith("anthropic/")]
    assert "canary" not in process.output()


def test_config_file_path_names_the_configuration(serve, tmp_path):
    process = serve("--port", "0", CONFIG_FILE_PATH=write(tmp_path, MODEL))
    assert [model["id"] for model in json.loads(process.get("/models")[1])["data"]] == ["m"]


def test_without_a_master_key_only_this_machine_is_served(serve, tmp_path):
    process = serve("--config", write(tmp_path, MODEL), "--port", "0")
    assert process.host == "127.0.0.1"
    assert listening_on(process.port) == {"0100007F"}
    assert "no master key" in process.output()


@pytest.mark.parametrize("place", ["file", "environment"])
def test_with_a_master_key_every_machine_is_served(serve, tmp_path, place):
    if place == "file":
        process = serve("--config", write(tmp_path, MODEL + "general_settings: {master_key: sk-1234}\n"), "--port", "0")
    else:
        process = serve("--config", write(tmp_path, MODEL), "--port", "0", LITELLM_MASTER_KEY="sk-1234")
    assert process.host == "0.0.0.0"
    assert listening_on(process.port) == {"00000000"}
    with Wire(process.url) as wire:
        answer = wire.send(get("/v1/models")).answer()
        check_error(answer, 401, "authentication_error")
        assert answer.header("www-authenticate")
        for field in ("Authorization: Bearer sk-1234", "authorization: bearer  sk-1234", "X-API-Key: sk-1234", "api-key: sk-1234",
                      "x-litellm-api-key: sk-1234"):
            assert wire.send(get("/v1/models", field)).answer().status == 200, field
        for field in ("Authorization: Bearer sk-12345", "Authorization: Bearer sk-123", "Authorization: Bearer", "X-API-Key: SK-1234"):
            check_error(wire.send(get("/v1/models", field)).answer(), 401, "authentication_error")
        assert wire.send(get("/health/liveliness")).answer().status == 200


def test_the_command_line_wins_over_the_file(serve, tmp_path):
    text = MODEL + "server: {host: 0.0.0.0, port: 1, threads: 3}\n"
    process = serve("--config", write(tmp_path, text), "--port", "0", "--host", "127.0.0.1", "--threads", "2")
    assert process.host == "127.0.0.1" and process.port > 1
    assert "lanes=2" in process.output()


def test_port_0_takes_any_free_port(serve, tmp_path):
    write(tmp_path, MODEL)
    first, second = (serve("--config", "config.yaml", "--port", "0") for _ in range(2))
    assert first.port != second.port
    assert first.get("/health")[0] == second.get("/health")[0] == 200


def test_a_signal_before_the_first_request_ends_it(serve, tmp_path):
    process = serve("--config", write(tmp_path, MODEL), "--port", "0")
    start = time.monotonic()
    process.signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert time.monotonic() - start < 2
