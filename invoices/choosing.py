"""What a new invoice can bill: the entries of a job that are on no invoice yet, which of them are chosen, the sums."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from clients.models import Job
from hours.models import Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry
from invoices.entries import SOURCE_OF, description_of, unbilled_entries, waiting_for_approval
from invoices.models import Invoice
from smmware.core.display import counted
from smmware.core.display import hours as in_hours
from smmware.core.keys import primary_key

KIND_OF = {source: model for model, source in SOURCE_OF.items()}
KIND_NAMES: dict[type[Entry], str] = {
    HourEntry: "Hours",
    MileageEntry: "Mileage",
    ExpenseEntry: "Expenses",
    FlatFee: "Flat fees",
}
NOTHING = Decimal(0)
COVERED = "Worth of the entries that it covers"


def key_of(entry: Entry) -> str:
    """The name of an entry in a form, such as “hour_entry-12”: its kind and its number there."""
    return f"{SOURCE_OF[type(entry)]}-{entry.pk}"


def entries_by_key(keys: Iterable[str]) -> list[Entry]:
    """The entries with these keys, billed or not; a query per kind. What is no key, or of nobody, is left out."""
    wanted: dict[type[Entry], list[int]] = {}
    for key in keys:
        source, _, number = key.partition("-")
        if source in KIND_OF and (pk := primary_key(number)):
            wanted.setdefault(KIND_OF[source], []).append(pk)
    return [entry for model, ids in wanted.items() for entry in model._default_manager.filter(pk__in=ids)]


@dataclass(frozen=True)
class Row:
    """An entry that can be chosen."""

    entry: Entry
    key: str
    chosen: bool

    @property
    def kind(self) -> str:
        return KIND_NAMES[type(self.entry)]

    @property
    def description(self) -> str:
        return description_of(self.entry)

    @property
    def extent(self) -> str:
        """How much of it there is, in words: “1.50 h”, “20.0 miles”."""
        if isinstance(self.entry, HourEntry):
            return f"{in_hours(self.entry.minutes)} h"
        return self.entry.distance if isinstance(self.entry, MileageEntry) else ""


@dataclass(frozen=True)
class Sum:
    """A line under the rows: what it sums, and how much, in dollars."""

    label: str
    amount: Decimal
    is_total: bool = False


@dataclass(frozen=True)
class Choosing:
    """The entries of a job that can be billed, and what an invoice over the chosen ones comes to.

    Args:
        waiting: how many more there will be once they are approved.
    """

    job: Job
    rows: Sequence[Row]
    waiting: int = 0

    @property
    def chosen(self) -> list[Entry]:
        return [row.entry for row in self.rows if row.chosen]

    @property
    def heading(self) -> str:
        """How many are chosen of how many, in words."""
        noun = "entry" if len(self.rows) == 1 else "entries"
        return f"{len(self.chosen)} of {counted(len(self.rows), noun)} chosen"

    def sums(self, *, adjustment: Decimal = NOTHING, flat: Decimal | None = None) -> list[Sum]:
        """The sums per kind, what they come to, the adjustment and the total.

        Args:
            adjustment: dollars, negative for a discount.
            flat: the amount of a flat invoice in dollars, which is charged in place of the entries; else None.
        """
        by_kind, charged = self._by_kind(), self.charged
        if flat is not None:
            by_kind = [Sum(COVERED, charged), Sum("Flat amount", flat)]
            charged = flat
        adjusted = [Sum("Adjustment", adjustment)] if adjustment else []
        return [*by_kind, *adjusted, Sum("Total", charged + adjustment, is_total=True)]

    def sums_on(self, invoice: Invoice) -> list[Sum]:
        """What an invoice comes to with the chosen ones on it: under a flat amount, what it came to without them."""
        if invoice.kind == Invoice.Kind.FLAT:
            return [Sum(COVERED, self.charged), Sum("Total", invoice.total, is_total=True)]
        so_far = Sum("On the invoice so far", invoice.total)
        return [so_far, *self._by_kind(), Sum("Total", invoice.total + self.charged, is_total=True)]

    @property
    def charged(self) -> Decimal:
        """What the chosen ones come to, in dollars."""
        return sum((entry.charge_amount for entry in self.chosen), NOTHING)

    def _by_kind(self) -> list[Sum]:
        return [
            Sum(name, sum(amounts, NOTHING))
            for model, name in KIND_NAMES.items()
            if (amounts := [entry.charge_amount for entry in self.chosen if type(entry) is model])
        ]


def choosing(job: Job, *, up_to: dt.date | None, shown: Collection[str] = (), chosen: Collection[str] = ()) -> Choosing:
    """What a job has to bill up to a day.

    Args:
        shown: the keys of what the person has seen; of these only the `chosen` are. What is new to them is chosen.
    """
    keyed = [(key_of(entry), entry) for entry in unbilled_entries(job, up_to=up_to)]
    rows = [Row(entry, key, key in chosen or key not in shown) for key, entry in keyed]
    return Choosing(job, rows, waiting_for_approval(job, up_to=up_to))
