"""Fixtures of tests that need databases, Redis, or several gateways; `conftest.py` imports them."""

import pytest

from .configs import stored
from .management import MASTER_KEY, Management
from .processes import start_gateway
from .servers import Postgres, Redis

BACKENDS = ["sqlite", "postgres"]


@pytest.fixture(scope="session")
def postgres():
    """One server for all tests; each makes databases of its own."""
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def shared_redis():
    server = Redis()
    yield server
    server.remove()


@pytest.fixture
def redis(shared_redis):
    """An empty Redis."""
    shared_redis.command("FLUSHALL")
    return shared_redis


@pytest.fixture
def own_postgres():
    """A server that the test may stop, kill or freeze."""
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture
def own_redis():
    server = Redis()
    yield server
    server.remove()


@pytest.fixture(scope="session", params=BACKENDS)
def shared_store(request, tmp_path_factory, shared_mock):
    """One gateway for each database, whose tests keep to names of their own."""
    database = request.getfixturevalue("postgres").database() if request.param == "postgres" else None
    text = stored(database).replace("{mock}", shared_mock.url)
    gateway = start_gateway(tmp_path_factory.mktemp(request.param), text)
    gateway.backend = request.param
    gateway.database = database
    yield gateway
    gateway.stop()


@pytest.fixture
def store(shared_store, mock):
    """A gateway with SQLite, then with PostgreSQL."""
    return shared_store


@pytest.fixture
def admin(store):
    """The holder of the master key."""
    with Management(store.url) as management:
        yield management


@pytest.fixture(params=BACKENDS)
def backend(request):
    return request.param


@pytest.fixture
def database_url(backend, request):
    """An empty database of each kind; None is the default, SQLite in the data directory."""
    return request.getfixturevalue("postgres").database() if backend == "postgres" else None


@pytest.fixture
def manage():
    """Opens management of a gateway, and closes it after the test."""
    opened = []

    def open_management(gateway, key: str | None = MASTER_KEY) -> Management:
        opened.append(Management(gateway.url, key))
        return opened[-1]

    yield open_management
    for management in opened:
        management.client.close()
