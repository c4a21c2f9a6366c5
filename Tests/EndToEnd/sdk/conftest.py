"""The gateway the SDK tests share, and clients for it."""

import re
from pathlib import Path

import httpx
import pytest
from openai import AsyncOpenAI, OpenAI

from harness import start_gateway

MASTER_KEY = "sk-canary-master-4710"
CANARIES = re.compile(r"canary[\w-]*-47\d\d")
CONFIG = Path(__file__).with_name("gateway.yaml")


@pytest.fixture(scope="session")
def shared_gateway(shared_mock, tmp_path_factory):
    text = CONFIG.read_text(encoding="utf-8").replace("{mock}", shared_mock.url).replace("{master_key}", MASTER_KEY)
    gateway = start_gateway(tmp_path_factory.mktemp("gateway"), text, "--log-level", "debug")
    yield gateway
    gateway.stop()
    # Whatever the tests did: the log of all of it holds no key.
    assert not CANARIES.search(gateway.output())


@pytest.fixture
def gateway(shared_gateway, mock):
    """The gateway on `gateway.yaml`, before a mock that has forgotten earlier tests."""
    return shared_gateway


@pytest.fixture(scope="session")
def key():
    return MASTER_KEY


@pytest.fixture
def canaries():
    return CANARIES


@pytest.fixture
def client(gateway, key):
    """OpenAI's SDK, which would otherwise try again by itself."""
    with OpenAI(base_url=f"{gateway.url}/v1", api_key=key, max_retries=0) as client:
        yield client


@pytest.fixture
def async_client(gateway, key):
    return lambda: AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key=key, max_retries=0)


@pytest.fixture
def http(gateway, key):
    """A plain HTTP client for what the SDK does not show."""
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=gateway.url, headers=headers, timeout=30) as client:
        yield client
