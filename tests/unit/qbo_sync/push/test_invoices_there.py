"""Invoices that somebody made at QuickBooks by hand: asked about before ours is sent, and linked without being sent."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from associates.models import Associate
from invoices.models import Invoice, InvoiceSettings
from qbo_sync.connection.client import client_for
from qbo_sync.models import Connection, FoundDocument, Kind, Link, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push import choices, old_invoices, ruling_out, waiting
from qbo_sync.push.accepting import Accepted, accept, acceptable
from qbo_sync.push.choices import CLIENT_FIRST
from qbo_sync.push.invoices_there import ASK, Search
from qbo_sync.push.old_invoices import FOUND, NOTHING_LIKE_IT
from qbo_sync.runs import moves
from qbo_sync.runs.lease import claim
from qbo_sync.serve import serve
from tests.factories import (
    ClientFactory,
    HourEntryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    JobFactory,
    PaymentFactory,
)
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours, planned, qbo_id, queued, states, told, work


def by_hand(quickbooks: QuickBooks, invoice: Invoice, **changed: Any) -> str:
    """The same invoice, made at QuickBooks by hand for the same customer, but for what is changed; its QBO ID."""
    line = {
        "Amount": str(invoice.total), "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
    }  # fmt: skip
    customer = changed.get("CustomerRef") or {"value": qbo_id(invoice.job.client)}
    body = {
        "CustomerRef": customer, "DocNumber": invoice.number,
        "TxnDate": invoice.date.isoformat(), "Line": [line],
    } | changed  # fmt: skip
    return str(quickbooks.create("Invoice", **{name: value for name, value in body.items() if value is not None})["Id"])


@pytest.fixture
def invoice(mapped: Connection) -> Invoice:
    """An invoice for hours whose client is linked already."""
    made = invoice_for_hours()
    copied(mapped, made.job.client)
    return made


def the_step(run: Run) -> Step:
    return run.steps.select_related("run__connection", "attempt").get(kind=Kind.INVOICE)


def billable(quickbooks: QuickBooks) -> list[str]:
    return [row["BillableStatus"] for row in quickbooks.query("select * from TimeActivity")]


def invoices_there(quickbooks: QuickBooks) -> list[str]:
    return [row["Id"] for row in quickbooks.query("select * from Invoice")]


# Before ours is sent


def test_an_invoice_made_by_hand_waits_for_a_choice(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice
) -> None:
    made = by_hand(quickbooks, invoice)

    run = copied(mapped, invoice)

    label = f"Invoice {invoice.number} · {invoice.job.client}"
    assert told(run)[label] == ("needs_choice", ASK, "match")
    [found] = choices.documents(the_step(run))
    assert (found.qbo_id, found.how_sure, found.why, found.differs) == (
        made, "exact", "the same number, the same total, the same client", "",
    )  # fmt: skip
    assert (invoices_there(quickbooks), billable(quickbooks)) == ([made], ["Billable"])


def test_linked_its_hours_are_not_billed_again_and_nothing_is_sent(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice, owner: Associate
) -> None:
    made = by_hand(quickbooks, invoice)
    run = copied(mapped, invoice)

    assert choices.link(the_step(run), entity="Invoice", qbo_id=made, actor=owner) == ""
    work(mapped)

    run.refresh_from_db()
    link = Link.objects.get(invoice=invoice)
    assert (link.qbo_id, link.origin, link.source_version, bool(link.source_hash)) == (
        made, Link.Origin.MATCHED, invoice.version, True,
    )  # fmt: skip
    assert (run.state, set(states(run).values())) == (RunState.DONE, {"done", "linked"})
    assert (invoices_there(quickbooks), billable(quickbooks)) == ([made], ["NotBillable"])
    again = planned(mapped, invoice)
    assert list(again.steps.values_list("state", flat=True)) == ["linked"]


def test_hours_copied_after_their_invoice_was_linked_are_not_billable(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice, owner: Associate
) -> None:
    made = by_hand(quickbooks, invoice)
    old_invoices.begin(mapped, actor=owner, now=timezone.now())
    assert not serve(mapped.pk)
    accept(mapped, [each.pair for each in acceptable(mapped)], actor=owner)

    copied(mapped, invoice.lines.get().hour_entry)

    assert (invoices_there(quickbooks), billable(quickbooks)) == ([made], ["NotBillable"])


def test_none_of_these_sends_ours(mapped: Connection, quickbooks: QuickBooks, invoice: Invoice) -> None:
    made = by_hand(quickbooks, invoice, DocNumber="7001")
    run = copied(mapped, invoice)
    [found] = choices.documents(the_step(run))
    assert (found.how_sure, found.differs) == ("likely", f"number 7001 there, {invoice.number} here")

    assert choices.create_new(the_step(run)) == ""
    work(mapped)

    assert states(run)[the_step(run).label] == "done"
    assert sorted(invoices_there(quickbooks)) == sorted([made, str(qbo_id(invoice))])
    assert billable(quickbooks) == ["HasBeenBilled"]


def test_what_is_merely_possible_holds_nobody_up(mapped: Connection, quickbooks: QuickBooks, invoice: Invoice) -> None:
    other = quickbooks.create("Customer", DisplayName="Somebody Else")["Id"]
    line = {"Amount": 1, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
    by_hand(quickbooks, invoice, CustomerRef={"value": other}, Line=[line], DocNumber=f"0{invoice.number}")

    run = copied(mapped, invoice)

    assert states(run)[the_step(run).label] == "done"
    assert not FoundDocument.objects.exists()


def test_what_another_run_has_made_or_linked_is_no_strangers(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice
) -> None:
    copied(mapped, invoice)
    twin = InvoiceFactory(job=invoice.job, status=Invoice.Status.FINALIZED, date=invoice.date)
    InvoiceLineFactory(invoice=twin, amount=invoice.total)

    run = copied(mapped, twin)

    assert states(run) == {f"Invoice {twin.number} · {invoice.job.client}": "done"}


def test_what_bears_the_number_of_another_of_ours_is_that_one(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice
) -> None:
    twin = InvoiceFactory(job=invoice.job, status=Invoice.Status.FINALIZED, date=invoice.date)
    InvoiceLineFactory(invoice=twin, amount=invoice.total)
    by_hand(quickbooks, twin)

    assert states(copied(mapped, invoice))[f"Invoice {invoice.number} · {invoice.job.client}"] == "done"


def test_what_may_have_arrived_a_moment_ago_is_no_strangers(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice
) -> None:
    """QuickBooks numbers by itself: nothing tells the copy of which no answer came from what somebody made."""
    Connection.objects.filter(pk=mapped.pk).update(invoice_numbers=Connection.Numbers.QUICKBOOKS)
    mapped.refresh_from_db()
    copied(mapped, invoice.lines.get().hour_entry)
    quickbooks.behave(rules=[{"match": {"path": "/batch"}, "then": {"drop": "after"}}])
    lost = copied(mapped, invoice)
    assert states(lost)[f"Invoice {invoice.number} · {invoice.job.client}"] == "unknown"
    [there] = quickbooks.query("select * from Invoice")
    assert there["DocNumber"] != invoice.number
    twin = InvoiceFactory(job=invoice.job, status=Invoice.Status.FINALIZED, date=invoice.date)
    InvoiceLineFactory(invoice=twin, amount=invoice.total)
    with client_for(mapped) as client:
        lease = claim(mapped.pk)
        assert lease is not None
        run = queued(mapped, twin)
        steps = list(run.steps.filter(kind=Kind.INVOICE))
        assert Search(mapped, steps, client, lease).found() == {steps[0]: []}


def test_never_this_one_counts_for_invoices_too(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice, owner: Associate
) -> None:
    made = by_hand(quickbooks, invoice, DocNumber="7001")
    step = the_step(copied(mapped, invoice))

    assert ruling_out.never(step, entity="Invoice", qbo_id=made, actor=owner) == ""
    assert (choices.documents(step), waiting.waiting_records(mapped)[0].best) == ([], None)
    assert choices.leave_out(step) == ""

    assert states(copied(mapped, invoice))[step.label] == "done"


def test_the_client_comes_first(mapped: Connection, quickbooks: QuickBooks, owner: Associate) -> None:
    customer = quickbooks.create("Customer", DisplayName="Zoe Young")["Id"]
    invoice = invoice_for_hours(HourEntryFactory(job__client__name="Zoe Young"))
    made = by_hand(quickbooks, invoice, CustomerRef={"value": customer})
    run = copied(mapped, invoice)
    step = the_step(run)
    assert choices.documents(step)[0].how_sure == "likely"

    assert choices.link(step, entity="Invoice", qbo_id=made, actor=owner) == CLIENT_FIRST
    of_client = run.steps.select_related("run__connection", "attempt").get(kind=Kind.CLIENT)
    assert choices.link(of_client, entity="Customer", qbo_id=customer, actor=owner) == ""
    assert choices.link(step, entity="Invoice", qbo_id=made, actor=owner) == ""


def test_one_answer_for_all_is_for_lost_answers_alone(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice
) -> None:
    by_hand(quickbooks, invoice)
    run = copied(mapped, invoice)

    assert choices.open_documents(run) == []


def test_where_invoices_cannot_be_read_nothing_is_sent(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice
) -> None:
    made = by_hand(quickbooks, invoice)
    quickbooks.behave(rules=[{"match": {"entity": "Invoice", "operation": "query"}, "then": {"status": 500}}])
    run = queued(mapped, invoice)

    assert not serve(mapped.pk)

    run.refresh_from_db()
    assert (run.state, run.started_at, states(run)[the_step(run).label]) == (RunState.QUEUED, None, "ready")
    work(mapped)
    assert (states(run)[the_step(run).label], invoices_there(quickbooks)) == ("needs_choice", [made])


def test_the_requests_do_not_grow_with_the_invoices(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice
) -> None:
    asked = []
    for size in (1, 30):
        invoices = [invoice_for_hours(HourEntryFactory(job=invoice.job)) for _ in range(size)]
        before = len(quickbooks.requests("read"))
        copied(mapped, *invoices)
        reads = [row for row in quickbooks.requests("read")[before:] if "Invoice" in str(row)]
        asked.append(len(reads))
    assert asked[0] == asked[1] == 3  # a page and its count, and the numbers


def test_many_numbers_are_not_asked_for_where_all_invoices_are_few(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qbo_sync.push.invoices_there.NUMBERS", 2)
    made = by_hand(quickbooks, invoice)
    others = [invoice_for_hours(HourEntryFactory(job=invoice.job)) for _ in range(2)]
    before = len(quickbooks.requests("read"))

    run = copied(mapped, invoice, *others)

    reads = [row for row in quickbooks.requests("read")[before:] if "Invoice" in str(row)]
    assert len(reads) == 3  # how many there are, a page of them, and its count
    assert run.steps.get(kind=Kind.INVOICE, record_id=invoice.pk).state == StepState.NEEDS_CHOICE
    assert (made in invoices_there(quickbooks), len(invoices_there(quickbooks))) == (True, 3)


# Old invoices


@pytest.fixture
def old(mapped: Connection, quickbooks: QuickBooks) -> tuple[list[Invoice], list[str]]:
    """Four old invoices of one client: two there as they are, one under another number, one not at all."""
    job = JobFactory(client=ClientFactory(name="Zoe Young"))
    copied(mapped, job.client)
    made = []
    for amount in (100, 200, 300, 400):
        invoice = InvoiceFactory(job=job, status=Invoice.Status.PAID, date=dt.date(2025, 6, amount // 100))
        InvoiceLineFactory(invoice=invoice, amount=amount)
        made.append(invoice)
    there = [
        by_hand(quickbooks, made[0]), by_hand(quickbooks, made[1]), by_hand(quickbooks, made[2], DocNumber="9"),
    ]  # fmt: skip
    Connection.objects.filter(pk=mapped.pk).update(go_live_date=dt.date(2026, 1, 1))
    mapped.refresh_from_db()
    return made, there


def search(connection: Connection, owner: Associate) -> Run:
    run = old_invoices.begin(connection, actor=owner, now=timezone.now())
    assert run is not None
    assert not serve(connection.pk)
    run.refresh_from_db()
    return run


def test_old_invoices_are_found_and_nothing_is_sent(
    mapped: Connection, quickbooks: QuickBooks, owner: Associate, old: tuple[list[Invoice], list[str]]
) -> None:
    ours, there = old
    writes = len(quickbooks.requests("write"))

    run = search(mapped, owner)

    labels = [f"Invoice {each.number} · Zoe Young" for each in ours]
    assert run.state == RunState.DONE
    assert told(run) == {
        labels[0]: ("needs_choice", FOUND, "match"),
        labels[1]: ("needs_choice", FOUND, "match"),
        labels[2]: ("needs_choice", FOUND, "match"),
        labels[3]: ("left_out", NOTHING_LIKE_IT, ""),
    }
    shown = [
        (each.step.label, each.best.record.qbo_id if each.best else "", each.is_exact)
        for each in waiting.waiting_records(mapped, run)
    ]
    assert shown == [(labels[0], there[0], True), (labels[1], there[1], True), (labels[2], there[2], False)]
    assert len(quickbooks.requests("write")) == writes


def test_the_exact_ones_are_accepted_together(
    mapped: Connection, quickbooks: QuickBooks, owner: Associate, old: tuple[list[Invoice], list[str]]
) -> None:
    ours, there = old
    run = search(mapped, owner)

    assert accept(mapped, [each.pair for each in acceptable(mapped, run)], actor=owner) == Accepted(linked=2)
    assert not serve(mapped.pk)

    run.refresh_from_db()
    assert run.state == RunState.DONE
    links = {link.invoice_id: (link.qbo_id, link.origin) for link in Link.objects.filter(invoice__isnull=False)}
    assert links == {ours[0].pk: (there[0], "matched"), ours[1].pk: (there[1], "matched")}
    assert list(old_invoices.unlinked(mapped).order_by("pk")) == ours[2:]
    assert sorted(invoices_there(quickbooks)) == sorted(there)


def test_two_of_ours_that_fit_one_there_are_not_accepted_together(
    mapped: Connection, quickbooks: QuickBooks, owner: Associate, old: tuple[list[Invoice], list[str]]
) -> None:
    ours, _ = old
    twin = InvoiceFactory(job=ours[0].job, status=Invoice.Status.SENT, date=ours[0].date, number=f"0{ours[0].number}")
    InvoiceLineFactory(invoice=twin, amount=100)
    search(mapped, owner)

    hindered = {each.step.record_id: each.hindrance for each in waiting.waiting_records(mapped) if each.hindrance}
    assert hindered == {ours[0].pk: waiting.TWO_HERE, twin.pk: waiting.TWO_HERE}


def test_only_what_could_be_there_is_looked_for(mapped: Connection, owner: Associate) -> None:
    own = JobFactory(client=ClientFactory(is_own_company=True))
    for job, status, day in (
        (JobFactory(), Invoice.Status.PRELIMINARY, dt.date(2025, 5, 1)),
        (own, Invoice.Status.SENT, dt.date(2025, 5, 1)),
        (JobFactory(), Invoice.Status.SENT, dt.date(2026, 1, 1)),
    ):
        InvoiceFactory(job=job, status=status, date=day)
    old_one = InvoiceFactory(status=Invoice.Status.SENT, date=dt.date(2025, 12, 31))
    mapped.go_live_date = dt.date(2026, 1, 1)
    assert list(old_invoices.unlinked(mapped)) == [old_one]
    mapped.go_live_date = None
    assert old_invoices.unlinked(mapped).count() == 2


def test_a_search_that_goes_on_is_answered_instead_of_a_second(
    mapped: Connection, owner: Associate, old: tuple[list[Invoice], list[str]]
) -> None:
    first = old_invoices.begin(mapped, actor=owner, now=timezone.now())

    assert old_invoices.begin(mapped, actor=owner, now=timezone.now()) == first
    assert Run.objects.filter(type=Run.Type.MATCH).count() == 1


def test_with_nothing_to_look_for_there_is_no_search(mapped: Connection, owner: Associate) -> None:
    assert old_invoices.begin(mapped, actor=owner, now=timezone.now()) is None


def test_a_search_that_fails_is_taken_up_again(
    mapped: Connection, quickbooks: QuickBooks, owner: Associate, old: tuple[list[Invoice], list[str]]
) -> None:
    quickbooks.behave(rules=[{"match": {"entity": "Invoice", "operation": "query"}, "then": {"status": 500}}])
    run = old_invoices.begin(mapped, actor=owner, now=timezone.now())
    assert run is not None

    assert not serve(mapped.pk)
    run.refresh_from_db()
    assert (run.state, set(states(run).values())) == (RunState.QUEUED, {"ready"})

    assert not serve(mapped.pk)
    assert sorted(states(run).values()) == ["left_out", "needs_choice", "needs_choice", "needs_choice"]


def test_cancelled_it_looks_no_further(
    mapped: Connection, quickbooks: QuickBooks, owner: Associate, old: tuple[list[Invoice], list[str]]
) -> None:
    run = old_invoices.begin(mapped, actor=owner, now=timezone.now())
    assert run is not None
    assert moves.cancel(run)

    assert not serve(mapped.pk)

    run.refresh_from_db()
    assert (run.state, set(states(run).values())) == (RunState.CANCELLED, {"cancelled"})


def test_payments_from_before_the_link_are_not_paid_twice(
    mapped: Connection, quickbooks: QuickBooks, invoice: Invoice, owner: Associate
) -> None:
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    by_hand(quickbooks, invoice)
    before = PaymentFactory(invoice=invoice, amount=10, date=timezone.localdate() - dt.timedelta(days=3))
    after = PaymentFactory(invoice=invoice, amount=5, date=timezone.localdate() + dt.timedelta(days=3))
    old_invoices.begin(mapped, actor=owner, now=timezone.now())
    serve(mapped.pk)
    accept(mapped, [each.pair for each in acceptable(mapped)], actor=owner)

    run = planned(mapped, invoice)

    steps = dict(run.steps.filter(kind=Kind.PAYMENT).values_list("record_id", "state"))
    assert steps == {before.pk: StepState.IN_THE_WAY, after.pk: StepState.READY}
