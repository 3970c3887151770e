"""A company's client whose wire is faked with `responses`."""

from collections.abc import Iterator

import pytest
import responses

from qbo_sync.api.company import CompanyClient
from qbo_sync.api.environment import Environment
from tests.unit.qbo_sync.api.fakes import REALM, RecordingThrottle, Tokens


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def throttle() -> RecordingThrottle:
    return RecordingThrottle()


@pytest.fixture
def tokens() -> Tokens:
    return Tokens("first-secret-token", "second-secret-token")


@pytest.fixture
def client(tokens: Tokens, throttle: RecordingThrottle) -> Iterator[CompanyClient]:
    with CompanyClient(Environment.sandbox(), REALM, tokens, throttle) as client:
        yield client
