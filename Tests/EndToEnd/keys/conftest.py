"""Two replicas on one database, and OpenAI's SDK with a virtual key."""

import openai
import pytest

from harness import Management, start_gateway
from harness.configs import stored

BACKENDS = ["sqlite", "postgres"]


@pytest.fixture(scope="session", params=BACKENDS)
def shared_pair(request, tmp_path_factory, shared_mock):
    directory = tmp_path_factory.mktemp(f"pair-{request.param}")
    if request.param == "postgres":
        database = request.getfixturevalue("postgres").database()
    else:
        database = f"sqlite:///{directory}/shared.db"
    text = stored(database).replace("{mock}", shared_mock.url)
    gateways = [start_gateway(directory, text) for _ in range(2)]
    yield gateways
    for gateway in gateways:
        gateway.stop()


@pytest.fixture
def pair(shared_pair, mock):
    """Two gateways with one database; changes are made at the first."""
    return shared_pair


@pytest.fixture
def near(pair):
    """Management of the replica that the tests change things at."""
    with Management(pair[0].url) as management:
        yield management


@pytest.fixture
def sdk():
    """sdk(gateway, key) -> OpenAI's SDK, closed after the test."""
    opened = []

    def open_client(gateway, key: str, **options) -> openai.OpenAI:
        opened.append(openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=key, max_retries=0, **options))
        return opened[-1]

    yield open_client
    for client in opened:
        client.close()
