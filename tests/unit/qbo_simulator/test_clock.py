"""One clock that is set, frozen and sped up, forward only."""

import ast
from pathlib import Path

import pytest
import time_machine

import qbo_simulator
from qbo_simulator import create_app
from qbo_simulator.clock import Clock
from tests.unit.qbo_simulator.company import Company

NOON = "2026-08-16T12:00:00-07:00"
PACKAGE = Path(qbo_simulator.__file__).parent
# who may read the machine's time → what: the clock alone; the others measure how long something takes
MACHINE_TIME = {
    "clock.py": {"datetime.now"},
    "application.py": {"time.monotonic"},
    "exchange.py": {"time.monotonic"},
    "control/log.py": {"time.monotonic"},
}
CLOCKS = ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime")
FORBIDDEN = {
    "date.today",
    *(f"datetime.{name}" for name in ("now", "utcnow", "today")),
    *(f"time.{name}" for name in CLOCKS),
}


def times_read(source: Path) -> set[str]:
    """The functions of the machine's time that a file uses."""
    found = {ast.unparse(node) for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Attribute)}
    return {name for name in FORBIDDEN if any(each == name or each.endswith(f".{name}") for each in found)}


def test_nothing_else_asks_the_machine_what_time_it_is() -> None:
    read = {str(path.relative_to(PACKAGE)): times_read(path) for path in PACKAGE.rglob("*.py")}
    assert {name: times for name, times in read.items() if times} == MACHINE_TIME


def test_it_shows_the_machines_time_until_it_is_changed() -> None:
    with time_machine.travel(NOON, tick=False) as machine:
        clock = Clock()
        machine.shift(90)
        assert clock.now().isoformat() == "2026-08-16T19:01:30+00:00"


def test_it_goes_on_stands_still_and_runs() -> None:
    with time_machine.travel(NOON, tick=False) as machine:
        clock = Clock()
        start = clock.seconds()
        clock.change(3600.0, frozen=True, speed=1)
        machine.shift(50)
        assert clock.seconds() - start == 3600
        clock.change(None, frozen=False, speed=60)
        machine.shift(2)
        assert clock.seconds() - start == 3720
        clock.change(None, frozen=False, speed=1)
        machine.shift(1)
        assert clock.seconds() - start == 3721
        with pytest.raises(ValueError, match=r"clock\.now must not be before 2026-08-16T13:02:01\.000-07:00"):
            clock.change(clock.now().replace(year=2025), frozen=False, speed=1)
        assert clock.seconds() - start == 3721


def test_a_restart_goes_on_from_there(tmp_path: Path) -> None:
    data = str(tmp_path / "books.sqlite3")
    with time_machine.travel(NOON, tick=False) as machine:
        app = create_app(data, "empty")
        app.behaviour.change({"clock": {"now": "2027-01-01T00:00:00+00:00", "frozen": True}})
        app.close()
        machine.shift(1000)
        again = create_app(data, "empty")
        assert again.behaviour.shown()["clock"] == {
            "now": "2026-12-31T16:00:00.000-08:00", "frozen": True, "speed": 1,
        }  # fmt: skip
        again.behaviour.reset()
        machine.shift(5)
        assert again.clock.now().isoformat() == "2027-01-01T00:00:05+00:00"
        again.close()


def test_metadata_and_tokens_follow_it(company: Company) -> None:
    company.behave(clock={"now": "+3599", "frozen": True})
    made = company.made("Customer", DisplayName="Rosa Lind")
    shown = company.client.get("/_simulator/behaviour").get_json()["clock"]["now"]
    assert made["MetaData"]["CreateTime"] == f"{shown[:19]}{shown[23:]}"
    company.behave(**{"clock.now": "+2"})
    assert company.ask("GET", "customer/1").status_code == 401
