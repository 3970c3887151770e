"""`make match-quality`: looks for the frozen set's records in its directory; answers 1 where a target is missed."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import django

from bench.match_quality.cases import LISTS, Case
from bench.match_quality.frozen import PAIRS, generate, read

if TYPE_CHECKING:
    from qbo_sync.matching import Candidate, Sought
    from qbo_sync.models import NameRecord

PRECISION = 0.99
RECALL = 0.97
FIRST = 5

Found = list[tuple[int, Case, list["Candidate"]]]


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmware.settings")
    django.setup()


def at_quickbooks(number: int, case: Case) -> "NameRecord":
    """The record of a pair as the directory would hold it."""
    from qbo_sync.models import NameRecord

    theirs = case.theirs
    return NameRecord(
        pk=number,
        entity=case.entity,
        qbo_id=str(number),
        display_name=theirs.name,
        email=theirs.email,
        phone=theirs.phone,
        address=theirs.address,
        is_active=case.active,
    )


def here(case: Case) -> "Sought":
    """The record of a pair that is looked for."""
    from qbo_sync.entities.names import clean_name
    from qbo_sync.matching import Sought
    from qbo_sync.models import Entity

    ours = case.ours
    return Sought(
        Entity(LISTS[case.kind]),
        (clean_name(ours.name),),
        email=ours.email,
        phones=tuple(filter(None, (ours.phone,))),
        addresses=tuple(filter(None, (ours.address,))),
    )


def look_for_all(cases: Sequence[Case]) -> Found:
    """The candidates of each record, among all records of the set."""
    from qbo_sync.directory.blocks import keys_of_record
    from qbo_sync.matching import candidates

    by_key: dict[str, list[NameRecord]] = {}
    for number, case in enumerate(cases):
        record = at_quickbooks(number, case)
        for key in keys_of_record(record):
            by_key.setdefault(key, []).append(record)
    return [(number, case, candidates(here(case), by_key)) for number, case in enumerate(cases)]


def figures(found: Found) -> tuple[float, float]:
    """Precision of “exact”, and recall in the first five."""
    exact = [case.same and each.qbo_id == str(number) for number, case, those in found for each in those if each.sure]
    there = [(number, those) for number, case, those in found if case.same]
    hits = sum(str(number) in [each.qbo_id for each in those[:FIRST]] for number, those in there)
    return sum(exact) / max(len(exact), 1), hits / max(len(there), 1)


def verdicts(found: Found) -> dict[str, Counter[str]]:
    """For each kind of pair how often its other record is exact, likely, possible, behind the first five, or none."""
    table: dict[str, Counter[str]] = {}
    for number, case, those in found:
        at = next((at for at, each in enumerate(those) if each.qbo_id == str(number)), None)
        verdict = "none" if at is None else "later" if at >= FIRST and case.same else str(those[at].how_sure)
        table.setdefault(f"{'=' if case.same else '≠'} {case.of}", Counter())[verdict] += 1
    return table


def show(found: Found, seconds: float) -> bool:
    """Print the figures. Returns whether all targets are reached."""
    columns = ("exact", "likely", "possible", "later", "none")
    print(f"{'pairs (= the same, ≠ not)':32}" + "".join(f"{each:>10}" for each in columns))
    for of, counted in sorted(verdicts(found).items()):
        print(f"{of:32}" + "".join(f"{counted[each] or '·':>10}" for each in columns))
    precision, recall = figures(found)
    print(f"\n{len(found)} looked for in {seconds:.1f} s")
    print(f"precision of “exact”      {precision:.4f}  (at least {PRECISION})")
    print(f"recall in the first five  {recall:.4f}  (at least {RECALL})")
    return precision >= PRECISION and recall >= RECALL


def wrong(found: Found) -> None:
    """Print what was not found, and what is called exact and is not the same."""
    for number, case, those in found:
        for each in those:
            if each.sure and not (case.same and each.qbo_id == str(number)):
                print("exact, and wrong:", case.of, case.ours, "→", each.name, each.why)
        if case.same and str(number) not in [each.qbo_id for each in those[:FIRST]]:
            print("not found:", case.of, case.ours, "→", case.theirs, [each.name for each in those[:FIRST]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="another set, a CSV file of the same columns")
    parser.add_argument("--seed", type=int, help="a set generated with this seed instead of the frozen one")
    parser.add_argument("--wrong", action="store_true", help="show what was judged wrongly")
    asked = parser.parse_args()
    cases = read(asked.pairs) if asked.seed is None else generate(asked.seed)
    set_up()
    began = time.perf_counter()
    found = look_for_all(cases)
    if asked.wrong:
        wrong(found)
    return 0 if show(found, time.perf_counter() - began) else 1


if __name__ == "__main__":
    sys.exit(main())
