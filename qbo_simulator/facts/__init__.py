"""What is known of QuickBooks' behaviour, fact by fact, and what of it the simulator is held to.

One file per section of qbo-api.md.  A fact is covered when a test of tests/contract carries its id in the marker
`fact`; a fact without a test says why.  `python -m qbo_simulator facts` prints the table.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
CONFIDENCES = (
    "documented",
    "observed in fixture",
    "reported by users",
    "uncertain",
    "observed in source",
)


@dataclass(frozen=True)
class Fact:
    """One fact.

    id: "<section>-<words>", where the section is qbo-api.md's.  says: the fact in a sentence.  source: key of
    qbo-api.md §0.  not_covered: why no test proves it.  known_wrong: how the simulator differs, where it does.
    """

    id: str
    confidence: str
    says: str
    source: str
    not_covered: str = ""
    known_wrong: str = ""

    @property
    def section(self) -> str:
        """The section of qbo-api.md, such as "2.3"."""
        return self.id.partition("-")[0]

    @property
    def chapter(self) -> int:
        """The chapter of qbo-api.md, such as 2."""
        return int(self.section.partition(".")[0])

    @property
    def is_covered(self) -> bool:
        """Whether a test proves it."""
        return not self.not_covered and not self.known_wrong

    @property
    def standing(self) -> str:
        """How far the simulator can be trusted with it: one of STANDINGS."""
        if self.known_wrong:
            return "known to be wrong"
        if self.not_covered:
            return "not covered"
        return "proven against captures" if self.confidence == "observed in fixture" else "only ours"


STANDINGS = ("proven against captures", "only ours", "known to be wrong", "not covered")


@dataclass(frozen=True)
class Chapter:
    """One chapter of qbo-api.md and its facts, in the order of the sheet."""

    number: int
    title: str
    facts: tuple[Fact, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """All chapters.  Raises ValueError where a file does not keep to the form."""
    return tuple(read_chapter(path) for path in sorted(FOLDER.glob("section_*.toml")))


def all_facts() -> tuple[Fact, ...]:
    """Every fact, in the order of the sheet."""
    return tuple(fact for chapter in chapters() for fact in chapter.facts)


def read_chapter(path: Path) -> Chapter:
    """One file.  Raises ValueError with its name and what is wrong in it."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    title = content.pop("title")
    number = int(path.stem.removeprefix("section_"))
    try:
        facts = tuple(checked(Fact(id, **parts), number) for id, parts in content.items())
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    return Chapter(number, title, facts)


def checked(fact: Fact, chapter: int) -> Fact:
    if fact.chapter != chapter:
        raise ValueError(f"{fact.id} belongs to another chapter")
    if fact.confidence not in CONFIDENCES:
        raise ValueError(f"{fact.id}: {fact.confidence!r} is no confidence")
    if fact.not_covered and fact.known_wrong:
        raise ValueError(f"{fact.id} is either not covered or known to be wrong")
    return fact
