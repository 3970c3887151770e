"""The short lists of QuickBooks that become records of ours: imported at once, matched by name.

To add one: a subclass here, and its line in `qbo_sync.pull.catalog`.
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
class Named:
    """A record of ours that a row may be, by its name."""

    kind: Kind
    pk: int
    name: str


@dataclass
class Made:
    """A record made from a row, not saved yet, with what belongs to it and refers to it by `owner`."""

    record: Any
    note: str = ""
    belongings: Sequence[Any] = ()
    owner: str = ""


class LinkedList(ABC):
    """A short list whose rows become records of ours, linked by their QBO ID; no two of ours bear one name."""

    entity: ClassVar[Entity]
    kind: ClassVar[Kind]

    def name(self, row: Row) -> str:
        """How the row is called at QuickBooks."""
        return text(row, "Name")

    def left_alone(self, row: Row) -> str:
        """Why this row is neither made nor linked, as a sentence; "" where it is."""
        if not self.name(row):
            return "It has no name."
        return "" if is_active(row) else "It is inactive at QuickBooks."

    @abstractmethod
    def ours(self, after: int) -> Iterable[Named]:
        """Our records that a row may be, those with an id above `after`, in one query."""

    @abstractmethod
    def make(self, row: Row) -> Made:
        """A new record of ours."""


class PaymentMethods(LinkedList):
    entity = Entity.PAYMENT_METHOD
    kind = Kind.PAYMENT_METHOD

    def ours(self, after: int) -> Iterable[Named]:
        return _named(PaymentMethod, self.kind, after)

    def make(self, row: Row) -> Made:
        fitting = Fitting(row)
        return Made(PaymentMethod(name=fitting.text("Name", label="name", length=31)), fitting.note)


class Terms(LinkedList):
    """Terms that count days; those due on a day of the month have no place here (qbo-api.md §8.6)."""

    entity = Entity.TERM
    kind = Kind.TERM

    def left_alone(self, row: Row) -> str:
        if reason := super().left_alone(row):
            return reason
        if row.get("Type") == "DATE_DRIVEN" or "DayOfMonthDue" in row:
            return "It falls due on a day of the month. Terms here count days."
        return "" if text(row, "DueDays").isdecimal() or not text(row, "DueDays") else "Its days are not a number."

    def ours(self, after: int) -> Iterable[Named]:
        return _named(Term, self.kind, after)

    def make(self, row: Row) -> Made:
        fitting = Fitting(row)
        name = fitting.text("Name", label="name", length=31)
        return Made(Term(name=name, due_days=int(text(row, "DueDays") or 0)), fitting.note)


def _named(model: type[Model], kind: Kind, after: int) -> Iterable[Named]:
    rows = model._default_manager.filter(pk__gt=after).values_list("pk", "name")
    return (Named(kind, pk, name) for pk, name in rows)
