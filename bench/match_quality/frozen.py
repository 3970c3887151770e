"""The frozen set: 2,000 pairs with their expected answers, written once, before the matcher was tuned.

`python -m bench.match_quality.frozen` writes it; the same seed writes the same file. It is not written anew to please
the matcher: whoever changes it says why, and measures the matcher before and after.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from bench.match_quality.cases import Case, Written, same
from bench.match_quality.lookalikes import different
from bench.match_quality.people import People

SEED = 20261126
PAIRS = Path(__file__).with_name("pairs.csv")
COLUMNS = (
    "of", "same", "kind", "entity", "active",
    "name", "email", "phone", "address", "qbo_name", "qbo_email", "qbo_phone", "qbo_address",
)  # fmt: skip


def generate(seed: int = SEED) -> list[Case]:
    """The 2,000 pairs of a seed, in random order."""
    people = People(seed)
    cases = [*same(people), *different(people)]
    people.random.shuffle(cases)
    return cases


def write(cases: Iterable[Case], path: Path = PAIRS) -> None:
    """Write pairs as CSV, one a line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for case in cases:
            head = (case.of, int(case.same), case.kind, case.entity, int(case.active))
            rows.writerow((*head, *_values(case.ours), *_values(case.theirs)))


def read(path: Path = PAIRS) -> list[Case]:
    """The pairs of such a file, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_case(row) for row in csv.DictReader(file)]


def _case(row: dict[str, str]) -> Case:
    ours = Written(row["name"], row["email"], row["phone"], row["address"])
    theirs = Written(row["qbo_name"], row["qbo_email"], row["qbo_phone"], row["qbo_address"])
    return Case(row["of"], row["same"] == "1", row["kind"], row["entity"], ours, theirs, row["active"] == "1")


def _values(record: Written) -> tuple[str, str, str, str]:
    return record.name, record.email, record.phone, record.address


if __name__ == "__main__":
    write(generate(int(sys.argv[1]) if len(sys.argv) > 1 else SEED))
