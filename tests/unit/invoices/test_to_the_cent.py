"""Whatever is recorded, changed and taken off: an invoice comes to what its lines and adjustment say, to the cent."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hours.models import ExpenseEntry, FlatFee, HourEntry, MileageEntry
from invoices import billing, paper
from invoices.choosing import choosing
from invoices.entries import unbilled_entries
from invoices.models import Invoice
from tests.factories import (
    DAY,
    ExpenseEntryFactory,
    FlatFeeFactory,
    HourEntryFactory,
    JobFactory,
    MileageEntryFactory,
)

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")


def dollars(least: str, most: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=Decimal(least), max_value=Decimal(most), places=2)


HOURS = st.tuples(st.just(HourEntryFactory), st.fixed_dictionaries(
    {"minutes": st.integers(1, 24 * 60), "charge_rate": dollars("0", "999.99")}
))  # fmt: skip
MILES = st.tuples(st.just(MileageEntryFactory), st.fixed_dictionaries({
    "miles": st.decimals(min_value="0.1", max_value="999.9", places=1),
    "charge_included_miles": st.decimals(min_value=0, max_value=50, places=1),
    "charge_rate": st.decimals(min_value=0, max_value="9.999", places=3),
}))  # fmt: skip
EXPENSES = st.tuples(st.just(ExpenseEntryFactory), st.fixed_dictionaries({"amount": dollars("0.01", "9999.99")}))
FEES = st.tuples(st.just(FlatFeeFactory), st.fixed_dictionaries({"amount": dollars("0.01", "9999.99")}))
MORE_DIGITS_ON_SQLITE = [
    (ExpenseEntryFactory, {"amount": Decimal("0.11")}),
    (MileageEntryFactory, {"miles": Decimal("813.2"), "charge_included_miles": Decimal(0),
                           "charge_rate": Decimal("0.319")}),
    (ExpenseEntryFactory, {"amount": Decimal("168.61")}),
]  # fmt: skip
ENTRIES = st.lists(st.one_of(HOURS, MILES, EXPENSES, FEES), min_size=1, max_size=5)


def exactly(entry: Any) -> Decimal:
    """What an entry comes to by the rule alone: one rounding, half up, at the very end."""
    if isinstance(entry, HourEntry):
        unrounded = Decimal(entry.minutes) * entry.charge_rate / 60
    elif isinstance(entry, MileageEntry):
        unrounded = max(entry.miles - entry.charge_included_miles, Decimal(0)) * entry.charge_rate
    else:
        assert isinstance(entry, ExpenseEntry | FlatFee)
        unrounded = entry.amount
    return unrounded.quantize(CENT, rounding=ROUND_HALF_UP)


def in_every_way(invoice: Invoice) -> set[Decimal]:
    """The total as it is summed in Python, by the database, and on paper."""
    read = Invoice.objects.get(pk=invoice.pk)
    return {read.total, Invoice.objects.with_total().get(pk=invoice.pk).total_amount, paper.paper_of(read).total}


class ToTheCent(TestCase):
    @given(recorded=ENTRIES, adjustment=dollars("-500", "500"))
    @example(recorded=MORE_DIGITS_ON_SQLITE, adjustment=Decimal("-500.00"))
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_an_invoice_is_the_sum_of_its_lines(
        self, recorded: list[tuple[Any, dict[str, Any]]], adjustment: Decimal
    ) -> None:
        job = JobFactory()
        entries = [factory(job=job, **facts) for factory, facts in recorded]
        expected = sum((exactly(entry) for entry in entries), adjustment)
        *_, shown = choosing(job, up_to=None).sums(adjustment=adjustment)
        assert shown.amount == expected
        invoice = billing.bill_entries(job=job, entries=entries, date=DAY, adjustment=adjustment)
        assert in_every_way(invoice) == {expected}
        assert {line.source: line.amount for line in invoice.lines.all()} == {e: exactly(e) for e in entries}

    @given(recorded=ENTRIES, part=st.integers(0, 5))
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_billed_in_two_parts_it_is_the_same_money(
        self, recorded: list[tuple[Any, dict[str, Any]]], part: int
    ) -> None:
        """Splitting loses no cent, and neither does taking an invoice apart and billing everything anew."""
        job = JobFactory()
        entries = [factory(job=job, **facts) for factory, facts in recorded]
        parts = [entries[:part], entries[part:]]
        invoices = [billing.bill_entries(job=job, entries=some, date=DAY) for some in parts if some]
        in_parts = sum((Invoice.objects.get(pk=invoice.pk).total for invoice in invoices), Decimal(0))
        for invoice in invoices:
            billing.discard(invoice=invoice)
        whole = billing.bill_entries(job=job, entries=unbilled_entries(job), date=DAY)
        assert in_every_way(whole) == {in_parts}

    @given(recorded=ENTRIES, part=st.integers(0, 4), own=st.lists(dollars("-500", "500"), max_size=3))
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_a_draft_that_grows_is_the_same_money(
        self, recorded: list[tuple[Any, dict[str, Any]]], part: int, own: list[Decimal]
    ) -> None:
        """Billed at once or bit by bit, with lines of one's own between: no cent is lost, and nothing billed twice."""
        job = JobFactory()
        entries = [factory(job=job, **facts) for factory, facts in recorded]
        first, rest = entries[: part + 1], entries[part + 1 :]
        draft = billing.bill_entries(job=job, entries=first, date=DAY)
        for amount in own:
            billing.add_line(invoice=draft, description="Permit", amount=amount)
        if rest:
            *_, shown = choosing(job, up_to=None).sums_on(Invoice.objects.get(pk=draft.pk))
            billing.add_entries(invoice=draft, entries=rest)
            assert in_every_way(draft) == {shown.amount}
        assert in_every_way(draft) == {sum((exactly(entry) for entry in entries), sum(own, Decimal(0)))}
        assert unbilled_entries(job) == []

    @given(recorded=ENTRIES, amount=dollars("0.00", "9999.99"))
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_a_changed_line_changes_the_total_by_as_much(
        self, recorded: list[tuple[Any, dict[str, Any]]], amount: Decimal
    ) -> None:
        job = JobFactory()
        entries = [factory(job=job, **facts) for factory, facts in recorded]
        invoice = billing.bill_entries(job=job, entries=entries, date=DAY)
        line, before = invoice.lines.all()[0], invoice.total
        was = line.amount
        billing.change_line(line=line, description=line.description, amount=amount)
        assert in_every_way(invoice) == {before - was + amount}
        billing.remove_line(line=line)
        assert in_every_way(invoice) == {before - was}
