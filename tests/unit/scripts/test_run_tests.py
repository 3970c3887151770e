"""What `make test` tries where: nothing that is named is gone, and nothing is tried nowhere."""

from pathlib import Path

from scripts.run_tests import EITHER, EMBEDDED, EMBEDDED_ONLY, SERVICES, parts, selection

ROOT = Path(__file__).resolve().parents[3]


def left_to_sqlite(path: str) -> bool:
    """Whether PostgreSQL and Redis leave it to SQLite."""
    return any(path == only or path.startswith(f"{only}/") for only in EMBEDDED_ONLY)


def test_every_path_is_there() -> None:
    assert [path for path in (*EMBEDDED_ONLY, *EITHER) if not (ROOT / path).exists()] == []


def test_what_one_leaves_to_the_other_is_tried_by_the_other() -> None:
    marked = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if "mark.either" in path.read_text() and path != Path(__file__)
    ]
    assert marked
    assert [path for path in (*EITHER, *marked) if left_to_sqlite(path)] == []


def test_on_sqlite_alone_everything_is_tried_that_needs_no_service() -> None:
    assert selection(EMBEDDED, parts(set())) == ["-m", "not services"]


def test_of_two_each_leaves_something_to_the_other() -> None:
    both = parts({"postgres", "redis"})
    assert list(both) == [EMBEDDED, SERVICES]
    assert selection(SERVICES, both) == [f"--ignore={path}" for path in EMBEDDED_ONLY]
    assert selection(EMBEDDED, both) == ["-m", "not services and not either", *(f"--ignore={path}" for path in EITHER)]
