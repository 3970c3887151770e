"""What every entity module answers about the records that it copies."""

import datetime as dt
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.formats import date_format
from quickbooks.objects.base import Ref

from clients.models import Client, Job
from invoices.models import InvoiceSettings
from qbo_sync.api.body import body_of, to_json
from qbo_sync.faults import Mend
from qbo_sync.models import Connection, Entity, Kind, Link, Purpose, Reason
from smmware.core.models import Company

BY_BILLING = frozenset({"BillableStatus", "HourlyRate", "LinkedTxn"})  # follow from what is billed where
Key = tuple[Kind, int]  # which record of ours


@dataclass(frozen=True)
class Obstacle:
    """What keeps a record from being copied, in plain words; `purpose` names the mapping that is missing."""

    what: str
    reason: Reason
    purpose: str = ""

    @property
    def mend(self) -> str:
        """Which button mends it."""
        return self.purpose or Mend.OPEN


@dataclass(frozen=True)
class Context:
    """What else a body is made of: the company's choices and the QBO IDs of what the record refers to.

    Args:
        mappings: the QBO ID chosen for each purpose; for one expense category, job code or preset under (purpose, id).
        links: the completed links of the records referred to.
        company: what was chosen for the company, and what QuickBooks says of it.
        links_hours: whether QuickBooks takes the links of an invoice with its hours.
    """

    mappings: MappingType[Any, str] = field(default_factory=dict)
    links: MappingType[Key, Link] = field(default_factory=dict)
    company: Connection = field(default_factory=Connection)
    links_hours: bool = True

    def qbo_id(self, kind: Kind, record_id: int | None) -> str | None:
        """The QBO ID of a record, None where it is not at QuickBooks."""
        link = self.links.get((kind, record_id)) if record_id is not None else None
        return link.qbo_id if link else None

    def item_for(self, purpose: Purpose, special: Purpose | None = None, owner_id: int | None = None) -> str:
        """The QBO ID of the item for this job code, expense category or preset; where it has none, the usual one."""
        own = self.mappings.get((special, owner_id)) if special and owner_id else None
        return own or self.mappings[purpose]

    @cached_property
    def payments_here(self) -> bool:
        """Whether payments are recorded here, and so are ours to copy. Asked for where there are any."""
        return InvoiceSettings.current().payments_here

    @cached_property
    def zone(self) -> dt.tzinfo:
        """The company's time zone."""
        return Company.current().zone

    def customer_of(self, job: Job) -> str | None:
        """The QBO ID of whom this job is for: its own sub-customer, where jobs become such, or else its client."""
        own = self.qbo_id(Kind.JOB, job.pk) if self.company.jobs_are_customers else None
        return own or self.qbo_id(Kind.CLIENT, job.client_id)

    def class_ref(self, *tracked: Connection.ClassTracking) -> Ref | None:
        """The company's default class, where QuickBooks tracks classes in one of these ways; no way given is any."""
        chosen, tracking = self.mappings.get(Purpose.DEFAULT_CLASS), self.company.class_tracking
        return ref(chosen) if chosen and tracking and (not tracked or tracking in tracked) else None

    def location_ref(self) -> Ref | None:
        """The company's default location, where QuickBooks tracks locations."""
        chosen = self.mappings.get(Purpose.DEFAULT_LOCATION)
        return ref(chosen) if chosen and self.company.tracks_locations else None

    def before_go_live(self, day: dt.date) -> bool:
        return self.company.go_live_date is not None and day < self.company.go_live_date

    def too_early(self, day: dt.date) -> Obstacle | None:
        """The obstacle of a record of `day` where that is before the go-live date."""
        return (
            Obstacle("It is dated before the go-live date.", Reason.BEFORE_GO_LIVE)
            if self.before_go_live(day)
            else None
        )

    def closed(self, day: dt.date) -> Obstacle | None:
        """The obstacle of a document of `day` where the books are closed for it (qbo-api.md §7.2, 6200)."""
        closed_on = self.company.books_closed_on
        if closed_on is None or day > closed_on:
            return None
        closed = date_format(closed_on, "DATE_FORMAT")
        what = f"The books at QuickBooks are closed up to {closed}. Change its date, or open the books at QuickBooks."
        return Obstacle(what, Reason.CLOSED_BOOKS)


class Copied(ABC):
    """A kind of our records that is copied."""

    kind: ClassVar[Kind]
    is_name: ClassVar[bool] = (
        False  # customers, vendors, employees: written one batch at a time (qbo-api.md §7.2, 6000)
    )
    goes_alone: ClassVar[bool] = False  # in a request of its own
    shared: ClassVar[MappingType[str, Callable[[], QuerySet]]] = MappingProxyType({})  # what many refer to: loaded once
    follows: ClassVar[Kind | None] = None  # offered in the plan of a record of this kind, after it

    @abstractmethod
    def records(self) -> QuerySet:
        """The records with all that the other methods read, so that none of them asks the database."""

    def outline(self, ids: Collection[int]) -> list[Any]:
        """These records with what a plan reads of them, which is all but `body` and `file`; `shared` comes on top.

        Five thousand invoices bring twenty thousand hours along: what comes in such numbers is read by `outlines`.
        """
        return list(self.records().filter(pk__in=ids))

    @abstractmethod
    def entity(self, record: Any) -> Entity:
        """The entity that this record becomes."""

    @abstractmethod
    def never(self, record: Any, context: Context) -> Obstacle | None:
        """Why this record is never copied (design.md §4)."""

    @abstractmethod
    def obstacle(self, record: Any, context: Context) -> Obstacle | None:
        """What keeps it from being copied until somebody mends it."""

    @abstractmethod
    def body(self, record: Any, context: Context) -> Any:
        """The python-quickbooks object to create. What it refers to is linked by then."""

    def is_on(self, context: Context) -> bool:
        """Whether the settings have records of this kind copied along with others."""
        return True

    def behind(self, parents: Collection[int]) -> Iterable[int]:
        """The ids of the records that follow these of the kind `follows`, in one query."""
        return ()

    def needs(self, record: Any) -> Sequence[Key]:
        """The records that must be at QuickBooks first."""
        return ()

    def refers_to(self, record: Any) -> Sequence[Key]:
        """Every record whose link the body uses. More than `needs` where a reference is welcome but not needed."""
        return self.needs(record)

    def file(self, record: Any) -> str:
        """The file that is uploaded with it, by its name in the storage; "" where there is none."""
        return ""

    def label(self, record: Any) -> str:
        """How a person knows the record."""
        return str(record)

    def amount(self, record: Any) -> Decimal | None:
        """Its money in dollars, None where it has none."""
        return None

    def minutes(self, record: Any) -> int | None:
        """Its time in minutes, None where it has none."""
        return None


def jobs() -> QuerySet[Job]:
    """Jobs with their clients."""
    return Job.objects.select_related("client")


def customers_of(job: Job) -> Sequence[Key]:
    """Whom work on a job is for: its client, and itself where jobs become sub-customers; nobody for one of our own."""
    return () if job.client.is_own_company else ((Kind.CLIENT, job.client_id), (Kind.JOB, job.pk))


def of_an_inquiry(client: Client) -> Obstacle | None:
    """The obstacle of a record whose client is not promoted yet."""
    what = f"{client} is still an inquiry. Promote it to a client first."
    return Obstacle(what, Reason.INQUIRY) if client.is_inquiry else None


def ref(qbo_id: str, type_: str | None = None) -> Ref:
    """A reference to a record at QuickBooks."""
    reference = Ref()
    reference.value = qbo_id
    reference.type = type_ or ""
    return reference


def missing(context: Context, *purposes: Purpose) -> Obstacle | None:
    """The first of these purposes that nobody has chosen an item or account for."""
    for purpose in purposes:
        if purpose not in context.mappings:
            return Obstacle(f"“{purpose.label}” is not chosen yet in the QuickBooks settings.", Reason.MAPPING, purpose)
    return None


def source_hash(body: MappingType[str, Any]) -> str:
    """A fingerprint of what a record says, by which a later change is seen: the same before and after a trip as JSON.

    Being billed is no change of what hours say, nor a link with hours one of an invoice.
    """
    said = {name: value for name, value in body.items() if name not in BY_BILLING}
    said["Line"] = [{**line, "LinkedTxn": None} for line in body.get("Line", ())]
    return hashlib.sha256(to_json(said).encode()).hexdigest()


def as_it_is_now(copied: Copied, record: Any, context: Context) -> dict[str, Any]:
    """Version and fingerprint of a record that is linked without being sent: what is changed later is seen by them.

    One that could not be sent as it is has no fingerprint: then its version alone tells.
    """
    sendable = copied.obstacle(record, context) is None
    said = source_hash(body_of(copied.body(record, context))) if sendable else ""
    return {"source_version": record.version, "source_hash": said}
