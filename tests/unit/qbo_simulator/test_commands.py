"""The controls on the command line."""

import json
from pathlib import Path

import pytest

from qbo_simulator.__main__ import is_loopback, main
from qbo_simulator.control.controls import CONTROLS
from tests.simulator import running_simulator


def test_every_control_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["controls"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "requestid_hours=24  How long the answer to a request id is kept and given again; 0 for ever." in lines
    assert "limits.per_second=10  Requests in any second, per company and app." in lines
    assert {line.partition("=")[0].partition(".")[0] for line in lines} == set(CONTROLS)


def test_controls_are_set_at_the_start_and_while_it_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = ("--set", "limits.on=true", "--set", "refresh_rotation=each")
    with running_simulator(tmp_path / "books.sqlite3", "empty", *start) as url:
        assert (
            main(["set", "--at", url, "limits.per_second=3", "clock.speed=60", 'rules=[{"then": {"status": 503}}]'])
            == 0
        )
        shown = json.loads(capsys.readouterr().out)
        assert main(["set", "--at", url, "limits.per_second=0"]) == 1
        refused = capsys.readouterr().err
    assert (shown["limits"]["on"], shown["limits"]["per_second"], shown["refresh_rotation"]) == (True, 3, "each")
    assert (shown["clock"]["speed"], shown["rules"][0]["then"]) == (60, {"status": 503})
    assert refused == "limits.per_second must be a whole number from 1 on, not 0.\n"


def test_where_no_simulator_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["set", "--at", "http://127.0.0.1:9"]) == 1
    assert capsys.readouterr().err.startswith("No simulator answers at http://127.0.0.1:9: ")


@pytest.mark.parametrize(
    ("argument", "words"),
    [("limits.on", "'limits.on' is not name=value"), ("speed=1", "there is no control speed; `controls` lists them")],
)
def test_a_pair_that_is_none(argument: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["set", argument])
    assert words in capsys.readouterr().err


def test_a_value_that_will_not_do_ends_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path / "books.sqlite3")
    assert main(["--data", data, "--company", "empty", "--set", "batch_items=51"]) == 1
    assert capsys.readouterr().err == "batch_items must be a whole number from 1 to 50, not 51.\n"


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("office", False)]
)
def test_which_addresses_are_this_machines(host: str, own: bool) -> None:
    assert is_loopback(host) is own
