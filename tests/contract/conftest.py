"""The companies that the contract is asked of.

`company` is the simulator in process and over a socket, and Intuit's sandbox where credentials are in the environment.
`fresh` is a simulator of the test's own with its control plane; tests that use it say why a sandbox cannot be asked.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qbo_simulator import Simulator, create_app
from qbo_simulator.facts import Fact, all_facts
from tests.contract.company import Company
from tests.contract.wire import Answer, InProcess, OverHttp, Sandbox
from tests.simulator import connect, running_simulator
from tests.unit.qbo_simulator.test_webhooks import receiver

__all__ = ["receiver"]  # a fixture

SANDBOX_PAUSE = 0.15  # Intuit allows 10 requests a second and 500 a minute


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fact(*ids): the facts of qbo_simulator/facts that a test proves")
    config.addinivalue_line("markers", "simulator_only(reason): why it cannot be asked of Intuit's sandbox")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that asks a company asks it wherever it can be asked."""
    if "company" not in metafunc.fixturenames:
        return
    where = ["in_process", "over_socket"]
    if Sandbox.from_environment() and not metafunc.definition.get_closest_marker("simulator_only"):
        where.append("sandbox")
    metafunc.parametrize("company", where, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One case of each test goes over the socket, all with QBO_CONTRACT_SOCKET=all.

    What is known to be wrong is expected to fail; where it no longer does, `known_wrong` can go from its fact.
    """
    if os.environ.get("QBO_CONTRACT_SOCKET") != "all":
        left_out = further_cases(items)
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    wrong = {fact.id: fact.known_wrong for fact in all_facts() if fact.known_wrong}
    for item in items:
        for id in [id for marker in item.iter_markers("fact") for id in marker.args if id in wrong]:
            item.add_marker(pytest.mark.xfail(reason=f"{id}: {wrong[id]}", strict=False))


def further_cases(items: list[pytest.Item]) -> list[pytest.Item]:
    """The tests over the socket but for the first case of each."""
    seen: set[tuple[Any, str]] = set()
    further = []
    for item in items:
        if "over_socket" in item.name:
            key = (item.path, getattr(item, "originalname", item.name))
            if key in seen:
                further.append(item)
            seen.add(key)
    return further


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A failure says which facts do not hold, and how sure they are."""
    report = yield
    if report.failed:
        known = {fact.id: fact for fact in all_facts()}
        about = [known[id] for marker in item.iter_markers("fact") for id in marker.args if id in known]
        report.sections.append(("facts of qbo-api.md", "\n".join(map(in_words, about))))
    return report


def in_words(fact: Fact) -> str:
    return f"{fact.id} [{fact.confidence}, {fact.source}]: {fact.says}"


@pytest.fixture
def company(request: pytest.FixtureRequest) -> Company:
    """A company somewhere; its books are shared with other tests."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def in_process() -> Iterator[Company]:
    app = create_app(":memory:")
    yield connected(app)
    app.close()


@pytest.fixture(scope="session")
def over_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with running_simulator(tmp_path_factory.mktemp("contract") / "simulator.sqlite3") as url:
        tokens = connect(url)
        wire = OverHttp(url)
        yield Company(wire, tokens["realm_id"], tokens["access_token"])
        wire.session.close()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Company]:
    where = Sandbox.from_environment()
    assert where is not None
    wire = OverHttp(where.api, SANDBOX_PAUSE)
    yield Company(wire, where.realm_id, where.access_token)
    wire.session.close()


class Simulated(Company):
    """A company of a simulator of the test's own, with its control plane."""

    def __init__(self, app: Simulator) -> None:
        self.app = app
        self.http = InProcess(app)
        tokens = connect(self.http.client)
        super().__init__(self.http, tokens["realm_id"], tokens["access_token"])
        self.refresh_token = tokens["refresh_token"]

    def renew(self) -> None:
        """A new access token, where the clock went beyond the old one's life."""
        self.token = self.control("POST", "tokens")["access_token"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """What the control plane answers."""
        answer = self.plain(method, f"/_simulator/{path}", body)
        assert answer.status == 200, answer.text
        return answer.json

    def behave(self, **controls: Any) -> Any:
        return self.control("PUT", "behaviour", controls)

    def fault(self, then: dict[str, Any], times: int | None = 1, **match: Any) -> None:
        """One rule: what happens to the requests that match."""
        self.behave(rules=[{"match": match, "then": then, "times": times}])

    def plain(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A request outside the Accounting API; body as JSON."""
        data = None if body is None else json.dumps(body).encode()
        return self.http.send(method, path, {}, headers, data)

    def log(self) -> list[dict[str, Any]]:
        return self.control("GET", "requests")["requests"]


def connected(app: Simulator) -> Simulated:
    return Simulated(app)


@pytest.fixture(scope="session")
def first_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data file as a first start makes it; laying it out takes longer than most tests."""
    path = tmp_path_factory.mktemp("books") / "simulator.sqlite3"
    create_app(str(path)).close()
    return path


@pytest.fixture
def fresh(first_books: Path, tmp_path: Path) -> Iterator[Simulated]:
    """A simulator of the test's own."""
    data = shutil.copy(first_books, tmp_path / "simulator.sqlite3")
    app = create_app(str(data))
    yield connected(app)
    app.close()
