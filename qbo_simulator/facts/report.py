"""The table of facts, for people at a terminal and for docs/simulator.md."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from qbo_simulator.facts import CONFIDENCES, STANDINGS, Fact, chapters
from qbo_simulator.facts.proofs import proofs

HELD_TO = ("documented", "observed in fixture")


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m qbo_simulator facts",
        description="What is known of QuickBooks, fact by fact: which test proves it here, or why none does.",
    )
    parser.add_argument("--section", help="only this section of qbo-api.md, such as 2 or 2.3")
    parser.add_argument("--uncovered", action="store_true", help="only facts that no test proves")
    parser.add_argument("--markdown", action="store_true", help="the tables of docs/simulator.md")
    return parser.parse_args(given)


def main(given: list[str]) -> int:
    """Print the table.  Returns the exit status: 0, or 2 for a section that is not there."""
    options = arguments(given)
    if options.markdown:
        return told(markdown())
    facts = [fact for chapter in chapters() for fact in chapter.facts if within(fact, options.section)]
    if not facts:
        return told([f"There is no section {options.section}."], 2)
    shown = [fact for fact in facts if not (options.uncovered and fact.is_covered)]
    return told([*rows(shown), "", *sums(facts)])


def told(lines: Iterable[str], status: int = 0) -> int:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return status


def within(fact: Fact, section: str | None) -> bool:
    return section is None or fact.section == section or str(fact.chapter) == section


def rows(facts: Iterable[Fact]) -> Iterator[str]:
    """One line per fact: section, confidence, what it says, and its test or the reason."""
    tests = proofs()
    for fact in facts:
        yield f"{fact.section:<5} {fact.confidence:<20} {fact.id}: {fact.says}"
        yield f"{'':<26} {outcome(fact, tests)}"


def outcome(fact: Fact, tests: dict[str, list[str]]) -> str:
    """What became of a fact, in words."""
    if fact.known_wrong:
        return f"known to be wrong: {fact.known_wrong}"
    if fact.not_covered:
        return f"not covered, because: {fact.not_covered}"
    return "→ " + ", ".join(tests.get(fact.id, ["a test of tests/contract"]))


def sums(facts: list[Fact]) -> Iterator[str]:
    """How many facts stand how, by confidence, and the share that is covered of those the simulator is held to."""
    counted = Counter((fact.confidence, fact.standing) for fact in facts)
    yield f"{'':<20}" + "".join(f"{standing:>25}" for standing in STANDINGS) + f"{'facts':>8}"
    for confidence in CONFIDENCES:
        counts = [counted[confidence, standing] for standing in STANDINGS]
        yield f"{confidence:<20}" + "".join(f"{count:>25}" for count in counts) + f"{sum(counts):>8}"
    yield ""
    yield share_in_words(facts)


def share_in_words(facts: Iterable[Fact]) -> str:
    held = [fact for fact in facts if fact.confidence in HELD_TO]
    covered = sum(fact.is_covered for fact in held)
    percent = f" ({100 * covered / len(held):.0f} %)" if held else ""
    return f"Of the documented and observed facts {covered} of {len(held)} are covered{percent}."


def markdown() -> Iterator[str]:
    """The tables of docs/simulator.md: the sums per chapter, and each fact that is not covered with its reason."""
    everything = [fact for chapter in chapters() for fact in chapter.facts]
    yield f"| | Facts | {' | '.join(standing.capitalize() for standing in STANDINGS)} |"
    yield "|---|--:|" + "--:|" * len(STANDINGS)
    for chapter in chapters():
        yield summed(f"{chapter.number}. {chapter.title}", chapter.facts)
    yield summed("All", everything)
    yield ""
    yield share_in_words(everything)
    for standing in ("known to be wrong", "not covered"):
        yield from listed(standing)


def summed(title: str, facts: Iterable[Fact]) -> str:
    counted = Counter(fact.standing for fact in facts)
    numbers = [sum(counted.values()), *(counted[standing] for standing in STANDINGS)]
    return f"| {title} | " + " | ".join(str(number) for number in numbers) + " |"


def listed(standing: str) -> Iterator[str]:
    """The facts of one standing, by chapter."""
    yield from ("", f"### {standing.capitalize()}")
    for chapter in chapters():
        facts = [fact for fact in chapter.facts if fact.standing == standing]
        if facts:
            yield from (
                "",
                f"**{chapter.number}. {chapter.title}**",
                "",
                "| Fact | Confidence | Why |",
                "|---|---|---|",
            )
            yield from (
                f"| {fact.says} | {fact.confidence} | {fact.known_wrong or fact.not_covered} |" for fact in facts
            )
