"""“Void here and at QuickBooks”: in both places or in none, whatever happens in between."""

from decimal import Decimal
from typing import Any

import pytest

from hours.models import HourEntry
from invoices import billing, payments
from invoices import voiding as here
from invoices.entries import unbilled_entries
from invoices.models import Invoice, InvoiceSettings
from qbo_sync.models import Connection, Link, Run
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push import reversing
from qbo_sync.push.badges import Badge
from qbo_sync.push.differences import WITHOUT_LINKS
from qbo_sync.push.voiding import EDITED, GONE_THERE, PAID, STAYED_HERE, plan_void, why_it_waits
from qbo_sync.runs import moves
from qbo_sync.serve import serve
from smmware.core.extensions import delete_vetoes, edit_vetoes, move_vetoes
from tests.factories import DAY, HourEntryFactory, PaymentFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import at_the_wire, copied, invoice_for_hours, planned, qbo_id, work
from tests.unit.qbo_sync.push.test_badges import badge
from tests.unit.qbo_sync.push.test_reversing import reversed_
from tests.unit.qbo_sync.push.test_updating import updated

WHY = "Billed to the wrong family"
VOID = {"entity": "Invoice", "operation": "void"}


@pytest.fixture
def invoice(mapped: Connection) -> Invoice:
    """A copied invoice over two hours."""
    invoice = invoice_for_hours(hours=2, number="2043")
    copied(mapped, invoice)
    return invoice


def planned_void(invoice: Invoice) -> Run:
    link = Link.objects.select_related("connection").get(invoice=invoice)
    return plan_void(link=link, invoice=invoice, reason=WHY, actor=link.linked_by)


def voided(invoice: Invoice) -> Run:
    """Plan, queue, and one ring of the doorbell."""
    run = planned_void(invoice)
    assert moves.queue(run)
    serve(run.connection_id)
    run.refresh_from_db()
    return run


def outcome(run: Run) -> tuple[str, str, str]:
    step = run.steps.get()
    return run.state, step.state, step.message


def in_both(invoice: Invoice, quickbooks: QuickBooks) -> tuple[str, bool]:
    """The status here, and whether it counts for nothing at QuickBooks."""
    [row] = quickbooks.query("select * from Invoice where DocNumber = '2043'")
    return Invoice.objects.get(pk=invoice.pk).status, row["TotalAmt"] == 0


def test_it_is_voided_there_and_then_here(invoice: Invoice, quickbooks: QuickBooks) -> None:
    entries = list(HourEntry.objects.order_by("pk"))
    before = len(quickbooks.requests("write"))

    run = voided(invoice)

    assert outcome(run) == (RunState.DONE, StepState.DONE, "")
    [request] = quickbooks.requests("write")[before:]
    assert [(each["operation"], each["entity"]) for each in request["operations"]] == [("void", "Invoice")]
    [row] = quickbooks.query("select * from Invoice where DocNumber = '2043'")
    assert (row["TotalAmt"], row["Balance"], row["PrivateNote"]) == (0, 0, "Voided")
    kept = Invoice.objects.with_total().get()
    assert (kept.status, kept.total_amount, kept.void_reason, kept.voided_by) == ("voided", 0, WHY, run.asked_by)
    assert unbilled_entries(kept.job) == entries
    link = Link.objects.get(invoice=invoice)
    assert (link.qbo_id, link.sync_token, link.source_version) == (row["Id"], row["SyncToken"], kept.version)
    assert badge(kept) == Badge.COPIED


def test_its_hours_can_be_billed_again_there_too(invoice: Invoice, mapped: Connection, quickbooks: QuickBooks) -> None:
    voided(invoice)
    again = billing.bill_entries(job=invoice.job, entries=unbilled_entries(invoice.job), date=DAY, number="2044")
    Invoice.objects.filter(pk=again.pk).update(status="finalized")

    run = copied(mapped, again)

    assert set(run.steps.values_list("state", "message")) == {("done", "")}
    ids = ", ".join(f"'{link.qbo_id}'" for link in Link.objects.filter(hour_entry__isnull=False))
    rows = quickbooks.query(f"select * from TimeActivity where Id IN ({ids})")
    assert [row["BillableStatus"] for row in rows] == ["HasBeenBilled"] * 2


def test_hours_that_a_flat_amount_covered_can_be_billed_again_there_too(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    """They were set to not billable there."""
    entry = HourEntryFactory()
    flat = billing.bill_flat(
        job=entry.job, amount=Decimal(900), description="All in", date=DAY, entries=[entry], number="2043"
    )
    Invoice.objects.filter(pk=flat.pk).update(status="finalized")
    copied(mapped, flat)
    copied(mapped, entry)
    voided(Invoice.objects.get())
    again = billing.bill_entries(job=entry.job, entries=[entry], date=DAY, number="2044")
    Invoice.objects.filter(pk=again.pk).update(status="finalized")

    run = copied(mapped, again)

    work(mapped)
    assert list(run.steps.values_list("kind", "state", "message")) == [("invoice", "done", WITHOUT_LINKS)]
    [row] = quickbooks.query(f"select * from TimeActivity where Id = '{qbo_id(entry)}'")
    [bill] = quickbooks.query("select * from Invoice where DocNumber = '2044'")
    assert (row["BillableStatus"], bill["TotalAmt"], bill["LinkedTxn"]) == ("NotBillable", 97.5, [])


def test_a_voided_invoice_is_not_copied(mapped: Connection) -> None:
    invoice = invoice_for_hours()
    assert mapped.connected_by is not None
    here.void(invoice=invoice, reason=WHY, by=mapped.connected_by)
    step = planned(mapped, invoice).steps.get()
    assert (step.state, step.reason, step.message) == (
        StepState.IN_THE_WAY, "voided", "It is voided: nothing is asked for any more."
    )  # fmt: skip


# In none


def test_paid_there_it_is_voided_nowhere(invoice: Invoice, quickbooks: QuickBooks) -> None:
    customer = {"value": qbo_id(invoice.job.client)}
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": qbo_id(invoice), "TxnType": "Invoice"}]}
    quickbooks.create("Payment", CustomerRef=customer, TotalAmt=1, Line=[line])

    assert outcome(voided(invoice)) == (RunState.DONE, StepState.IN_THE_WAY, PAID)
    assert in_both(invoice, quickbooks) == ("finalized", False)


def test_paid_there_that_very_moment_it_is_voided_nowhere(
    invoice: Invoice, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payment raises the SyncToken: the void is refused, read again, and judged anew."""
    customer = {"value": qbo_id(invoice.job.client)}
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": qbo_id(invoice), "TxnType": "Invoice"}]}
    pay = {"CustomerRef": customer, "TotalAmt": 1, "Line": [line]}
    at_the_wire(quickbooks, monkeypatch, lambda: quickbooks.create("Payment", **pay))

    assert outcome(voided(invoice)) == (RunState.DONE, StepState.IN_THE_WAY, PAID)
    assert in_both(invoice, quickbooks) == ("finalized", False)


def test_edited_there_it_is_voided_only_when_asked_for_again(invoice: Invoice, quickbooks: QuickBooks) -> None:
    edit(quickbooks, CustomerMemo={"value": "Thank you"})
    edit(quickbooks, TxnDate="2026-09-30")

    first = voided(invoice)

    words = EDITED.format(fields="Date")
    assert outcome(first) == (RunState.DONE, StepState.IN_THE_WAY, words)
    assert in_both(invoice, quickbooks) == ("finalized", False)

    edit(quickbooks, TxnDate="2026-10-31")  # not what the person was told of
    assert outcome(voided(invoice)) == (RunState.DONE, StepState.IN_THE_WAY, words)
    assert in_both(invoice, quickbooks) == ("finalized", False)

    assert outcome(voided(invoice)) == (RunState.DONE, StepState.DONE, "")
    assert in_both(invoice, quickbooks) == ("voided", True)


def test_touched_there_but_not_changed_it_is_voided(invoice: Invoice, quickbooks: QuickBooks) -> None:
    edit(quickbooks, CustomerMemo={"value": "Thank you"})

    assert outcome(voided(invoice)) == (RunState.DONE, StepState.DONE, "")


def edit(quickbooks: QuickBooks, **values: Any) -> None:
    """Somebody edits the invoice at QuickBooks."""
    [row] = quickbooks.query("select * from Invoice where DocNumber = '2043'")
    quickbooks.create("Invoice", Id=row["Id"], SyncToken=row["SyncToken"], sparse=True, **values)


def test_refused_there_it_stays_here(invoice: Invoice, quickbooks: QuickBooks) -> None:
    quickbooks.behave(rules=[{"match": VOID, "then": {"fault": "6200"}, "times": None}])

    run = voided(invoice)

    assert (run.state, run.steps.get().state) == (RunState.DONE, StepState.REFUSED)
    assert "closed" in run.steps.get().message
    assert in_both(invoice, quickbooks) == ("finalized", False)
    assert (why_it_waits(invoice), badge(invoice)) == ("", Badge.COPIED)


def test_gone_there_it_stays_here(invoice: Invoice, quickbooks: QuickBooks) -> None:
    quickbooks.delete("Invoice", qbo_id(invoice) or "")
    assert outcome(voided(invoice)) == (RunState.DONE, StepState.IN_THE_WAY, GONE_THERE)
    assert Invoice.objects.get().status == "finalized"


def test_what_became_paid_here_before_its_turn_stays(invoice: Invoice, quickbooks: QuickBooks) -> None:
    run = planned_void(invoice)
    Invoice.objects.filter(pk=invoice.pk).update(status="paid")
    moves.queue(run)
    serve(run.connection_id)
    run.refresh_from_db()
    assert outcome(run)[1:] == (StepState.IN_THE_WAY, here.why_not(Invoice.objects.get()))
    assert in_both(invoice, quickbooks) == ("paid", False)


def test_cancelled_before_its_turn_it_stays(invoice: Invoice, quickbooks: QuickBooks) -> None:
    run = planned_void(invoice)
    moves.queue(run)
    assert moves.cancel(run)
    serve(run.connection_id)
    assert run.steps.get().state == StepState.CANCELLED
    assert in_both(invoice, quickbooks) == ("finalized", False)


def test_what_is_voided_is_not_deleted_there(invoice: Invoice, quickbooks: QuickBooks) -> None:
    """Its number leaves no gap there either."""
    run = Run.objects.get()
    voided(invoice)

    found = dict(reversed_(run).steps.values_list("kind", "message"))

    assert found["invoice"] == reversing.VOIDED
    assert in_both(invoice, quickbooks) == ("voided", True)


# In both, on other ways


def test_voided_there_by_somebody_it_follows_here(invoice: Invoice, quickbooks: QuickBooks) -> None:
    quickbooks.void("Invoice", qbo_id(invoice) or "")
    assert in_both(invoice, quickbooks) == ("finalized", True)
    before = len(quickbooks.requests("write"))

    assert outcome(voided(invoice)) == (RunState.DONE, StepState.LINKED, "")
    assert in_both(invoice, quickbooks) == ("voided", True)
    assert len(quickbooks.requests("write")) == before


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_answer_is_looked_for(invoice: Invoice, quickbooks: QuickBooks, lost: str) -> None:
    quickbooks.behave(rules=[{"match": VOID, "then": {"drop": lost}, "times": 1}])
    run = voided(invoice)
    assert (run.state, run.steps.get().state) == (RunState.QUEUED, StepState.UNKNOWN)
    assert in_both(invoice, quickbooks) == ("finalized", lost == "after")
    assert why_it_waits(invoice)

    serve(run.connection_id)

    run.refresh_from_db()
    assert outcome(run) == (RunState.DONE, StepState.DONE, "")
    assert in_both(invoice, quickbooks) == ("voided", True)


def test_voided_here_alone_it_is_voided_there_too(invoice: Invoice, quickbooks: QuickBooks) -> None:
    """Somebody voided it while the request that copied it was being written."""
    here.void(invoice=invoice, reason=WHY, by=Link.objects.get(invoice=invoice).linked_by)
    invoice.refresh_from_db()
    assert (badge(invoice), in_both(invoice, quickbooks)) == (Badge.CHANGED, ("voided", False))

    assert outcome(voided(invoice)) == (RunState.DONE, StepState.DONE, "")
    assert (badge(invoice), in_both(invoice, quickbooks)) == (Badge.COPIED, ("voided", True))


# What nobody may do meanwhile


def test_nobody_moves_it_meanwhile(invoice: Invoice, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(status="sent")
    invoice.refresh_from_db()
    InvoiceSettings.objects.create(payments_at="here")
    waits = "Invoice 2043 is being voided here and at QuickBooks. Wait until that is settled."
    run = planned_void(invoice)
    assert (why_it_waits(invoice), payments.why_not(invoice)) == ("", "")
    seen = []
    moves.queue(run)
    assert why_it_waits(invoice) == waits

    def look() -> None:
        seen.append((move_vetoes(invoice, "overdue"), payments.why_not(invoice), waits in edit_vetoes(invoice)))

    at_the_wire(quickbooks, monkeypatch, look)
    serve(run.connection_id)

    assert seen == [([waits], waits, True)]
    assert (why_it_waits(invoice), in_both(invoice, quickbooks)) == ("", ("voided", True))


def test_whoever_was_faster_is_told(invoice: Invoice, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment that was being recorded when the void was asked for."""
    at_the_wire(quickbooks, monkeypatch, lambda: PaymentFactory(invoice=invoice, amount=Decimal("1.00")))

    run = voided(invoice)

    why = "Invoice 2043 has payments, and what is paid is not voided. Remove them first, if they were none."
    assert outcome(run) == (RunState.DONE, StepState.DONE, STAYED_HERE.format(why=why))
    assert in_both(invoice, quickbooks) == ("finalized", True)

    invoice.payments.get().delete()
    assert outcome(voided(invoice)) == (RunState.DONE, StepState.LINKED, "")
    assert in_both(invoice, quickbooks) == ("voided", True)


# What is not made wrong by a change here alone


def test_a_copied_invoice_is_no_draft(invoice: Invoice) -> None:
    link = Link.objects.get(invoice=invoice)
    assert move_vetoes(invoice, "preliminary") == [
        f"Invoice 2043 is at QuickBooks ({link}), where it counts: here it cannot be Preliminary meanwhile. Change it "
        "as it is and press “Update QBO”; or first have it taken back there (“Take back” on its page), or void it."
    ]
    assert [move_vetoes(invoice, target) for target in ("tl_approved", "sent", "paid")] == [[], [], []]


def test_nor_below_what_is_copied(invoice: Invoice, mapped: Connection) -> None:
    Connection.objects.update(copied_from_status="sent")
    invoice.status = "sent"
    assert [bool(move_vetoes(invoice, target)) for target in ("tl_approved", "paid", "overdue")] == [True, False, False]
    invoice.status = "finalized"  # copied before the setting was changed
    assert [bool(move_vetoes(invoice, target)) for target in ("tl_approved", "preliminary")] == [False, True]


def test_its_lines_stay_where_they_bill_something(invoice: Invoice) -> None:
    line = invoice.lines.all()[0]
    link = Link.objects.get(invoice=invoice)
    assert delete_vetoes(line) == [
        f"Invoice 2043 is at QuickBooks ({link}), which would go on billing this: taken off here alone, it could be "
        "billed a second time. First have the invoice taken back there (“Take back” on its page), or void it."
    ]
    invoice.lines.update(hour_entry=None)
    assert delete_vetoes(invoice.lines.all()[0]) == []


def test_what_is_not_copied_is_free(mapped: Connection) -> None:
    invoice = invoice_for_hours()
    vetoes = [move_vetoes(invoice, target) for target in ("preliminary", "voided")]
    assert [*vetoes, delete_vetoes(invoice.lines.all()[0]), edit_vetoes(invoice)] == [[], [], [], []]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "so it is voided in both places or in none"),
        ({"entity": "CreditMemo"}, "a credit memo cannot be voided there"),
        ({"qbo_id": None}, "is being copied to QuickBooks, or may be there already"),
    ],
)
def test_why_it_is_not_voided_here_alone(invoice: Invoice, values: dict[str, Any], words: str) -> None:
    Link.objects.filter(invoice=invoice).update(**values)
    [veto] = move_vetoes(invoice, "voided")
    assert words in veto


def test_at_a_company_that_is_not_connected_now(invoice: Invoice) -> None:
    Connection.objects.update(is_active=False, state="disconnected", access_token=None, refresh_token=None)
    [veto] = move_vetoes(invoice, "voided")
    assert "in Sandbox Company, which is not connected now" in veto


def test_updating_a_voided_invoice_sends_nothing(invoice: Invoice, quickbooks: QuickBooks) -> None:
    voided(invoice)
    before = len(quickbooks.requests("write"))
    run = updated(Invoice.objects.get())
    assert run.steps.get().message == "It is voided: nothing is asked for any more."
    assert len(quickbooks.requests("write")) == before
