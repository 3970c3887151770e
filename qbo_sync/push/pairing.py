"""Which records at QuickBooks are the ones that were sent: pure functions, one to one, on all fields that were sent."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from qbo_sync.models import Entity, Step

Body: TypeAlias = Mapping[str, Any]
NEVER_FILLED_IN = ("Description", "CustomerRef", "PrivateNote")


@dataclass
class Pairs:
    """The steps whose record was found, those whose record is surely not there, and those nobody can tell."""

    found: list[tuple[Step, Body]] = field(default_factory=list)
    missing: list[Step] = field(default_factory=list)
    unclear: list[tuple[Step, Sequence[Body]]] = field(default_factory=list)  # with the records it may be

    def __iadd__(self, other: "Pairs") -> "Pairs":
        self.found += other.found
        self.missing += other.missing
        self.unclear += other.unclear
        return self

    def of(self, steps: Collection[Step]) -> "Pairs":
        """Those of these steps alone."""
        return Pairs(
            [each for each in self.found if each[0] in steps],
            [each for each in self.missing if each in steps],
            [each for each in self.unclear if each[0] in steps],
        )


def pair(sent: Sequence[tuple[Step, Body]], rows: Sequence[Body]) -> Pairs:
    """Pair what was `sent` with the `rows` that no link knows.

    Equal twins (two hours alike in every field) are interchangeable: as many as are there are found. Where more records
    fit than were sent, somebody else made one of them, and only a person can tell.

    A record that was sent with more fields also fits a body with fewer of them, so whoever says most chooses first, and
    no row is given twice.
    """
    pairs = Pairs()
    left = list(rows)
    for body, twins in _groups(sent):
        fitting = [row for row in left if fits(body, row) and _blank_where_sent_blank(body, row)]
        taken = {row["Id"] for row in fitting}
        left = [row for row in left if row["Id"] not in taken]
        if len(fitting) > len(twins):
            pairs.unclear += [(twin, fitting) for twin in twins]
            continue
        pairs.found += list(zip(twins, fitting, strict=False))
        pairs.missing += twins[len(fitting) :]
    return _numbered_otherwise(pairs, dict(sent), left)


def _numbered_otherwise(pairs: Pairs, sent: Mapping[Step, Body], left: Sequence[Body]) -> Pairs:
    """QuickBooks may have given an invoice its own number instead of ours (qbo-api.md §8.9).

    What fits but for that is no proof, but a reason not to send it again: a person tells.
    """
    surely = []
    for step in pairs.missing:
        body = {name: value for name, value in sent[step].items() if name != "DocNumber"}
        numbered = len(body) < len(sent[step]) and step.entity in (Entity.INVOICE, Entity.CREDIT_MEMO)
        fitting = [row for row in left if numbered and fits(body, row) and _blank_where_sent_blank(body, row)]
        if fitting:
            pairs.unclear.append((step, fitting))
        else:
            surely.append(step)
    pairs.missing = surely
    return pairs


def _groups(sent: Sequence[tuple[Step, Body]]) -> list[tuple[Body, list[Step]]]:
    """The steps by equal bodies, the bodies that say most first."""
    bodies: dict[str, Body] = {}
    steps: dict[str, list[Step]] = defaultdict(list)
    for step, body in sent:
        bodies[repr(body)] = body
        steps[repr(body)].append(step)
    keys = sorted(bodies, key=lambda key: _says_how_much(bodies[key]), reverse=True)
    return [(bodies[key], steps[key]) for key in keys]


def _says_how_much(value: Any) -> int:
    """How many values a body holds, at every depth."""
    if isinstance(value, Mapping):
        return sum(map(_says_how_much, value.values()))
    return sum(map(_says_how_much, value)) if isinstance(value, list) else 1


def _blank_where_sent_blank(sent: Body, kept: Body) -> bool:
    """What QuickBooks never fills in by itself, and we left out, is not there either."""
    return not any(kept.get(name) for name in NEVER_FILLED_IN if name not in sent)


def fits(sent: Any, kept: Any) -> bool:
    """Whether `kept`, as QuickBooks answers, holds all that was `sent`. What QuickBooks adds does not matter."""
    if isinstance(sent, Mapping):
        return isinstance(kept, Mapping) and all(
            fits(value, kept.get(name)) or _billed_since(name, value, kept)
            for name, value in sent.items()
            if _says(name)
        )
    if isinstance(sent, list):
        return isinstance(kept, list) and len(kept) >= len(sent) and all(map(fits, sent, kept))
    return _plain(sent) == (0 if kept is None and sent == 0 else _plain(kept))  # a zero may be left out of an answer


def _says(name: str) -> bool:
    """Labels in references are informative only and ignored by QuickBooks (qbo-api.md §8); `type` may be left out."""
    return name not in ("name", "type")


def _billed_since(name: str, sent: Any, kept: Body) -> bool:
    """Hours that somebody has put on an invoice at QuickBooks meanwhile are still the hours that were sent."""
    return name == "BillableStatus" and (sent, kept.get(name)) == ("Billable", "HasBeenBilled")


def _plain(value: Any) -> Any:
    """A value in a form in which 2, 2.0 and "2.00" are equal, and so are texts but for how they are spaced."""
    if isinstance(value, bool) or value is None:
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return " ".join(str(value).split())
