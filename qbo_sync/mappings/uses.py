"""What waits for each choice: records that are not copied yet and would go with it. What was copied stays as it is.

As many queries for a large company as for a small one: each counts a kind of records in groups.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TypeAlias

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from associates.models import Associate
from hours.models import ExpenseEntry, HourEntry, MileageEntry, PaidFrom
from invoices.models import Invoice, InvoiceLine, InvoiceSettings, Payment
from qbo_sync.entities.invoice import copied_statuses
from qbo_sync.models import Connection, Kind, Purpose
from qbo_sync.models.mapping import FALLBACKS, PAID_FROM_PURPOSES
from smmware.core.display import plural

SlotKey: TypeAlias = tuple[Purpose, int | None]
LINES = "invoice lines"
# What is counted, in the order in which it is said.
NOUNS: dict[str, str] = {
    Kind.HOUR_ENTRY: "hour entry",
    Kind.MILEAGE_ENTRY: "mileage entry",
    Kind.EXPENSE_ENTRY: "expense",
    Kind.INVOICE: "invoice",
    LINES: "invoice line",
    Kind.PAYMENT: "payment",
}
LINE_PURPOSE = Case(
    When(hour_entry__isnull=False, then=Value(Purpose.HOURS_ITEM)),
    When(mileage_entry__isnull=False, then=Value(Purpose.MILEAGE_ITEM)),
    When(expense_entry__isnull=False, then=Value(Purpose.EXPENSES_ITEM)),
    When(flat_fee__isnull=False, then=Value(Purpose.FLAT_FEES_ITEM)),
    When(invoice__kind=Invoice.Kind.FLAT, then=Value(Purpose.FLAT_INVOICES_ITEM)),
    default=Value(Purpose.FLAT_FEES_ITEM),
)
LINE_OWNER = Coalesce("hour_entry__job_code", "expense_entry__category", "flat_fee__preset")
SPECIAL = {usual: special for special, usual in FALLBACKS.items()}


class Uses:
    """How many records wait for each choice.

    Args:
        connection: the company.
        chosen: what somebody has chosen for; where nothing is chosen for one job code, the usual item counts its hours.
    """

    def __init__(self, connection: Connection, chosen: Collection[SlotKey]) -> None:
        self._connection = connection
        self._chosen = chosen
        self._counts: dict[SlotKey, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for noun, keys, count in self._groups():
            for key in keys:
                self._counts[key][noun] += count

    def of(self, key: SlotKey) -> int:
        """How many records wait for this choice."""
        return sum(self._counts.get(key, {}).values())

    def in_words(self, key: SlotKey) -> str:
        """The same in words: “12 hour entries, 3 invoice lines”; "" for none."""
        counts = self._counts.get(key, {})
        return ", ".join(plural(counts[noun], NOUNS[noun]) for noun in NOUNS if counts.get(noun))

    def _groups(self) -> Iterator[tuple[str, list[SlotKey], int]]:
        """A kind of records, the choices that they wait for, and how many there are."""
        tracked: list[SlotKey] = [(Purpose.DEFAULT_CLASS, None), (Purpose.DEFAULT_LOCATION, None)]
        for job_code, count in _grouped(self._people_s(HourEntry), "job_code"):
            yield Kind.HOUR_ENTRY, [*self._special(Purpose.HOURS_ITEM, job_code), *tracked], count
        for (count,) in _grouped(self._people_s(MileageEntry)):
            paid: list[SlotKey] = [(Purpose.MILEAGE_ACCOUNT, None), (Purpose.PAID_FROM_ASSOCIATE, None)]
            yield Kind.MILEAGE_ENTRY, [*paid, *tracked], count
        for category, paid_from, count in _grouped(self._open(ExpenseEntry), "category", "paid_from"):
            account: list[SlotKey] = [
                (Purpose.CATEGORY_ACCOUNT, category),
                (PAID_FROM_PURPOSES[PaidFrom(paid_from)], None),
            ]
            yield Kind.EXPENSE_ENTRY, [*account, *tracked], count
        yield from self._of_invoices(tracked)

    def _of_invoices(self, tracked: list[SlotKey]) -> Iterator[tuple[str, list[SlotKey], int]]:
        invoices = self._invoices()
        for (count,) in _grouped(invoices):
            yield Kind.INVOICE, tracked, count
        for (count,) in _grouped(invoices.exclude(adjustment=0)):
            yield Kind.INVOICE, [(Purpose.ADJUSTMENT_ITEM, None)], count
        lines = InvoiceLine.objects.filter(invoice__in=invoices, covered=False)
        for purpose, owner, count in _grouped(lines.annotate(sold=LINE_PURPOSE, owner=LINE_OWNER), "sold", "owner"):
            yield LINES, self._special(Purpose(purpose), owner), count
        if InvoiceSettings.current().payments_here:
            for (count,) in _grouped(self._open(Payment)):
                yield Kind.PAYMENT, [(Purpose.DEPOSIT_ACCOUNT, None)], count

    def _special(self, usual: Purpose, owner: int | None) -> list[SlotKey]:
        """What such a record goes with: the choice for its own job code or category, or else the usual one."""
        own: list[SlotKey] = [(SPECIAL[usual], owner)] if owner and usual in SPECIAL else []
        return own if own and own[0] in self._chosen else [*own, (usual, None)]

    def _people_s(self, model: type[HourEntry | MileageEntry]) -> QuerySet:
        """What people recorded: that of vehicles is not copied."""
        return self._open(model).exclude(associate__kind=Associate.Kind.VEHICLE)

    def _open(self, model: type[HourEntry | MileageEntry | ExpenseEntry | Invoice | Payment]) -> QuerySet:
        """The records of a kind that are not copied yet and may be, by their date."""
        first = self._connection.go_live_date
        recent = Q(date__gte=first) if first else Q()
        return model._default_manager.filter(recent).exclude(qbo_links__connection=self._connection)

    def _invoices(self) -> QuerySet:
        return self._open(Invoice).filter(
            status__in=copied_statuses(self._connection), job__client__is_own_company=False
        )


def _grouped(records: QuerySet, *by: str) -> list[tuple]:
    """What the records are grouped by, with how many there are of each; one number where they are not grouped."""
    if not by:
        return [(records.order_by().count(),)]
    return list(records.order_by().values_list(*by).annotate(number=Count("pk")).values_list(*by, "number"))
