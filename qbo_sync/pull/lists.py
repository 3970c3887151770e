"""What every list of QuickBooks that becomes records of ours says of itself; each is imported the same way.

To add one: a subclass here or beside, and its line in `qbo_sync.pull.catalog`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Model

from invoices.models import PaymentMethod, Term
from qbo_sync.directory.rows import Row, is_active, text
from qbo_sync.models import Entity, Kind
from qbo_sync.pull.fitting import Fitting


@dataclass(frozen=True)
class Ours:
    """A record of ours that a row may be.

    Args:
        obstacle: why it cannot be linked to a row of this list, as a sentence; "" where it can.
        note: what is to be known where it is linked.
    """

    kind: Kind
    pk: int
    name: str
    obstacle: str = ""
    note: str = ""


@dataclass
class Made:
    """A record made from a row, not saved yet, with what belongs to it and refers to it by `owner`."""

    record: Any
    note: str = ""
    belongings: Sequence[Any] = ()
    owner: str = ""


class LinkedList(ABC):
    """A list whose rows become records of ours, linked by their QBO ID."""

    entity: ClassVar[Entity]
    kind: ClassVar[Kind]
    kinds: ClassVar[tuple[Kind, ...]] = ()  # what a row may be linked to, where that is more than `kind`
    in_directory: ClassVar[bool] = False
    unique_names: ClassVar[bool] = False  # whether two of ours may not bear one name

    def name(self, row: Row) -> str:
        """How the row is called at QuickBooks."""
        return text(row, "DisplayName" if self.in_directory else "Name")

    def left_out(self, row: Row) -> str:
        """Why this row is neither made nor linked, as a sentence; "" where it is."""
        if not self.name(row):
            return "It has no name."
        return "" if is_active(row) else "It is inactive at QuickBooks."

    @abstractmethod
    def ours(self, kind: Kind, after: int) -> Iterable[Ours]:
        """Our records of this kind that a row may be, those with an id above `after`, in one query."""

    @abstractmethod
    def make(self, row: Row) -> Made:
        """A new record of ours."""

    def linkable_kinds(self) -> tuple[Kind, ...]:
        return self.kinds or (self.kind,)


class PaymentMethods(LinkedList):
    entity = Entity.PAYMENT_METHOD
    kind = Kind.PAYMENT_METHOD
    unique_names = True

    def ours(self, kind: Kind, after: int) -> Iterable[Ours]:
        return _named(PaymentMethod, kind, after)

    def make(self, row: Row) -> Made:
        fitting = Fitting(row)
        return Made(PaymentMethod(name=fitting.text("Name", label="name", length=31)), fitting.note)


class Terms(LinkedList):
    """Terms that count days; those due on a day of the month have no place here (qbo-api.md §8.6)."""

    entity = Entity.TERM
    kind = Kind.TERM
    unique_names = True

    def left_out(self, row: Row) -> str:
        if reason := super().left_out(row):
            return reason
        if row.get("Type") == "DATE_DRIVEN" or "DayOfMonthDue" in row:
            return "It falls due on a day of the month. Terms here count days."
        return "" if text(row, "DueDays").isdecimal() or not text(row, "DueDays") else "Its days are not a number."

    def ours(self, kind: Kind, after: int) -> Iterable[Ours]:
        return _named(Term, kind, after)

    def make(self, row: Row) -> Made:
        fitting = Fitting(row)
        name = fitting.text("Name", label="name", length=31)
        return Made(Term(name=name, due_days=int(text(row, "DueDays") or 0)), fitting.note)


def _named(model: type[Model], kind: Kind, after: int) -> Iterable[Ours]:
    rows = model._default_manager.filter(pk__gt=after).values_list("pk", "name")
    return (Ours(kind, pk, name) for pk, name in rows)
