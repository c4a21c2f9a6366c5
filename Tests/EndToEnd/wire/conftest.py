"""Fixtures of the raw-socket tests: one gateway for all that need no settings of their own."""

import pytest

from harness import start_gateway
from wire.configs import config


@pytest.fixture(scope="session")
def plain_gateway(tmp_path_factory, shared_mock):
    gateway = start_gateway(tmp_path_factory.mktemp("wire"), config(mock=shared_mock.url))
    yield gateway
    gateway.stop()


@pytest.fixture
def gateway(plain_gateway, mock):
    """The shared gateway; the mock's list of requests is empty."""
    return plain_gateway
