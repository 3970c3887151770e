"""The Makefile and the scripts it calls."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import run_tests
from scripts.services import required_services

ROOT = Path(__file__).resolve().parents[3]
MAKEFILE = (ROOT / "Makefile").read_text()


def run(*line: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(line, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, timeout=60)


def targets() -> list[str]:
    declared = re.search(r"^\.PHONY: ((?:.*\\\n)*.+)$", MAKEFILE, re.M)
    assert declared is not None
    return declared[1].replace("\\", " ").split()


@pytest.mark.parametrize("line", [("make",), ("make", "help")])
def test_help_is_the_default_and_says_a_sentence_on_each_target(line: tuple[str, ...]) -> None:
    said = run(*line, MAKEFLAGS="", MAKELEVEL="").stdout.splitlines()  # `make test` hands its own on
    assert [row.split()[1] for row in said] == targets()
    assert all(row.endswith(".") for row in said)


@pytest.fixture
def old_python(tmp_path: Path) -> Path:
    """A folder to be the PATH, whose only Python is too old."""
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\necho "Python 3.9.2"\nexit 1\n')
    old.chmod(0o755)
    for tool in ("sh", "head"):
        (tmp_path / tool).symlink_to(
            next(path for path in (Path("/bin") / tool, Path("/usr/bin") / tool) if path.exists())
        )
    return tmp_path


def test_a_python_that_is_too_old_is_said_with_the_way_out(old_python: Path) -> None:
    found = run("scripts/find-python", PATH=str(old_python), PYTHON="")
    assert (found.returncode, found.stdout) == (1, "")
    assert "SMMware needs Python 3.11 or newer; python3 here is: Python 3.9.2." in found.stderr
    assert "make demo PYTHON=" in found.stderr


def test_a_newer_python_beside_an_old_one_is_found(old_python: Path) -> None:
    (old_python / "python3.12").symlink_to(sys.executable)
    assert run("scripts/find-python", PATH=str(old_python), PYTHON="").stdout == "python3.12\n"


def test_a_python_named_by_hand_is_not_silently_replaced(old_python: Path) -> None:
    named = run("scripts/find-python", PYTHON=str(old_python / "python3"))
    assert (named.returncode, named.stdout) == (1, "")
    assert "is not a Python 3.11 or newer (Python 3.9.2)" in named.stderr


def test_required_services_are_known_ones(monkeypatch: Any) -> None:
    monkeypatch.setenv("SMMWARE_TEST_REQUIRE", " postgres, browser,")
    assert required_services() == {"postgres", "browser"}
    monkeypatch.setenv("SMMWARE_TEST_REQUIRE", "postgres,mysql")
    with pytest.raises(ValueError, match="knows postgres, redis, browser, pdf, not mysql"):
        required_services()


def test_a_required_service_that_is_missing_fails_before_any_test(monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("SMMWARE_TEST_REQUIRE", "redis,browser")
    monkeypatch.setenv("SMMWARE_TEST_BROKER_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("CHROMIUM_PATH", "/nowhere/chromium")
    assert run_tests.main([]) == 1
    said = capsys.readouterr().out
    assert "Redis does not answer at redis://127.0.0.1:1/0." in said
    assert "Required by SMMWARE_TEST_REQUIRE, and missing: browser, redis." in said


def test_the_same_suite_runs_on_both_pairs_of_services() -> None:
    assert list(run_tests.parts({"browser", "postgres"})) == ["On SQLite and the file broker"]
    both = run_tests.parts({"postgres", "redis"})
    assert list(both) == ["On SQLite and the file broker", "On PostgreSQL and Redis"]
    assert set(both["On PostgreSQL and Redis"]) == {"SMMWARE_TEST_DATABASE_URL", "SMMWARE_TEST_BROKER_URL"}


@pytest.mark.parametrize(
    ("answers", "status"), [((0, 0), 0), ((0, 1), 1), ((0, 5), 0), ((5, 0), 0), ((2, 5), 2), ((5, 5), 5)]
)
def test_a_choice_that_has_nothing_in_one_part_fails_only_where_it_has_nothing_at_all(
    monkeypatch: Any, answers: tuple[int, int], status: int
) -> None:
    monkeypatch.setattr(run_tests, "found_services", lambda: {"postgres", "redis", "browser", "pdf"})
    given = iter(answers)
    monkeypatch.setattr(run_tests, "run", lambda *_: next(given))
    assert run_tests.main([]) == status


def test_alone_the_embedded_default_tries_everything() -> None:
    [part] = run_tests.parts(set())
    assert run_tests.selection(part, [part]) == ["-m", "not services"]


def test_of_two_parts_each_leaves_to_the_other_what_need_not_be_tried_twice() -> None:
    embedded, services = both = list(run_tests.parts({"postgres", "redis"}))
    left_to_services = run_tests.selection(embedded, both)
    left_to_embedded = run_tests.selection(services, both)
    assert left_to_services[:2] == ["-m", "not services and not either"]
    assert {*left_to_services[2:]} == {f"--ignore={path}" for path in run_tests.EITHER}
    assert left_to_embedded == [f"--ignore={path}" for path in run_tests.EMBEDDED_ONLY]


def test_what_is_not_run_twice_is_there_and_run_once() -> None:
    left_out = (*run_tests.EMBEDDED_ONLY, *run_tests.EITHER)
    assert [path for path in left_out if not (ROOT / path).exists()] == []
    assert [path for path in left_out for other in left_out if Path(path).is_relative_to(other) and path != other] == []
    assert len({*left_out}) == len(left_out)
