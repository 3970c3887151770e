"""The Chart of Accounts, items, payment methods and terms."""

from invoices.models import PaymentMethod, Term
from qbo_sync.models import Account, Class, Connection, Department, Entity, ImportList, Item, Link
from tests.factories import PaymentMethodFactory, TermFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.pull.conftest import imported, outcomes


def test_the_chart_of_accounts_is_kept_as_it_is(connection: Connection, quickbooks: QuickBooks) -> None:
    parent = quickbooks.create("Account", Name="Vehicle", AccountType="Expense", AccountSubType="Auto")
    child = quickbooks.create(
        "Account", Name="Fuel", AccountType="Expense", AccountSubType="Auto", SubAccount=True,
        ParentRef={"value": parent["Id"]},
    )  # fmt: skip

    first, again = imported(connection, ImportList.ACCOUNTS), imported(connection, ImportList.ACCOUNTS)

    at_quickbooks = quickbooks.query("select * from Account where Active in (true, false) maxresults 1000")
    assert first.report["counts"] == {"new": len(at_quickbooks)}
    assert again.report["counts"] == {"unchanged": len(at_quickbooks)}
    kept = Account.objects.values_list("qbo_id", "name", "full_name", "type", "subtype", "is_active")
    assert set(kept) == {
        (row["Id"], row["Name"], row["FullyQualifiedName"], row["AccountType"], row["AccountSubType"], row["Active"])
        for row in at_quickbooks
    }
    assert Account.objects.get(qbo_id=child["Id"]).full_name == "Vehicle:Fuel"


def test_a_renamed_and_an_inactive_account_are_brought_up_to_date(
    connection: Connection, quickbooks: QuickBooks
) -> None:
    fuel = quickbooks.create("Account", Name="Fuel", AccountType="Expense")
    paper = quickbooks.create("Account", Name="Paper", AccountType="Expense")
    imported(connection, ImportList.ACCOUNTS)
    quickbooks.create("Account", Id=fuel["Id"], SyncToken="0", sparse=True, Name="Gasoline")
    quickbooks.create("Account", Id=paper["Id"], SyncToken="0", sparse=True, Active=False)

    run = imported(connection, ImportList.ACCOUNTS)

    changed = {name: outcome for name, (outcome, _) in outcomes(run).items() if outcome != "unchanged"}
    assert changed == {"Gasoline": "updated", "Paper (deleted)": "updated"}
    assert Account.objects.get(qbo_id=fuel["Id"]).name == "Gasoline"
    assert not Account.objects.get(qbo_id=paper["Id"]).is_active


def test_an_account_that_is_no_more_is_not_offered_again(connection: Connection, quickbooks: QuickBooks) -> None:
    merged = Account.objects.create(connection=connection, qbo_id="999", name="Merged", full_name="Merged", type="Bank")

    imported(connection, ImportList.ACCOUNTS)

    merged.refresh_from_db()
    assert not merged.is_active


def test_items_are_kept_with_their_type(connection: Connection, quickbooks: QuickBooks) -> None:
    imported(connection, ImportList.ITEMS)

    at_quickbooks = quickbooks.query("select * from Item")
    assert at_quickbooks
    assert set(Item.objects.values_list("qbo_id", "full_name", "type")) == {
        (row["Id"], row["FullyQualifiedName"], row["Type"]) for row in at_quickbooks
    }


def test_payment_methods_are_made_or_linked(connection: Connection, quickbooks: QuickBooks) -> None:
    cash = PaymentMethodFactory(name="cash")

    run = imported(connection, ImportList.PAYMENT_METHODS)

    at_quickbooks = {row["Name"]: row["Id"] for row in quickbooks.query("select * from PaymentMethod")}
    assert outcomes(run) == {name: ("linked" if name == "Cash" else "new", "") for name in at_quickbooks}
    assert set(PaymentMethod.objects.values_list("name", flat=True)) == {*at_quickbooks, "cash"} - {"Cash"}
    link = Link.objects.get(payment_method=cash)
    assert (link.entity, link.qbo_id, link.origin) == (Entity.PAYMENT_METHOD, at_quickbooks["Cash"], "matched")


def test_terms_take_their_days_along(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.create("Term", Name="The 10th", DayOfMonthDue=10)

    run = imported(connection, ImportList.TERMS)

    assert outcomes(run)["The 10th"] == ("left_alone", "It falls due on a day of the month. Terms here count days.")
    expected = {
        (row["Name"], row["DueDays"]) for row in quickbooks.query("select * from Term") if row["Name"] != "The 10th"
    }
    assert set(Term.objects.values_list("name", "due_days")) == expected


def test_a_name_that_must_be_unique_here_is_not_made_twice(connection: Connection, quickbooks: QuickBooks) -> None:
    """“Net 7” here is linked to a term that was renamed at QuickBooks; a new “Net 7” there cannot come in beside it."""
    ours = TermFactory(name="Net 7", due_days=7)
    first = quickbooks.create("Term", Name="Net 7", DueDays=7)
    imported(connection, ImportList.TERMS)
    quickbooks.create("Term", Id=first["Id"], SyncToken="0", sparse=True, Name="Seven days")
    quickbooks.create("Term", Name="Net 7", DueDays=7)

    run = imported(connection, ImportList.TERMS)

    assert outcomes(run)["Net 7"] == (
        "left_alone",
        "“Net 7” here is linked to another record of this name at QuickBooks.",
    )
    assert Link.objects.get(term=ours).qbo_id == first["Id"]


def test_classes_and_locations_are_kept_with_their_parents(connection: Connection, quickbooks: QuickBooks) -> None:
    parent = quickbooks.create("Class", Name="Moves")
    quickbooks.create("Class", Name="Local", ParentRef={"value": parent["Id"]})
    quickbooks.create("Department", Name="Madison")

    imported(connection, ImportList.CLASSES)
    imported(connection, ImportList.LOCATIONS)

    assert list(Class.objects.values_list("full_name", "is_active")) == [("Moves", True), ("Moves:Local", True)]
    assert list(Department.objects.values_list("full_name", flat=True)) == ["Madison"]
