"""Receipts go to QuickBooks after their expense, each once, whatever becomes of the answer."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from hours.models import ExpenseEntry
from qbo_sync.models import Attempt, Connection, Kind, Link
from qbo_sync.models.states import RunState
from qbo_sync.push.plan import is_left_behind
from tests.factories import ExpenseEntryFactory, InvoiceFactory, InvoiceLineFactory
from tests.quickbooks import QuickBooks, map_everything
from tests.unit.qbo_sync.push.conftest import copied, planned, queued, told, work

CONTENT = b"%PDF-1.4 boxes, $31.20"


@pytest.fixture
def expense(settings: Any, tmp_path: Path, transactional_db: None) -> ExpenseEntry:
    settings.MEDIA_ROOT = tmp_path
    return ExpenseEntryFactory(receipt=ContentFile(CONTENT, name="boxes.pdf"))


@pytest.fixture
def books(expense: ExpenseEntry, connection: Connection, quickbooks: QuickBooks) -> Connection:
    map_everything(connection, quickbooks)
    return connection


def files(quickbooks: QuickBooks) -> list[tuple[str, str, int, list[dict[str, Any]]]]:
    rows = quickbooks.query("select * from Attachable")
    return [(row["FileName"], row["ContentType"], row["Size"], row["AttachableRef"]) for row in rows]


def as_kept(expense: ExpenseEntry) -> tuple[str, str, int, list[dict[str, Any]]]:
    """The receipt as QuickBooks should keep it."""
    qbo_id = Link.objects.get(expense_entry=expense).qbo_id
    name = f"SMM-E{expense.pk} {Path(expense.receipt.name).name}"
    return name, "application/pdf", len(CONTENT), [{"EntityRef": {"value": qbo_id, "type": "Purchase"}}]


def test_it_is_a_row_of_its_own_after_its_expense(books: Connection, expense: ExpenseEntry) -> None:
    run = planned(books, expense)

    rows = list(run.steps.order_by("position").values_list("kind", "entity", "label", "brought_along", "needs"))
    assert rows[-2:] == [
        ("expense_entry", "Purchase", str(expense), False, [1, 0]),
        ("receipt", "Attachable", f"Receipt: {expense}", True, [2]),
    ]


def test_it_is_uploaded_and_attached(books: Connection, quickbooks: QuickBooks, expense: ExpenseEntry) -> None:
    run = copied(books, expense)

    assert told(run)[f"Receipt: {expense}"] == ("done", "", "")
    assert files(quickbooks) == [as_kept(expense)]
    link = Link.objects.get(receipt=expense)
    assert (link.entity, link.qbo_id) == ("Attachable", "1")
    [uploaded] = [row for row in quickbooks.requests("write") if row["path"].endswith("/upload")]
    assert uploaded["requestid"] == Attempt.objects.latest("pk").request_id


def test_it_is_offered_once(books: Connection, expense: ExpenseEntry) -> None:
    copied(books, expense)

    assert set(planned(books, expense).steps.values_list("kind", "state")) == {("expense_entry", "linked")}


def test_one_added_later_goes_by_itself(books: Connection, quickbooks: QuickBooks, expense: ExpenseEntry) -> None:
    later = ExpenseEntryFactory(job=expense.job, associate=expense.associate, category=expense.category)
    copied(books, later)
    assert not is_left_behind(books, Kind.EXPENSE_ENTRY, later.pk)
    later.receipt = ContentFile(CONTENT, name="later.pdf")
    later.save()
    assert is_left_behind(books, Kind.EXPENSE_ENTRY, later.pk)

    run = copied(books, later)

    assert not is_left_behind(books, Kind.EXPENSE_ENTRY, later.pk)
    assert list(run.steps.values_list("kind", "state")) == [("expense_entry", "linked"), ("receipt", "done")]
    assert files(quickbooks) == [as_kept(later)]


def test_it_comes_along_with_an_invoice(books: Connection, quickbooks: QuickBooks, expense: ExpenseEntry) -> None:
    invoice = InvoiceFactory(job=expense.job, status="finalized")
    InvoiceLineFactory(invoice=invoice, expense_entry=expense, quantity=None, rate=None, amount=expense.amount)

    run = copied(books, invoice)

    assert set(run.steps.values_list("state", flat=True)) == {"done"}
    assert files(quickbooks) == [as_kept(expense)]


def test_settings_may_leave_receipts_here(books: Connection, expense: ExpenseEntry) -> None:
    books.receipts_are_copied = False
    books.save()

    assert "receipt" not in planned(books, expense).steps.values_list("kind", flat=True)


def test_a_receipt_whose_expense_is_refused_waits(
    books: Connection, quickbooks: QuickBooks, expense: ExpenseEntry
) -> None:
    quickbooks.behave(rules=[{"match": {"entity": "Purchase"}, "then": {"fault": "6210"}}])

    run = copied(books, expense)

    state, words, _ = told(run)[f"Receipt: {expense}"]
    assert (state, words.startswith(f"It waits for expense “{expense}”.")) == ("blocked", True)
    assert files(quickbooks) == []


def test_a_missing_file_is_said_in_the_plan(books: Connection, expense: ExpenseEntry) -> None:
    expense.receipt.storage.delete(expense.receipt.name)

    words = "The file of the receipt is missing here. Attach it to the expense again."
    assert told(planned(books, expense))[f"Receipt: {expense}"] == ("in_the_way", words, "open")


@pytest.mark.parametrize(
    "how",
    [
        {"drop": "before"},
        {"drop": "after"},
        {"drop": "after", "remember": False},
        {"status": 500},
        {"status": 503},
        {"status": 401},
    ],
    ids=str,
)
def test_it_is_there_once_whatever_becomes_of_the_answer(
    books: Connection, quickbooks: QuickBooks, expense: ExpenseEntry, how: dict[str, Any]
) -> None:
    quickbooks.behave(rules=[{"match": {"path": "/upload"}, "then": how}])

    run = copied(books, expense)
    for _ in range(3):
        work(books)

    run.refresh_from_db()
    assert (run.state, told(run)[f"Receipt: {expense}"][0]) == (RunState.DONE, "done")
    assert files(quickbooks) == [as_kept(expense)]


def test_one_whose_expense_was_deleted_at_quickbooks_is_refused_in_words(
    books: Connection, quickbooks: QuickBooks, expense: ExpenseEntry
) -> None:
    later = ExpenseEntryFactory(job=expense.job, associate=expense.associate, category=expense.category)
    copied(books, later)
    quickbooks.delete("Purchase", str(Link.objects.get(expense_entry=later).qbo_id))
    later.receipt = ContentFile(CONTENT, name="later.pdf")
    later.save()

    run = copied(books, later)

    assert told(run)[f"Receipt: {later}"] == (
        "refused",
        f"Something that this record refers to is not known or not active at QuickBooks: expense “{later}”. Make it "
        "active at QuickBooks, or choose another one in the settings; then try again.",
        "mappings",
    )
    assert files(quickbooks) == []


def test_a_file_that_vanishes_on_the_way_is_not_sent(
    books: Connection, quickbooks: QuickBooks, expense: ExpenseEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queued(books, expense)
    expense.receipt.storage.delete(expense.receipt.name)
    monkeypatch.setattr(FileSystemStorage, "exists", lambda *_: True)

    work(books)

    state, words, _ = told(run)[f"Receipt: {expense}"]
    assert (state, "The file of the receipt is missing here." in words) == ("refused", True)
    assert files(quickbooks) == []


def test_many_go_one_by_one_beside_other_records(
    books: Connection, quickbooks: QuickBooks, expense: ExpenseEntry
) -> None:
    same = {"job": expense.job, "associate": expense.associate, "category": expense.category}
    more = [ExpenseEntryFactory(**same, receipt=ContentFile(CONTENT, name="more.pdf")) for _ in range(4)]

    run = copied(books, expense, *more)

    assert set(run.steps.values_list("state", flat=True)) == {"done"}
    assert sorted(files(quickbooks)) == sorted(as_kept(each) for each in (expense, *more))
