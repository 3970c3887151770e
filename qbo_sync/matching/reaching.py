"""E-mail, phone and address of two records beside each other."""

from collections.abc import Iterable
from dataclasses import dataclass

from qbo_sync.directory import contacts
from qbo_sync.matching.seeking import Sought
from qbo_sync.models import NameRecord

WEIGHTS = {"e-mail": 12, "phone": 10, "address": 6}


@dataclass(frozen=True)
class Reached:
    """What agrees and what differs; what one of the two lacks is neither."""

    same: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def score(self) -> int:
        return sum(WEIGHTS[each] for each in self.same) - sum(WEIGHTS[each] for each in self.other) // 3


def reached(seeker: Sought, record: NameRecord) -> Reached:
    """How the two are reached."""
    numbers = _filled(map(contacts.phone, seeker.phones)), _filled(map(contacts.phone, (record.phone, record.mobile)))
    verdicts = {
        "e-mail": _verdict(contacts.emails(seeker.email), contacts.emails(record.email)),
        "phone": _verdict(*numbers),
        "address": _at_one_place(seeker.addresses, record.address),
    }
    return Reached(
        tuple(name for name, agrees in verdicts.items() if agrees),
        tuple(name for name, agrees in verdicts.items() if agrees is False),
    )


def _verdict(ours: frozenset[str], theirs: frozenset[str]) -> bool | None:
    return bool(ours & theirs) if ours and theirs else None


def _at_one_place(ours: Iterable[str], theirs: str) -> bool | None:
    place, code = contacts.place(theirs), contacts.zip_code(theirs)
    known = [(contacts.place(each), contacts.zip_code(each)) for each in ours if contacts.place(each)]
    if not place or not known:
        return None
    return any(here == place and (not code or not here_code or here_code == code) for here, here_code in known)


def _filled(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(text for text in texts if text)
