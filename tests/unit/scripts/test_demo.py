"""What `make demo` says before it starts: ports, a demo that runs already, keys, settings, reset."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.demo import Demo, DemoError, fingerprint

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return Demo(tmp_path / "demo", 18000, 18001)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def run_demo(folder: Path, *arguments: str, answer: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
    """The script in a process of its own: the lock is a process's, and so is standard input."""
    environment = os.environ | {"SMMWARE_DEMO_DIR": str(folder)} | variables
    line = [sys.executable, "scripts/demo.py", *arguments]
    return subprocess.run(line, cwd=ROOT, env=environment, input=answer, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "٨٠٠٠", "80.5"])
def test_a_port_that_is_none_is_named_with_an_example(monkeypatch: Any, value: str) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(DemoError) as refused:
        Demo.from_environment()
    assert str(refused.value) == f"PORT={value} is not a port. Choose a number up to 65535: make demo PORT=8000"


def test_empty_ports_are_the_usual_ones(monkeypatch: Any) -> None:
    """make hands on variables that nobody set as empty ones."""
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("SIMULATOR_PORT", "")
    demo = Demo.from_environment()
    assert (demo.port, demo.simulator_port) == (8000, 8001)


def test_one_port_for_both_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setenv("PORT", "8001")
    monkeypatch.delenv("SIMULATOR_PORT", raising=False)
    with pytest.raises(DemoError, match="PORT and SIMULATOR_PORT are both 8001"):
        Demo.from_environment()


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path, taken_port: int) -> None:
    with pytest.raises(DemoError) as refused:
        Demo(tmp_path, 18000, taken_port).check_ports()
    assert str(refused.value) == (
        f"Port {taken_port}, where the simulator should answer, is taken by another program. "
        f"Choose another: make demo SIMULATOR_PORT={taken_port + 10}"
    )


def test_a_second_demo_of_one_folder_is_refused(demo: Demo) -> None:
    with demo.lock():
        second = run_demo(demo.folder)
        assert (second.returncode, second.stdout) == (1, "")
        assert "A demo is already running from this folder." in second.stderr
        assert "already running" in run_demo(demo.folder, "reset", FORCE="1").stderr
    assert demo.folder.exists()


def test_keys_are_made_once_for_each_demo_and_only_its_owner_reads_them(tmp_path: Path) -> None:
    one, other = (Demo(tmp_path / name, 18000, 18001) for name in ("one", "other"))
    for demo in (one, other):
        demo.folder.mkdir()
    made = one.environment()
    assert one.environment()["SECRET_KEY"] == made["SECRET_KEY"]
    keys = {demo.environment()[name] for demo in (one, other) for name in ("SECRET_KEY", "TOKEN_ENCRYPTION_KEYS")}
    assert len(keys) == 4
    assert min(map(len, keys)) >= 50
    assert {oct(path.stat().st_mode & 0o777) for path in (one.folder / "keys").iterdir()} == {"0o600"}


def test_the_shells_own_database_and_switches_are_not_used(demo: Demo, monkeypatch: Any) -> None:
    for name, value in {
        "DATABASE_URL": "postgres://office.example.com/books",
        "CELERY_BROKER_URL": "redis://office.example.com",
        "QBO_ENVIRONMENT": "production",
        "DEBUG": "on",
        "STATIC_MANIFEST": "off",
    }.items():
        monkeypatch.setenv(name, value)
    demo.folder.mkdir()
    environment = demo.environment()
    chosen = {name: environment[name] for name in ("CELERY_BROKER_URL", "QBO_ENVIRONMENT", "DEBUG", "STATIC_MANIFEST")}
    assert environment["DATABASE_URL"] == f"sqlite:///{demo.database}"
    assert chosen == {
        "CELERY_BROKER_URL": "filesystem://localhost//",
        "QBO_ENVIRONMENT": "simulator",
        "DEBUG": "off",
        "STATIC_MANIFEST": "on",
    }


@pytest.mark.parametrize(
    ("answer", "variables", "kept"),
    [("n\n", {}, True), ("", {}, True), ("y\n", {}, False), ("", {"FORCE": "1"}, False)],
)
def test_reset_asks_before_it_deletes(demo: Demo, answer: str, variables: dict[str, str], kept: bool) -> None:
    demo.folder.mkdir()
    demo.database.write_text("books")
    done = run_demo(demo.folder, "reset", answer=answer, **{"FORCE": ""} | variables)
    assert done.returncode == 0
    assert demo.database.exists() == kept
    assert ("Nothing was deleted." in done.stdout) == kept


def test_reset_without_a_demo_says_so(demo: Demo) -> None:
    assert run_demo(demo.folder, "reset").stdout == "There is no demo data to delete.\n"


def test_what_is_prepared_depends_on_contents_not_on_dates() -> None:
    files = [ROOT / "requirements.txt", ROOT / "manage.py"]
    before = fingerprint(files)
    os.utime(files[0])
    assert fingerprint(reversed(files)) == before
    assert fingerprint(files[:1]) != before
