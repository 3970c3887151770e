"""The custodian of names: whether QuickBooks has a name already, in which of its lists, and which name would be free.

QuickBooks takes a name only once over customers, vendors and employees (qbo-api.md §7.3). All is answered from the
directory, so that a form may ask at every keystroke; `unread` says of which lists nothing is known yet.
"""

from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Value
from django.db.models.functions import Concat, Replace, Trim

from associates.models import Associate
from clients.models import Address, Client
from organizations.models import Organization
from qbo_sync import directory
from qbo_sync.entities.names import DISPLAY_NAME_LENGTH, clean_name
from qbo_sync.matching import sought
from qbo_sync.models import Connection, Entity, ImportList, Kind, Link, NameRecord, Run

Named: TypeAlias = Client | Organization | Associate
BLANK = Value(" ")
# As Associate.name composes it: a name that is left out leaves no second blank.
ASSOCIATE_NAME = Trim(Replace(Concat("first_name", BLANK, "middle_name", BLANK, "last_name"), Value("  "), BLANK))
NAMES_HERE = {Client: F("name"), Organization: F("name"), Associate: ASSOCIATE_NAME}
IMPORTED_BY = {
    Entity.CUSTOMER: ImportList.CLIENTS, Entity.VENDOR: ImportList.VENDORS, Entity.EMPLOYEE: ImportList.ASSOCIATES,
}  # fmt: skip
MOST_TRIED = 9  # “(V)”, “(V) 2” … : who has more of one name gives it a name by hand


@dataclass(frozen=True)
class Holder:
    """Who bears a name at QuickBooks.

    Args:
        ours: the record here that it is linked to, None where it is linked to none.
    """

    record: NameRecord
    ours: Link | None


@dataclass(frozen=True)
class Offer:
    """A name that is free.

    Args:
        field: the form field that is to be changed for it.
        value: what is to stand there.
        name: the whole name that this makes.
    """

    field: str
    value: str
    name: str


def unread(connection: Connection) -> list[Entity]:
    """Which of the three lists nobody has read to its end yet: one query.

    An empty list leaves nothing behind in the directory: that an import has read it is known from its plan.
    """
    names = NameRecord.objects.filter(connection=connection, read_at__gt=directory.NEVER)
    imports = Run.objects.filter(connection=connection, planned_at__isnull=False)
    known = (
        ExpressionWrapper(
            Exists(names.filter(entity=entity)) | Exists(imports.filter(import_list=which)), BooleanField()
        )
        for entity, which in IMPORTED_BY.items()
    )
    answers = Connection.objects.filter(pk=connection.pk).values_list(*known).get()
    return [entity for entity, is_known in zip(IMPORTED_BY, answers, strict=True) if not is_known]


def holders(connection: Connection, record: Named) -> list[Holder]:
    """Who bears the record's name at QuickBooks already, but for the one that the record itself is linked to.

    Two names are one where only case and blanks to spare differ; an inactive record's mark “ (deleted)” is no part of
    its name. Two queries.

    Args:
        record: as it is typed, stored or not.
    """
    known = _bearing(connection, [_name_of(record)])
    links = _links_of(connection, known)
    found = [Holder(each, links.get((each.entity, each.qbo_id))) for each in known]
    return [each for each in found if not (each.ours and _is_same(each.ours, record))]


def free_name(connection: Connection, record: Named) -> Offer | None:
    """A name after the company's rule that nobody bears at QuickBooks, nor any record here that may be copied there.

    None where the record has no name, or everything that was tried is taken. At most five queries.
    """
    if not _name_of(record):
        return None
    offers = [_with(record, mark) for mark in _marks(connection, record)]
    taken = {directory.plain_name(each.display_name) for each in _bearing(connection, [each.name for each in offers])}
    taken |= {directory.plain_name(name) for name in _names_here(record, [each.name for each in offers])}
    return next((offer for offer in offers if directory.plain_name(offer.name) not in taken), None)


def _name_of(record: Named) -> str:
    """Its name as it would be copied, "" where it has none yet."""
    return sought(record).names[0] if clean_name(record.name) else ""


def _bearing(connection: Connection, names: Iterable[str]) -> list[NameRecord]:
    """The directory's records of exactly these names: active ones first."""
    wanted = {directory.plain_name(name) for name in names if name}
    found = directory.by_key(connection, map(directory.name_key, wanted))
    alike = [record for of_key in found.values() for record in of_key]
    return [record for record in alike if directory.plain_name(record.display_name) in wanted]


def _links_of(connection: Connection, records: Iterable[NameRecord]) -> dict[tuple[str, str], Link]:
    ids = [record.qbo_id for record in records]
    entities = (Entity.CUSTOMER, Entity.VENDOR, Entity.EMPLOYEE)
    links = Link.objects.filter(connection=connection, entity__in=entities, qbo_id__in=ids)
    known = links.select_related("client", "organization", "associate", "job__client") if ids else ()
    return {(link.entity, str(link.qbo_id)): link for link in known}


def _is_same(link: Link, record: Named) -> bool:
    return link.kind == Kind.of(record) and link.record_id == record.pk


def _marks(connection: Connection, record: Named) -> Iterator[str]:
    """What is put behind a name to make it another one, by the company's rule; what is asked for first comes first."""
    if connection.name_rule == Connection.NameRule.TOWN and (town := _town(record)):
        yield f"({town})"
    suffix = {
        Entity.CUSTOMER: connection.customer_suffix,
        Entity.VENDOR: connection.vendor_suffix,
        Entity.EMPLOYEE: connection.employee_suffix,
    }[sought(record).entity]
    yield suffix
    yield from (f"{suffix} {number}" for number in range(2, MOST_TRIED + 1))


def _town(record: Named) -> str:
    if not isinstance(record, Client):
        return record.city
    current = Address.objects.filter(client=record.pk, designation=Address.Designation.CURRENT)
    return current.values_list("city", flat=True).first() or ""


def _with(record: Named, mark: str) -> Offer:
    """The record's name with a mark behind it, cut so that the mark stays whole."""
    field = "name" if not isinstance(record, Associate) else "last_name" if record.last_name else "first_name"
    own = clean_name(getattr(record, field))
    others = len(record.name) - len(getattr(record, field))  # of an associate, the names before it
    room = max(DISPLAY_NAME_LENGTH - others - len(mark) - 1, 0)
    renamed = copy(record)
    setattr(renamed, field, f"{own[:room].rstrip()} {mark}".strip())
    return Offer(field, getattr(renamed, field), _name_of(renamed))


def _names_here(record: Named, names: Collection[str]) -> set[str]:
    """Which of these names other records here bear."""
    found: set[str] = set()
    for model, name in NAMES_HERE.items():
        others = model._default_manager.annotate(whole_name=name)
        if isinstance(record, model):
            others = others.exclude(pk=record.pk)
        found.update(others.filter(whole_name__in=names).values_list("whole_name", flat=True))
    return found
