"""Round after round until enough workers were struck, and the table at the end."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.served import Simulator
from tests.faults.chaos.imports import ImportMatch
from tests.faults.chaos.office import owner
from tests.faults.chaos.rounds import Match, Round
from tests.faults.chaos.workers import nursery

MATCHES: dict[str, type[Match] | type[ImportMatch]] = {"copies": Match, "imports": ImportMatch}
SHOWN = 40  # sentences of a round that found something


def rounds(simulator: Simulator, log: Path, *, seed: int, kills: int, of: Sequence[str]) -> Iterator[Round]:
    """Play rounds until so many workers were killed or frozen.

    log: what the workers write to.  seed: of the first round; each further one has the next.  of: what is struck at,
    one after the other, each with so many kills and from that seed on.
    """
    with nursery(log) as bearer:
        person, worker = owner(), bearer.worker()
        for what in of:
            left, number = kills, seed
            while left > 0:
                match = MATCHES[what](number, simulator, bearer, person, worker)
                yield match.play(left)
                left, worker, number = left - match.result.strikes, match.siege.worker, number + 1


def all_is_well(played: Sequence[Round]) -> bool:
    return not any(_sum(played).values())


def line(each: Round) -> str:
    """What one round met and found, with the seed that plays it again."""
    found = ", ".join(f"{count} {name}" for name, count in each.found.counts().items() if count)
    ended = found or f"each once, {each.after.replace('_', ' ')}"
    told = (
        f"  SEED={each.seed}: {each.records} records, {each.kills} killed, {each.freezes} frozen"
        f" ({each.taken_over} taken over), {each.injected.total()} faults, {each.seconds:.1f} s: {ended}"
    )
    sentences = list(each.found.sentences())
    return "\n".join([told, *(f"    {sentence}" for sentence in sentences[:SHOWN])])


def _sum(played: Sequence[Round]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in played:
        total.update(each.found.counts())
    return total


def table(played: Sequence[Round]) -> str:
    """What all rounds together met and found."""
    injected: Counter[str] = sum((each.injected for each in played), Counter())
    figures = {
        "rounds": len(played),
        "records": sum(each.records for each in played),
        "workers killed": sum(each.kills for each in played),
        "workers frozen": sum(each.freezes for each in played),
        "of them, taken over from": sum(each.taken_over for each in played),
        "seconds": round(sum(each.seconds for each in played)),
        **{f"injected: {what}": count for what, count in sorted(_by_kind(injected).items())},
        **_sum(played),
    }
    return "\n" + "\n".join(f"{name:<28}{count:>8,}" for name, count in figures.items())


def _by_kind(injected: Counter[str]) -> Counter[str]:
    """Without how long each delay was."""
    kinds: Counter[str] = Counter()
    for what, count in injected.items():
        kinds["late answers" if what.startswith("delay_ms") else what] += count
    return kinds
