"""The facts, the tests that prove them, and what is published of both hold together."""

from pathlib import Path

import pytest

from qbo_simulator.__main__ import main
from qbo_simulator.facts import all_facts, read_chapter
from qbo_simulator.facts.proofs import proofs
from qbo_simulator.facts.report import HELD_TO, markdown

ROOT = Path(__file__).resolve().parents[2]
FACTS = {fact.id: fact for fact in all_facts()}


def test_every_fact_has_a_test_or_a_reason_and_every_test_a_fact() -> None:
    tests = proofs()
    assert sorted(set(tests) - set(FACTS)) == []
    assert [id for id, fact in FACTS.items() if fact.is_covered and id not in tests] == []
    assert [id for id, fact in FACTS.items() if fact.not_covered and id in tests] == []


def test_what_is_read_from_the_source_is_what_is_collected(request: pytest.FixtureRequest) -> None:
    collected: dict[str, set[str]] = {}
    for item in request.session.items:
        if item.path.parent == Path(__file__).parent:
            for marker in item.iter_markers("fact"):
                for id in marker.args:
                    collected.setdefault(id, set()).add(f"{item.path.name}::{getattr(item, 'originalname', item.name)}")
    tests = proofs()
    assert {id: names for id, names in collected.items() if not names <= set(tests.get(id, []))} == {}
    everything = {path.name for path in Path(__file__).parent.glob("test_*.py")}
    if {item.path.name for item in request.session.items} >= everything and not request.config.option.keyword:
        assert {id: set(names) for id, names in tests.items()} == collected


def test_what_needs_a_simulator_of_its_own_says_why(request: pytest.FixtureRequest) -> None:
    silent = [
        item.nodeid
        for item in request.session.items
        if "fresh" in getattr(item, "fixturenames", ())
        and not (item.get_closest_marker("simulator_only") or _Mute).args
    ]
    assert silent == []


class _Mute:
    args: tuple[str, ...] = ()


def test_nine_in_ten_of_the_documented_and_observed_facts_are_covered() -> None:
    held = [fact for fact in FACTS.values() if fact.confidence in HELD_TO]
    assert sum(fact.is_covered for fact in held) >= 0.9 * len(held)


def test_the_command_prints_each_fact_with_its_test_or_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts"]) == 0
    printed = capsys.readouterr().out
    assert [id for id in FACTS if f"{id}: " not in printed] == []
    assert "→ test_section_02.py::" in printed
    assert "not covered, because: " in printed


def test_the_command_prints_one_section_and_what_is_uncovered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "--section", "4", "--uncovered"]) == 0
    printed = capsys.readouterr().out
    missing = [fact.id for fact in FACTS.values() if fact.chapter == 4 and not fact.is_covered]
    assert [line.split()[3].rstrip(":") for line in printed.splitlines() if "4-" in line] != []
    assert printed.count("not covered, because: ") == len(missing)
    assert main(["facts", "--section", "99"]) == 2


def test_the_published_tables_are_up_to_date() -> None:
    published = (ROOT / "docs" / "simulator.md").read_text()
    assert "\n".join(markdown()) in published, "run `make facts`"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('["2.1-x"]\nconfidence = "sure"\nsays = "A"\nsource = "B"', "no confidence"),
        ('["3-x"]\nconfidence = "documented"\nsays = "A"\nsource = "B"', "another chapter"),
        ('["2-x"]\nconfidence = "documented"\nsays = "A"', "source"),
        (
            '["2-x"]\nconfidence = "documented"\nsays = "A"\nsource = "B"\nnot_covered = "C"\nknown_wrong = "D"',
            "either",
        ),
    ],
)
def test_a_file_of_facts_that_is_wrong_is_named(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "section_02.toml"
    path.write_text(f'title = "T"\n{content}\n')
    with pytest.raises(ValueError, match=rf"section_02\.toml: .*{why}"):
        read_chapter(path)
