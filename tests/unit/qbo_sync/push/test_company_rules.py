"""What a company's own settings at QuickBooks make of a record: sales tax, class and location, payroll."""

from typing import Any

import pytest

from invoices.models import Invoice
from qbo_sync.models import Class, Connection, Department, Mapping, Purpose
from tests.factories import AssociateFactory, ExpenseEntryFactory, HourEntryFactory, InvoiceFactory, InvoiceLineFactory
from tests.quickbooks import QuickBooks, map_everything
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours, planned, told, work

pytestmark = pytest.mark.sandbox

TAXED = "QuickBooks added $8.00 of sales tax: its total is $108.00 there and $100.00 here."


def taxable(**values: Any) -> Invoice:
    """An invoice over $100 of taxable packing material."""
    invoice = InvoiceFactory(number="2043", status=Invoice.Status.FINALIZED)
    line = {"quantity": None, "rate": None, "amount": "100.00", "description": "Packing material", "taxable": True}
    InvoiceLineFactory(invoice=invoice, position=1, **{**line, **values})
    return invoice


def sold(quickbooks: QuickBooks) -> dict[str, Any]:
    [invoice] = quickbooks.query("select * from Invoice")
    return invoice


@pytest.fixture
def rate(quickbooks: QuickBooks) -> str:
    """The company's tax code is one of 8 %."""
    [code] = quickbooks.query("select * from TaxCode where Name = 'California'")
    return str(code["Id"])


def test_what_is_not_taxable_is_not_taxed(mapped: Connection, quickbooks: QuickBooks, rate: str) -> None:
    quickbooks.prefer(TaxPrefs={"TaxGroupCodeRef": {"value": rate}})
    invoice = taxable(taxable=False)

    run = copied(mapped, invoice)

    row = sold(quickbooks)
    assert (row["TotalAmt"], "TxnTaxCodeRef" in row["TxnTaxDetail"]) == (100, False)
    assert row["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "NON"}
    assert told(run)[f"Invoice 2043 · {invoice.job.client}"] == ("done", "", "")


def test_what_is_taxable_is_taxed_by_the_company_s_code_and_said(
    mapped: Connection, quickbooks: QuickBooks, rate: str
) -> None:
    quickbooks.prefer(TaxPrefs={"TaxGroupCodeRef": {"value": rate}})
    invoice = taxable()

    run = copied(mapped, invoice)

    row = sold(quickbooks)
    assert (row["TotalAmt"], row["TxnTaxDetail"]["TxnTaxCodeRef"]["value"]) == (108, rate)
    assert told(run)[f"Invoice 2043 · {invoice.job.client}"] == ("done", TAXED, "")


def test_what_automated_sales_tax_adds_is_said(mapped: Connection, quickbooks: QuickBooks, rate: str) -> None:
    quickbooks.prefer(TaxPrefs={"TaxGroupCodeRef": {"value": rate}, "PartnerTaxEnabled": True})
    invoice = taxable()

    run = copied(mapped, invoice)

    assert "TxnTaxDetail" not in run.attempts.latest("pk").body
    assert sold(quickbooks)["TotalAmt"] == 108
    assert told(run)[f"Invoice 2043 · {invoice.job.client}"] == ("done", TAXED, "")


def test_a_lost_answer_with_tax_added_is_found_once(mapped: Connection, quickbooks: QuickBooks, rate: str) -> None:
    quickbooks.prefer(TaxPrefs={"TaxGroupCodeRef": {"value": rate}, "PartnerTaxEnabled": True})
    quickbooks.behave(
        rules=[{"match": {"entity": "Invoice", "operation": "create"}, "then": {"drop": "after", "remember": False}}]
    )
    invoice = taxable()

    run = copied(mapped, invoice)
    work(mapped)

    assert told(run)[f"Invoice 2043 · {invoice.job.client}"] == ("done", TAXED, "")
    assert sold(quickbooks)["TotalAmt"] == 108


@pytest.mark.parametrize("prefs", [{"UsingSalesTax": False}, {"TaxGroupCodeRef": {}}])
def test_without_sales_tax_no_code_is_sent(
    mapped: Connection, quickbooks: QuickBooks, rate: str, prefs: dict[str, Any]
) -> None:
    quickbooks.prefer(TaxPrefs={"TaxGroupCodeRef": {"value": rate}, **prefs})

    copied(mapped, taxable())

    row = sold(quickbooks)
    assert row["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "TAX"}
    assert "TxnTaxCodeRef" not in row["TxnTaxDetail"]


def choose(connection: Connection) -> None:
    """A class and a location for all that is copied."""
    row = {"connection": connection, "name": "Moves", "full_name": "Moves"}
    Mapping.objects.create(
        connection=connection, purpose=Purpose.DEFAULT_CLASS, klass=Class.objects.create(qbo_id="1", **row)
    )
    location = Department.objects.create(qbo_id="1", **row)
    Mapping.objects.create(connection=connection, purpose=Purpose.DEFAULT_LOCATION, department=location)


@pytest.mark.parametrize(
    ("prefs", "expected"),
    [
        ({}, {}),
        ({"ClassTrackingPerTxn": True}, {"invoice": True, "hours": True, "expense": True}),
        ({"ClassTrackingPerTxnLine": True}, {"line": True, "hours": True, "expense": True}),
        ({"TrackDepartments": True}, {"located": 3}),
    ],
    ids=str,
)
def test_class_and_location_are_put_where_the_company_tracks_them(
    connection: Connection, quickbooks: QuickBooks, prefs: dict[str, bool], expected: dict[str, Any]
) -> None:
    for entity in ("Class", "Department"):
        quickbooks.create(entity, Name="Moves")
    quickbooks.prefer(AccountingInfoPrefs=prefs)
    hours = HourEntryFactory()
    invoice, expense = invoice_for_hours(hours), ExpenseEntryFactory(job=hours.job, associate=hours.associate)
    map_everything(connection, quickbooks)
    choose(connection)

    run = copied(connection, invoice, expense)

    assert set(run.steps.values_list("state", flat=True)) == {"done"}
    [activity] = quickbooks.query("select * from TimeActivity")
    [purchase] = quickbooks.query("select * from Purchase where DocNumber LIKE 'SMM-%'")
    row = sold(quickbooks)
    found = {
        "invoice": "ClassRef" in row,
        "line": "ClassRef" in row["Line"][0]["SalesItemLineDetail"],
        "hours": "ClassRef" in activity,
        "expense": "ClassRef" in purchase["Line"][0]["AccountBasedExpenseLineDetail"],
        "located": sum("DepartmentRef" in each for each in (row, activity, purchase)),
    }
    assert {name: value for name, value in found.items() if value} == expected


def test_what_nobody_chose_is_not_put(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.prefer(AccountingInfoPrefs={"ClassTrackingPerTxnLine": True, "TrackDepartments": True})
    invoice = invoice_for_hours()
    map_everything(connection, quickbooks)

    assert set(copied(connection, invoice).steps.values_list("state", flat=True)) == {"done"}
    assert ("ClassRef" in str(sold(quickbooks)), "DepartmentRef" in sold(quickbooks)) == (False, False)


ADDRESS = {"address": "12 Elm Street", "city": "Madison", "state": "WI", "postal_code": "53703"}


@pytest.fixture
def payroll(mapped: Connection, quickbooks: QuickBooks) -> Connection:
    """A company with QuickBooks Payroll, as the last run has seen."""
    quickbooks.with_features(PayrollFeature="true")
    mapped.has_payroll = True
    mapped.save()
    return mapped


def test_payroll_composes_an_employee_s_name_by_itself(payroll: Connection, quickbooks: QuickBooks) -> None:
    person = AssociateFactory(first_name="Dana", middle_name="Mae", last_name="Ortiz", **ADDRESS)

    run = copied(payroll, person)

    assert told(run) == {"Dana Mae Ortiz": ("done", "", "")}
    [employee] = quickbooks.query("select * from Employee where FamilyName = 'Ortiz'")
    assert (employee["DisplayName"], employee["PrimaryAddr"]["City"]) == ("Dana Mae Ortiz", "Madison")


def test_payroll_wants_an_address(payroll: Connection) -> None:
    person = AssociateFactory(first_name="Dana", last_name="Ortiz", city="Madison")

    words = "QuickBooks Payroll wants an employee's address. Missing: state, ZIP code."
    assert told(planned(payroll, person)) == {"Dana Ortiz": ("in_the_way", words, "open")}


def test_payroll_wants_nothing_of_a_contractor(payroll: Connection) -> None:
    run = copied(payroll, AssociateFactory(first_name="Dana", last_name="Ortiz", kind="contractor"))

    assert told(run) == {"Dana Ortiz": ("done", "", "")}


def test_payroll_is_noticed_when_a_run_begins(mapped: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.with_features(PayrollFeature="true")
    person = AssociateFactory(first_name="Dana", last_name="Ortiz")

    run = copied(mapped, person)

    assert told(run)["Dana Ortiz"][0] == "in_the_way"
    assert quickbooks.query("select * from Employee where FamilyName = 'Ortiz'") == []
