"""Write the table of QuickBooks' faults in plain words into docs/faults.md."""

import re
from pathlib import Path

from qbo_sync.faults import LINKED_OTHERWISE, NO_FILE, TABLE, Mend, Row

PAGE = Path(__file__).resolve().parents[1] / "docs" / "faults.md"
PREFACE = """# What QuickBooks refuses, in plain words

Made by `make fault-page` of the table in `qbo_sync/faults/`. Where a row has words of QuickBooks', it is taken for a
fault with these in it, the first row that fits; “…” stands for what QuickBooks says, or for the names of the records
that it means: ids in its words are replaced by names. A number that is not listed is told in QuickBooks' own words.

Once what is wrong is mended, “Try again” on the page of the copy sends it once more: one record, all of one cause, or
all. What QuickBooks may hold already is never sent again that way.

| Number | QuickBooks' words | What is said | Button | And then |
|---|---|---|---|---|
"""
OUR_OWN = (LINKED_OTHERWISE, NO_FILE)
BUTTONS = {
    Mend.NONE: "–",
    Mend.MATCH: "Choose",
    Mend.MAPPINGS: "Open the settings",
    Mend.CONNECT: "Connect again",
    Mend.OPEN: "Open the record",
    Mend.NUMBER: "Give another number",
    Mend.WAIT: "–",
}


def page() -> str:
    """docs/faults.md, whole. Rows that say the same are one."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in TABLE:
        alike.setdefault(_cells(row), []).append("–" if row.code in OUR_OWN else row.code)
    lines = [f"| {', '.join(codes)} | {' | '.join(cells)} |" for cells, codes in alike.items()]
    return PREFACE + "\n".join(lines) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    said = re.sub(r"{\w+}", "…", re.sub("{(which|field)}", "", str(row.sentence)))
    return _words(row.pattern), said, BUTTONS[row.sentence.mend], _afterwards(row)


def _words(pattern: str) -> str:
    """A pattern as a person reads it: alternatives with “or”, whatever stands in brackets as a gap."""
    plain = re.sub(r"\(\?P<\w+>[^)]*\)|\(\?[^)]*\)|\\[dSws][+*]?", "…", pattern.replace("[Nn]", "N"))
    return " or ".join(plain.replace(".*", " … ").split("|")) if plain else "any"


def _afterwards(row: Row) -> str:
    if row.sentence.stops:
        return "nothing is sent before that"
    return "tried again by itself, a few times" if row.sentence.again else ""


def write() -> None:
    """Bring docs/faults.md up to date."""
    PAGE.write_text(page(), encoding="utf-8")
