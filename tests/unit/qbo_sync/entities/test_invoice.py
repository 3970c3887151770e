"""Invoices as invoices: one line per activity, linked on header and line (qbo-api.md §8.9, §9)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from clients.models import Client
from invoices.models import Invoice
from qbo_sync.entities import COPIED, Context, Obstacle
from qbo_sync.models import Entity, Kind, Purpose, Reason
from tests.factories import (
    DAY,
    ClientFactory,
    ExpenseEntryFactory,
    FlatFeeFactory,
    FlatFeePresetFactory,
    HourEntryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    JobCodeFactory,
    JobFactory,
    MileageEntryFactory,
    TermFactory,
)
from tests.unit.qbo_sync.entities.conftest import body, context, loaded, words

pytestmark = pytest.mark.django_db
COPIED_INVOICE = COPIED[Kind.INVOICE]


@pytest.fixture
def client() -> Client:
    return ClientFactory(name="Margaret Whitfield", email="margaret@example.com")


def finalized(client: Client, **values: Any) -> Invoice:
    values = {"number": "2043", "status": Invoice.Status.FINALIZED, "job": JobFactory(client=client), **values}
    return InvoiceFactory(**values)


def given(invoice: Invoice, *linked: tuple[Any, Entity, str], **options: Any) -> Context:
    return context((invoice.job.client, Entity.CUSTOMER, "1"), *linked, **options)


def sold(item: str, amount: str, description: str, **detail: Any) -> dict[str, Any]:
    return {
        "Amount": Decimal(amount),
        "Description": description,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": item}, "TaxCodeRef": {"value": "NON"}, **detail},
    }


HEAD = {
    "CustomerRef": {"value": "1"},
    "DocNumber": "2043",
    "TxnDate": "2026-03-02",
    "BillEmail": {"Address": "margaret@example.com"},
}


def test_an_itemized_invoice(client: Client) -> None:
    term = TermFactory()
    invoice = finalized(
        client,
        term=term,
        due_date=dt.date(2026, 4, 1),
        adjustment=Decimal("-12.50"),
        internal_note="Ask for the elevator key.",
        public_note="Thank you.",
    )
    on = {"job": invoice.job}
    hours, mileage, expense = HourEntryFactory(**on), MileageEntryFactory(**on), ExpenseEntryFactory(**on)
    InvoiceLineFactory(invoice=invoice, position=1, hour_entry=hours)
    InvoiceLineFactory(
        invoice=invoice, position=2, mileage_entry=mileage, description="Miles",
        quantity=Decimal("20.00"), rate=Decimal("0.670"), amount=Decimal("13.40"),
    )  # fmt: skip
    InvoiceLineFactory(
        invoice=invoice, position=3, expense_entry=expense, description="Boxes",
        quantity=None, rate=None, amount=Decimal("31.20"),
    )  # fmt: skip
    InvoiceLineFactory(
        invoice=invoice, position=4, flat_fee=FlatFeeFactory(**on), description="Packing material",
        quantity=Decimal(1), rate=Decimal(75), amount=Decimal("75.00"), taxable=True,
    )  # fmt: skip
    linked = {"TxnId": "5", "TxnType": "TimeActivity"}

    assert body(invoice, given(invoice, (hours, Entity.TIME_ACTIVITY, "5"), (term, Entity.TERM, "3"))) == {
        **HEAD,
        "DueDate": "2026-04-01",
        "SalesTermRef": {"value": "3"},
        "PrivateNote": "Ask for the elevator key.",
        "CustomerMemo": {"value": "Thank you."},
        "LinkedTxn": [linked],
        "Line": [
            {
                **sold("2", "97.50", "Packing the kitchen", Qty=Decimal("1.50"), UnitPrice=Decimal("65.000")),
                "LinkedTxn": [linked],
            },
            sold("31", "13.40", "Miles", Qty=Decimal("20.00"), UnitPrice=Decimal("0.670")),
            sold("32", "31.20", "Boxes"),
            sold("33", "75.00", "Packing material", Qty=1, UnitPrice=75, TaxCodeRef={"value": "TAX"}),
            sold("35", "-12.50", "Adjustment"),
        ],
    }
    assert COPIED_INVOICE.amount(loaded(invoice)) == Decimal("204.60")
    assert COPIED_INVOICE.label(loaded(invoice)) == "Invoice 2043 · Margaret Whitfield"
    assert COPIED_INVOICE.needs(loaded(invoice)) == (
        (Kind.CLIENT, client.pk),
        (Kind.JOB, invoice.job_id),
        (Kind.HOUR_ENTRY, hours.pk),
        (Kind.MILEAGE_ENTRY, mileage.pk),
        (Kind.EXPENSE_ENTRY, expense.pk),
    )
    assert COPIED_INVOICE.refers_to(loaded(invoice)) == (
        *COPIED_INVOICE.needs(loaded(invoice)),
        (Kind.TERM, term.pk),
    )


def test_a_flat_invoice_prints_its_amount_and_no_hours(client: Client) -> None:
    invoice = finalized(client, kind=Invoice.Kind.FLAT)
    hours = HourEntryFactory(job=invoice.job)
    InvoiceLineFactory(
        invoice=invoice, position=1, description="Move, all in", quantity=None, rate=None, amount=Decimal("1500.00")
    )
    InvoiceLineFactory(invoice=invoice, position=2, hour_entry=hours, covered=True, amount=Decimal(0))

    assert body(invoice, given(invoice, (hours, Entity.TIME_ACTIVITY, "5"))) == {
        **HEAD,
        "Line": [sold("34", "1500.00", "Move, all in")],
    }
    assert COPIED_INVOICE.needs(loaded(invoice)) == (
        (Kind.CLIENT, client.pk),
        (Kind.JOB, invoice.job_id),
        (Kind.HOUR_ENTRY, hours.pk),
    )


@pytest.mark.parametrize(
    ("quantity", "rate", "amount", "shown"),
    [
        ("1.50", "65.000", "97.50", True),
        ("0.33", "65.550", "21.63", True),  # 21.6315
        ("0.25", "0.820", "0.21", True),  # 0.205 is rounded half up
        ("0.25", "0.820", "0.20", False),
        ("1.67", "65.000", "108.33", False),  # 1 h 40 min at $65: 108.33, not 108.55
        ("0.00", "65.000", "0.00", False),
        (None, "65.000", "97.50", False),
        ("1.50", None, "97.50", False),
    ],
)
def test_an_amount_that_is_not_quantity_times_rate_goes_alone(
    client: Client, quantity: str | None, rate: str | None, amount: str, shown: bool
) -> None:
    invoice = finalized(client)
    InvoiceLineFactory(
        invoice=invoice, position=1, quantity=quantity and Decimal(quantity), rate=rate and Decimal(rate),
        amount=Decimal(amount),
    )  # fmt: skip
    detail = {"Qty": Decimal(quantity or 0), "UnitPrice": Decimal(rate or 0)} if shown else {}

    assert body(invoice, given(invoice))["Line"] == [sold("33", amount, "Packing the kitchen", **detail)]


@pytest.mark.parametrize(
    "values", [{"billable": False}, {"charge_rate": Decimal(0)}, {"date": DAY - dt.timedelta(days=1)}]
)
def test_hours_that_are_not_billable_at_quickbooks_are_not_linked(client: Client, values: dict[str, Any]) -> None:
    invoice = finalized(client)
    hours = HourEntryFactory(job=invoice.job, **values)
    InvoiceLineFactory(invoice=invoice, position=1, hour_entry=hours)
    copied = () if "date" in values else ((hours, Entity.TIME_ACTIVITY, "5"),)

    assert body(invoice, given(invoice, *copied, go_live_date=DAY)) == {
        **HEAD,
        "Line": [sold("2", "97.50", "Packing the kitchen", Qty=Decimal("1.50"), UnitPrice=Decimal("65.000"))],
    }


def test_texts_are_as_long_as_quickbooks_takes(client: Client) -> None:
    invoice = finalized(client, number="9" * 21, internal_note="n" * 4000, public_note="p" * 1000)
    InvoiceLineFactory(invoice=invoice, position=1, description="d" * 4000)

    sent = body(invoice, given(invoice))

    assert (sent["DocNumber"], sent["PrivateNote"], sent["CustomerMemo"], sent["Line"][0]["Description"]) == (
        "9" * 21,
        "n" * 4000,
        {"value": "p" * 1000},
        "d" * 4000,
    )


def test_an_invoice_whose_term_and_email_are_not_known_goes_without(client: Client) -> None:
    client.email = ""
    client.save()
    invoice = finalized(client, term=TermFactory())
    InvoiceLineFactory(invoice=invoice, position=1)

    assert sorted(body(invoice, given(invoice))) == ["CustomerRef", "DocNumber", "Line", "TxnDate"]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"status": Invoice.Status.PRELIMINARY}, "A preliminary invoice is a draft. Finalize it first."),
        ({"date": DAY - dt.timedelta(days=1)}, "It is dated before the go-live date."),
        ({"status": Invoice.Status.FINALIZED}, ""),
        ({"status": Invoice.Status.TL_APPROVED}, ""),
        ({"status": Invoice.Status.SENT}, ""),
        ({"status": Invoice.Status.OVERDUE}, ""),
        ({"status": Invoice.Status.PAID}, ""),
    ],
)
def test_invoices_that_are_never_copied(client: Client, values: dict[str, Any], why: str) -> None:
    assert words(COPIED_INVOICE.never(loaded(finalized(client, **values)), context(go_live_date=DAY))) == why


def test_our_own_company_is_not_invoiced() -> None:
    invoice = finalized(ClientFactory(is_own_company=True))

    assert words(COPIED_INVOICE.never(loaded(invoice), context())) == "Our own company is not invoiced."


def test_an_invoice_of_an_inquiry_waits() -> None:
    invoice = finalized(ClientFactory(name="Ida Quiry", stage=Client.Stage.INQUIRY))

    assert COPIED_INVOICE.obstacle(loaded(invoice), context()) == Obstacle(
        "Ida Quiry is still an inquiry. Promote it to a client first.", Reason.INQUIRY
    )


def test_an_invoice_of_nothing_is_in_the_way(client: Client) -> None:
    invoice = finalized(client, adjustment=Decimal("-97.50"))
    InvoiceLineFactory(invoice=invoice, position=1)

    assert COPIED_INVOICE.obstacle(loaded(invoice), context()) == Obstacle(
        "Its total is zero: nothing is asked for, nothing given back. Change its lines or its adjustment.",
        Reason.NO_TOTAL,
    )


def _line_of(purpose: Purpose, invoice: Invoice) -> None:
    made = {
        Purpose.HOURS_ITEM: lambda: {"hour_entry": HourEntryFactory(job=invoice.job)},
        Purpose.MILEAGE_ITEM: lambda: {"mileage_entry": MileageEntryFactory(job=invoice.job)},
        Purpose.EXPENSES_ITEM: lambda: {"expense_entry": ExpenseEntryFactory(job=invoice.job)},
        Purpose.FLAT_FEES_ITEM: lambda: {"flat_fee": FlatFeeFactory(job=invoice.job)},
    }.get(purpose, dict)()
    InvoiceLineFactory(invoice=invoice, position=1, **made)


@pytest.mark.parametrize(
    ("purpose", "values"),
    [
        (Purpose.HOURS_ITEM, {}),
        (Purpose.MILEAGE_ITEM, {}),
        (Purpose.EXPENSES_ITEM, {}),
        (Purpose.FLAT_FEES_ITEM, {}),
        (Purpose.FLAT_INVOICES_ITEM, {"kind": Invoice.Kind.FLAT}),
        (Purpose.ADJUSTMENT_ITEM, {"adjustment": Decimal("1.00")}),
    ],
)
def test_an_invoice_waits_for_the_items_of_its_lines(client: Client, purpose: Purpose, values: dict[str, Any]) -> None:
    invoice = finalized(client, **values)
    _line_of(purpose, invoice)
    what = f"“{purpose.label}” is not chosen yet in the QuickBooks settings."

    assert COPIED_INVOICE.obstacle(loaded(invoice), context(without=(purpose,))) == Obstacle(
        what, Reason.MAPPING, purpose
    )
    assert COPIED_INVOICE.obstacle(loaded(invoice), context()) is None


def test_the_lines_of_an_invoice_are_read_without_a_query_each(client: Client, django_assert_num_queries: Any) -> None:
    invoice = finalized(client)
    for position in range(1, 31):
        InvoiceLineFactory(invoice=invoice, position=position, hour_entry=HourEntryFactory(job=invoice.job))
    everything = given(invoice)

    with django_assert_num_queries(2):
        [record] = COPIED_INVOICE.records().filter(pk=invoice.pk)
        assert len(COPIED_INVOICE.body(record, everything).Line) == 30
        assert COPIED_INVOICE.obstacle(record, everything) is None
        assert len(COPIED_INVOICE.needs(record)) == 32


class TestItemsForOne:
    """A job code, an expense category and a preset of flat fees may have an item of their own."""

    def lines(self, client: Client) -> Invoice:
        invoice = finalized(client)
        code, preset = JobCodeFactory(), FlatFeePresetFactory()
        for entry in (
            {"hour_entry": HourEntryFactory(job=invoice.job, job_code=code)},
            {"hour_entry": HourEntryFactory(job=invoice.job)},
            {"expense_entry": ExpenseEntryFactory(job=invoice.job)},
            {"flat_fee": FlatFeeFactory(job=invoice.job, preset=preset)},
            {"flat_fee": FlatFeeFactory(job=invoice.job)},
            {},
        ):
            InvoiceLineFactory(invoice=invoice, **entry)
        return invoice

    def items(self, invoice: Invoice, mappings: dict[Any, str]) -> list[str]:
        usual = given(invoice)
        sent = body(invoice, Context({**usual.mappings, **mappings}, usual.links, usual.company))
        return [line["SalesItemLineDetail"]["ItemRef"]["value"] for line in sent["Line"]]

    def test_the_usual_items_where_none_is_chosen(self, client: Client) -> None:
        assert self.items(self.lines(client), {}) == ["2", "2", "32", "33", "33", "33"]

    def test_their_own_where_one_is(self, client: Client) -> None:
        invoice = self.lines(client)
        code, _, category, preset, *_ = invoice.lines.order_by("position")
        own = {
            (Purpose.JOB_CODE_ITEM, code.hour_entry.job_code_id): "102",
            (Purpose.CATEGORY_ITEM, category.expense_entry.category_id): "132",
            (Purpose.PRESET_ITEM, preset.flat_fee.preset_id): "133",
            # The same numbers of other kinds are not meant:
            (Purpose.CATEGORY_ITEM, code.hour_entry.job_code_id + 9000): "x",
        }
        assert self.items(invoice, own) == ["102", "2", "132", "133", "33", "33"]
