"""Which of our records a row of QuickBooks' lists may be: the same matcher as a copy's, asked from the other side.

Our records that are not linked yet are held by their match keys, read in bulk before the first page is there; a page
then costs no query. Those that are linked are held by their names alone.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from qbo_sync.directory import MOST_OF_A_KEY, any_key
from qbo_sync.directory.blocks import contact_keys, name_keys, telling_words
from qbo_sync.matching import Sought, Sure
from qbo_sync.matching.judging import Judged, judged
from qbo_sync.matching.seeking import match_keys
from qbo_sync.models import Connection, Entity, Kind, Link, NameRecord, RuledOut
from qbo_sync.pull.people import Ours, PeopleList

Key = tuple[Kind, int]
MOST_OFFERED = 5


@dataclass(frozen=True, slots=True)
class Match:
    """One of ours that a row may be, and the verdict on that."""

    ours: Ours
    verdict: Judged
    same_name: bool

    @property
    def key(self) -> Key:
        return self.ours.kind, self.ours.pk

    @property
    def is_exact(self) -> bool:
        return self.verdict.how_sure == Sure.EXACT

    @property
    def is_likely(self) -> bool:
        """Whether a person has to choose before a new record is made."""
        return self.verdict.how_sure != Sure.POSSIBLE

    def stored(self) -> dict[str, Any]:
        """As JSON, for ImportRow.candidates."""
        return {
            "kind": self.ours.kind.value,
            "pk": self.ours.pk,
            "name": self.ours.name,
            "version": self.ours.version,
            "sure": self.verdict.how_sure.value,
            "why": ", ".join(self.verdict.why),
            "differs": ", ".join(self.verdict.differs),
            "obstacle": self.ours.obstacle,
            "note": self.ours.note,
        }


class OurRecords:
    """Our records that rows of one list may be, at one connection."""

    def __init__(self) -> None:
        self._ours: list[Ours] = []
        self._places: dict[Key, int] = {}
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._linked: dict[str, str] = {}
        self._ruled_out: set[tuple[str, int, str]] = set()

    @classmethod
    def none(cls, people: PeopleList, connection: Connection) -> Self:
        """None of them yet, with what people have ruled out."""
        found = cls()
        found._note_what_is_ruled_out(people, connection)
        return found

    @classmethod
    def all(cls, people: PeopleList, connection: Connection) -> Self:
        """All of them: four queries at most for each kind, whatever their number."""
        found = cls.none(people, connection)
        for kind in people.kinds:
            linked = _linked(connection, kind)
            for ours in people.ours(kind, people.records(kind)):
                if ours.pk in linked:
                    found._linked[any_key(ours.name)] = ours.name
                else:
                    found._add(ours)
        return found

    def candidates(self, record: NameRecord) -> list[Match]:
        """Those that a row may be, the likeliest first; what is merely possible, such as a spouse, is none."""
        return [match for match in self.matches(record) if match.is_likely]

    def matches(self, record: NameRecord) -> list[Match]:
        """Those that a row may be, with those that it merely may be: people are shown them, and wait for none."""
        shared = match_keys(_as_sought(record)) & self._by_key.keys()
        found = {place for key in shared for place in self._under(key)}
        matches = (self._match(self._ours[place], record) for place in found)
        return sorted((match for match in matches if match), key=_likeliest_first)

    def linked_of_this_name(self, name: str) -> str:
        """The name of one of ours of this name that is linked already; "" where there is none."""
        return self._linked.get(any_key(name), "")

    def take(self, keys: Set[Key]) -> None:
        """These are to be linked now: whoever else bears the name of one of them is told so."""
        for key in keys & self._places.keys():
            name = self._ours[self._places[key]].name
            self._linked[any_key(name)] = name

    def add(self, ours: Iterable[Ours]) -> None:
        """Hold these as well, which are not linked."""
        for each in ours:
            self._add(each)

    def _note_what_is_ruled_out(self, people: PeopleList, connection: Connection) -> None:
        said = RuledOut.objects.filter(connection=connection, entity=people.entity)
        self._ruled_out = set(said.values_list("kind", "record_id", "qbo_id"))

    def _add(self, ours: Ours) -> None:
        place = len(self._ours)
        self._ours.append(ours)
        self._places[ours.kind, ours.pk] = place
        for key in _keys(ours.sought):
            self._by_key[key].append(place)

    def _under(self, key: str) -> Collection[int]:
        """A key that many share says nothing."""
        found = self._by_key[key]
        return found if len(found) <= MOST_OF_A_KEY else ()

    def _match(self, ours: Ours, record: NameRecord) -> Match | None:
        if (ours.kind.value, ours.pk, record.qbo_id) in self._ruled_out:
            return None
        verdict = judged(ours.sought, record)
        return Match(ours, verdict, any_key(ours.name) == any_key(record.display_name)) if verdict else None


class AddedHere:
    """Our records that are not linked and were added or changed since a plan was made, but for those it links itself.

    They are looked for again and again while the plan is carried out, and read only where one has come.
    """

    def __init__(self, people: PeopleList, connection: Connection, since: dt.datetime, *, but: Collection[Key]) -> None:
        self._people = people
        self._connection = connection
        self._since = since
        self._but = but
        self._there: set[tuple[Key, int]] = set()
        self._read: set[tuple[Key, int]] = set()
        self._records = OurRecords()

    def look(self) -> bool:
        """Whether there are any now: a query for each kind, as long as none has come."""
        self._there = {
            ((kind, pk), version)
            for kind in self._people.kinds
            for pk, version in self._of(kind).values_list("pk", "version")
            if (kind, pk) not in self._but
        }
        if not self._there <= self._read:
            self._read_anew()
        return bool(self._there)

    def candidates(self, record: NameRecord) -> list[Match]:
        """Those of them that a row may be, as `OurRecords.candidates`."""
        return [match for match in self._records.candidates(record) if (match.key, match.ours.version) in self._there]

    def _read_anew(self) -> None:
        found = [ours for kind in self._people.kinds for ours in self._people.ours(kind, self._of(kind))]
        found = [ours for ours in found if (ours.kind, ours.pk) not in self._but]
        self._records = OurRecords.none(self._people, self._connection)
        self._records.add(found)
        self._there = self._read = {((ours.kind, ours.pk), ours.version) for ours in found}

    def _of(self, kind: Kind) -> QuerySet[Any]:
        """Not asked with EXISTS: before PostgreSQL has analysed its tables, it takes each record through all links."""
        changed = self._people.records(kind).filter(updated_at__gte=self._since)
        return changed.exclude(pk__in=_links(self._connection, kind).values(f"{kind}_id"))


def _links(connection: Connection, kind: Kind) -> QuerySet[Link]:
    return Link.objects.filter(connection=connection, **{f"{kind}__isnull": False})


def _linked(connection: Connection, kind: Kind) -> set[int]:
    """Which of this kind are linked or being copied."""
    return set(_links(connection, kind).values_list(f"{kind}_id", flat=True))


def _as_sought(record: NameRecord) -> Sought:
    """A row as if it were looked for: the other forms of its given name are looked up, ours are as they are."""
    person = f"{record.given_name} {record.family_name}".strip()
    names = dict.fromkeys(name for name in (record.display_name, person, record.company_name) if name)
    return Sought(
        Entity(record.entity),
        tuple(names),
        bool(record.parent_id),
        record.email,
        phones=tuple(filter(None, (record.phone, record.mobile))),
        addresses=tuple(filter(None, (record.address,))),
    )


def _keys(ours: Sought) -> Iterator[str]:
    keys = {key for name in ours.names for key in name_keys(telling_words(name))}
    yield from keys | contact_keys(ours.email, ours.phones, ours.addresses)


def _likeliest_first(match: Match) -> tuple[Any, ...]:
    sureness = list(Sure).index(match.verdict.how_sure)
    return (sureness, bool(match.ours.obstacle), -match.verdict.score, match.ours.name, match.ours.pk)
