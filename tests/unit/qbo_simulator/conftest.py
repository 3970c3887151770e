"""A simulator of one's own for each test, and a company signed in to."""

from collections.abc import Iterator

import pytest
from werkzeug.test import Client

from qbo_simulator import Simulator
from tests.simulator import connect, simulator_in_memory
from tests.unit.qbo_simulator.company import Company


@pytest.fixture
def app() -> Iterator[Simulator]:
    made = simulator_in_memory()
    yield made
    made.database.close()


@pytest.fixture
def client(app: Simulator) -> Client:
    return Client(app)


@pytest.fixture
def company(client: Client) -> Company:
    """The sample company, signed in to."""
    tokens = connect(client)
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    return Company(client, tokens["realm_id"], headers)
