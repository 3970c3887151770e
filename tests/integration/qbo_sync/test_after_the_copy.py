"""What the screens say of a record after it was copied: badge, filter, column, “Unlink”, and why it is not deleted."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client
from hours.models import ExpenseEntry
from invoices.models import InvoiceSettings, Payment
from qbo_sync.models import Connection, Kind, Link, Run, Unlinked
from qbo_sync.models.states import RunState, StepState
from smmware.core.extensions import delete_vetoes
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import (
    AssociateFactory,
    ClientFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceFactory,
    JobFactory,
    MileageEntryFactory,
    OrganizationFactory,
    PaymentFactory,
)
from tests.integration.qbo_sync.test_copies import said, text
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours, planned

LISTINGS: dict[str, tuple[str, Callable[..., Any]]] = {
    "invoices": ("invoices:list", InvoiceFactory),
    "hours": ("hours:hours", HourEntryFactory),
    "expenses": ("hours:expenses", ExpenseEntryFactory),
    "mileage": ("hours:mileage", MileageEntryFactory),
    "associates": ("associates:list", AssociateFactory),
    "clients": ("clients:list", ClientFactory),
    "organizations": ("organizations:list", OrganizationFactory),
}


def link(connection: Connection, record: Any, qbo_id: str | None = "77", **values: Any) -> Link:
    """A link of a record, as if it had been copied as it is now."""
    kind = Kind.of(record)
    given = {
        "source_version": record.version,
        "source_hash": "a" * 64,
        "origin": Link.Origin.PUSHED,
        "entity": "Customer",
    } | values
    return Link.objects.create(
        connection=connection, qbo_id=qbo_id, linked_by=connection.connected_by, linked_at=connection.connected_at,
        **{kind.value: record}, **given,
    )  # fmt: skip


@pytest.mark.parametrize("key", LISTINGS)
def test_every_listing_has_the_badge_as_column_filter_and_csv(mapped: Connection, office: Browser, key: str) -> None:
    name, make = LISTINGS[key]
    new, old, changed = make(), make(), make()
    link(mapped, old, "77")
    link(mapped, changed, "78", source_version=changed.version - 1)
    url = reverse(name)

    page = office.get(url).content.decode()
    for words in ('pill-neutral">Not copied', 'pill-good">Copied', 'pill-warn">Changed since'):
        assert words in page

    def found(chosen: str) -> set[int]:
        return {row.record.pk for row in office.get(url, {"qbo": chosen}).context["table"].rows}

    assert found("copied") == {old.pk}
    assert found("changed") == {changed.pk}
    assert found("there") == {old.pk, changed.pk}
    assert new.pk in found("not_copied") & found("not_there")
    assert not {old.pk, changed.pk} & (found("not_there") | found("not_copied"))
    assert (found("refused"), found("needs_choice"), found("waiting")) == (set(), set(), set())

    lines = b"".join(office.get(url, {"export": "csv", "qbo": "changed"}).streaming_content).decode().splitlines()
    assert ("QBO ID,QuickBooks" in lines[0], "78,Changed since" in lines[1], len(lines)) == (True, True, 2)


@pytest.mark.parametrize("key", LISTINGS)
def test_a_listing_asks_as_much_for_one_as_for_thirty(mapped: Connection, office: Browser, key: str) -> None:
    name, make = LISTINGS[key]
    link(mapped, make(), "1")
    counts = []
    for more in (0, 29):
        for number in range(more):
            link(mapped, make(), str(100 + number))
        with CaptureQueriesContext(database) as captured:
            office.get(reverse(name), {"paging": "off"})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_jobs_have_it_where_they_become_customers(mapped: Connection, office: Browser) -> None:
    job = JobFactory()
    pages = (reverse("clients:jobs"), job.get_absolute_url())
    assert ["Not copied" in office.get(page).content.decode() for page in pages] == [False, False]
    Connection.objects.update(jobs_are_customers=True)
    assert ["Not copied" in office.get(page).content.decode() for page in pages] == [True, True]
    link(mapped, job)
    assert "Copied" in text(office.get(job.get_absolute_url()))


def test_it_can_be_sorted_by(mapped: Connection, office: Browser) -> None:
    ClientFactory()
    assert office.get(reverse("clients:list"), {"sort": "qbo_badge"}).status_code == 200


def test_add_all_takes_what_was_refused(mapped: Connection, office: Browser) -> None:
    refused, _ = ClientFactory(), ClientFactory()
    run = planned(mapped, refused)
    Run.objects.update(state=RunState.DONE)
    run.steps.update(state=StepState.REFUSED)

    office.post(reverse("qbo:add_all", args=["clients"]), {"filters": "qbo=refused"})

    assert list(Run.objects.latest("pk").steps.values_list("record_id", flat=True)) == [refused.pk]


def test_the_page_of_a_record_tells_why(mapped: Connection, office: Browser) -> None:
    client = ClientFactory()
    assert "Not copied" in text(office.get(client.get_absolute_url()))
    run = planned(mapped, client)
    Run.objects.update(state=RunState.DONE)
    run.steps.update(state=StepState.REFUSED, message="Its name is too long.")

    page = office.get(client.get_absolute_url())

    assert "Refused Its name is too long. Add QBO" in text(page)
    assert run.get_absolute_url() in page.content.decode()


def test_payments_and_receipts_are_told_with_what_they_belong_to(
    mapped: Connection, office: Browser, quickbooks: QuickBooks, worker: None
) -> None:
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    invoice = invoice_for_hours(number="2043")
    first = PaymentFactory(invoice=invoice, amount=Decimal("20.00"))
    copied(mapped, invoice)
    second = PaymentFactory(invoice=invoice, amount=Decimal("30.00"))
    found = Link.objects.get(payment=first)
    client = invoice.job.client

    page = text(office.get(invoice.get_absolute_url()))
    assert f"Payment of $20.00 for Invoice 2043 · {client} Copied Payment {found.qbo_id}" in page
    assert f"Payment of $30.00 for Invoice 2043 · {client} Not copied" in page

    first.amount = Decimal("25.00")
    first.save()
    url = reverse("qbo:update_record", args=["payment", first.pk])
    assert f'action="{url}"' in office.get(invoice.get_absolute_url()).content.decode()
    run = update(office, first)
    office.post(reverse("qbo:run_next", args=[run.pk]))

    [row] = quickbooks.query(f"select * from Payment where Id = '{found.qbo_id}'")
    assert (row["TotalAmt"], Payment.objects.get(pk=second.pk).version) == (25, 1)
    assert "Changed since" not in text(office.get(invoice.get_absolute_url()))


@pytest.mark.parametrize("payments", [1, 30])
def test_the_page_asks_as_much_for_thirty_payments_as_for_one(
    mapped: Connection, office: Browser, payments: int, django_assert_max_num_queries: Any
) -> None:
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    invoice = invoice_for_hours()
    for number, payment in enumerate(PaymentFactory.create_batch(payments, invoice=invoice)):
        link(mapped, payment, str(number + 1), entity="Payment")
    with django_assert_max_num_queries(40):
        office.get(invoice.get_absolute_url())


def test_nobody_updates_a_payment_of_an_invoice_that_they_may_not_see(mapped: Connection, client_for: Any) -> None:
    payment = PaymentFactory()
    link(mapped, payment, "1", entity="Payment")
    basic = client_for(AssociateFactory(level=Level.BASIC_USER, qbo_admin=True))
    assert basic.post(reverse("qbo:update_record", args=["payment", payment.pk])).status_code == 404
    assert not Run.objects.exists()


# Unlink


def unlink(office: Browser, found: Link, **data: str) -> Any:
    return office.post(reverse("qbo:unlink", args=[found.pk]), data)


def test_unlink_asks_first_and_says_what_it_means(mapped: Connection, office: Browser) -> None:
    client = ClientFactory(name="Amy Zimmer")
    copied(mapped, client)
    found = Link.objects.get()
    assert reverse("qbo:unlink", args=[found.pk]) in office.get(client.get_absolute_url()).content.decode()

    page = text(office.get(reverse("qbo:unlink", args=[found.pk])))
    assert "Unlinking changes nothing at QuickBooks" in page
    assert "there will be two of it at QuickBooks" in page
    assert Link.objects.exists()

    assert "This field is required" in text(unlink(office, found, reason=" "))
    response = unlink(office, found, reason="The wrong Amy")

    assert (response.status_code, response["Location"]) == (302, client.get_absolute_url())
    assert said(response) == ["Amy Zimmer is unlinked. Nothing was changed at QuickBooks."]
    page = text(office.get(client.get_absolute_url()))
    assert "Not copied" in page
    assert f"Customer {found.qbo_id}: The wrong Amy Olivia Owner" in page


def test_what_is_under_way_is_not_unlinked(mapped: Connection, office: Browser) -> None:
    client = ClientFactory()
    copied(mapped, client)
    Link.objects.update(qbo_id=None)
    found = Link.objects.get()

    assert "A request about it is not settled yet." in text(office.get(reverse("qbo:unlink", args=[found.pk])))
    assert said(unlink(office, found, reason="Impatience"))[0].startswith("A request about it is not settled yet.")
    assert (Link.objects.count(), Unlinked.objects.count()) == (1, 0)


def test_nobody_unlinks_what_they_may_not_see(mapped: Connection, client_for: Any) -> None:
    found = link(mapped, InvoiceFactory())
    url = reverse("qbo:unlink", args=[found.pk])
    basic = client_for(AssociateFactory(level=Level.BASIC_USER, qbo_admin=True))
    no_admin = client_for(AssociateFactory(level=Level.COMPANY_OWNER))

    assert [basic.get(url).status_code, basic.post(url, {"reason": "x"}).status_code] == [404, 404]
    assert [no_admin.get(url).status_code, no_admin.post(url, {"reason": "x"}).status_code] == [403, 403]
    assert Link.objects.exists()


# Deleting here


def test_what_is_copied_is_not_deleted_here(mapped: Connection, office: Browser) -> None:
    client = ClientFactory(name="Amy Zimmer")
    link(mapped, client)
    url = reverse("clients:delete", args=[client.pk])

    page = text(office.get(url))

    assert "Amy Zimmer is at QuickBooks (Customer 77): deleted here alone, it would stay there." in page
    assert "or deletes it in QuickBooks and presses “Unlink”." in page
    assert office.post(url).status_code == 403
    assert Client.objects.filter(pk=client.pk).exists()

    Link.objects.all().delete()
    assert office.post(url).status_code == 302


def test_whoever_deletes_the_veto_stands(mapped: Connection, company: Company) -> None:
    """Also for those who are shown nothing of QuickBooks, and while the integration is off."""
    Company.objects.update(integration=Company.Integration.NO)
    payment, expense, client, free = PaymentFactory(), ExpenseEntryFactory(), ClientFactory(), ClientFactory()
    link(mapped, payment, "1")
    link(mapped, client, None, attempt=_attempt(mapped))
    Link.objects.create(
        connection=mapped, receipt=ExpenseEntry.objects.get(pk=expense.pk), entity="Attachable", qbo_id="3",
        origin=Link.Origin.PUSHED, linked_by=mapped.connected_by, linked_at=mapped.connected_at,
    )  # fmt: skip

    assert [len(delete_vetoes(record)) for record in (payment, expense, client, free)] == [1, 1, 1, 0]
    assert "may be there already" in delete_vetoes(client)[0]
    assert delete_vetoes(payment)[0].endswith("Then it can be deleted here.")


def _attempt(connection: Connection) -> Any:
    run = planned(connection, ClientFactory())
    return run.attempts.create(request_id="r-1", body="{}", lease_number=1, sent_at=run.created_at)


# Update QBO


@pytest.fixture
def changed(mapped: Connection, worker: None) -> Client:
    client = ClientFactory(name="Amy Zimmer", phone="(608) 555-0100")
    copied(mapped, client)
    client.phone = "(608) 555-0199"
    client.save()
    return client


def update(office: Browser, record: Any) -> Run:
    response = office.post(reverse("qbo:update_record", args=[Kind.of(record).value, record.pk]))
    run = Run.objects.latest("pk")
    assert (response.status_code, response["Location"], run.type) == (302, run.get_absolute_url(), "update")
    return run


def test_update_is_offered_where_something_changed(changed: Client, office: Browser) -> None:
    url = reverse("qbo:update_record", args=["client", changed.pk])
    assert url in office.get(changed.get_absolute_url()).content.decode()

    changed.phone = "(608) 555-0100"
    changed.save()

    assert url not in office.get(changed.get_absolute_url()).content.decode()


def test_update_has_its_plan_its_next_and_its_feedback(changed: Client, office: Browser) -> None:
    run = update(office, changed)
    page = text(office.get(run.get_absolute_url()))
    assert "1 record will be changed at Sandbox Company. Nothing has been sent yet." in page
    assert "To be changed What changes: Phone." in page

    office.post(reverse("qbo:run_next", args=[run.pk]))

    page = text(office.get(run.get_absolute_url()))
    assert "Finished. 1 of 1 record settled: 1 changed." in page
    assert "Copied" in text(office.get(changed.get_absolute_url()))


def test_two_edits_are_shown_side_by_side(changed: Client, office: Browser, quickbooks: QuickBooks) -> None:
    found = Link.objects.get()
    quickbooks.create(
        "Customer", Id=found.qbo_id, SyncToken="0", sparse=True, PrimaryPhone={"FreeFormNumber": "(999) 999-9999"}
    )
    run = update(office, changed)
    office.post(reverse("qbo:run_next", args=[run.pk]))
    step = run.steps.get()
    compare = reverse("qbo:compare", args=[run.pk, step.pk])
    assert f'href="{compare}"' in office.get(run.get_absolute_url()).content.decode()

    page = text(office.get(compare))
    assert "Field Here At QuickBooks Phone (608) 555-0199 (999) 999-9999 “Send ours” writes" in page
    for other in ("choices", "choice_create", "choice_leave_out", "choice_link"):
        url = reverse(f"qbo:{other}", args=[run.pk, step.pk])
        assert (office.get if other == "choices" else office.post)(url).status_code == 404

    office.post(reverse("qbo:send_ours", args=[run.pk, step.pk]))

    [row] = quickbooks.query("select * from Customer where DisplayName = 'Amy Zimmer'")
    assert row["PrimaryPhone"]["FreeFormNumber"] == "(608) 555-0199"
    assert "This is settled." in text(office.get(compare))
    assert said(office.post(reverse("qbo:keep_theirs", args=[run.pk, step.pk]))) == ["This is settled already."]


def test_keeping_what_quickbooks_has(changed: Client, office: Browser, quickbooks: QuickBooks) -> None:
    quickbooks.create("Customer", Id=Link.objects.get().qbo_id, SyncToken="0", sparse=True, GivenName="Amelia")
    changed.first_name = "Amanda"
    changed.save()
    run = update(office, changed)
    office.post(reverse("qbo:run_next", args=[run.pk]))

    office.post(reverse("qbo:keep_theirs", args=[run.pk, run.steps.get().pk]))

    assert "You kept what QuickBooks has." in text(office.get(run.get_absolute_url()))


def test_nobody_updates_what_they_may_not_see(mapped: Connection, client_for: Any) -> None:
    invoice = InvoiceFactory()
    link(mapped, invoice, source_version=0)
    basic = client_for(AssociateFactory(level=Level.BASIC_USER, qbo_admin=True))

    assert basic.post(reverse("qbo:update_record", args=["invoice", invoice.pk])).status_code == 404
    assert not Run.objects.exists()


def test_not_connected_nothing_is_planned(mapped: Connection, office: Browser) -> None:
    client = ClientFactory()
    run = copied(mapped, client)
    Connection.objects.update(state="reconnect")

    answers = [
        office.post(reverse("qbo:update_record", args=["client", client.pk])),
        office.post(reverse("qbo:run_reverse", args=[run.pk])),
    ]

    assert [answer["Location"] for answer in answers] == [reverse("qbo:connect")] * 2
    assert Run.objects.count() == 1


# Reverse this run


def test_a_run_is_reversed_with_a_plan_of_its_own(mapped: Connection, office: Browser, worker: None) -> None:
    client = ClientFactory(name="Amy Zimmer")
    run = copied(mapped, client)
    assert "Reverse this run" in text(office.get(run.get_absolute_url()))

    response = office.post(reverse("qbo:run_reverse", args=[run.pk]))
    reversal = Run.objects.latest("pk")
    assert (response["Location"], reversal.reverses) == (reversal.get_absolute_url(), run)
    page = text(office.get(reversal.get_absolute_url()))
    assert "1 record will be taken back at Sandbox Company. Nothing has been sent yet." in page
    assert "Here nothing is deleted; the records count as not copied afterwards." in page
    assert Link.objects.exists()

    office.post(reverse("qbo:run_next", args=[reversal.pk]))

    page = text(office.get(reversal.get_absolute_url()))
    assert "Finished. 1 of 1 record settled: 1 taken back." in page
    assert "Not copied" in text(office.get(client.get_absolute_url()))
    assert "Reverse: Add QBO ," in text(office.get(run.get_absolute_url()))
    assert "Taken back at QuickBooks: “Reverse: Add QBO”" in text(office.get(client.get_absolute_url()))


def test_a_run_that_made_nothing_is_not_reversed(mapped: Connection, office: Browser) -> None:
    run = planned(mapped, ClientFactory())
    assert "Reverse this run" not in text(office.get(run.get_absolute_url()))

    response = office.post(reverse("qbo:run_reverse", args=[run.pk]))

    assert said(response) == ["There is nothing at QuickBooks that this run created, or it is not over yet."]
    assert Run.objects.count() == 1


def take_back(office: Browser, record: Any) -> Any:
    return office.post(reverse("qbo:take_back", args=[Kind.of(record).value, record.pk]))


def test_an_invoice_is_gone_in_both_places_or_in_none(
    mapped: Connection, office: Browser, quickbooks: QuickBooks, worker: None
) -> None:
    invoice = invoice_for_hours()
    copied(mapped, invoice)
    found = Link.objects.get(invoice=invoice)
    delete = reverse("invoices:delete", args=[invoice.pk])
    assert "deleted here alone, it would stay there" in text(office.get(delete))
    assert office.post(delete).status_code == 403
    assert (
        reverse("qbo:take_back", args=["invoice", invoice.pk])
        in office.get(invoice.get_absolute_url()).content.decode()
    )

    take_back(office, invoice)
    run = Run.objects.latest("pk")
    assert (run.title, run.back_url, run.steps.count()) == (f"Take back: {invoice}", invoice.get_absolute_url(), 1)
    office.post(reverse("qbo:run_next", args=[run.pk]))

    assert quickbooks.query(f"select * from Invoice where Id = '{found.qbo_id}'") == []
    assert {row["BillableStatus"] for row in quickbooks.query("select * from TimeActivity")} >= {"Billable"}
    assert office.post(delete).status_code == 302
    assert not type(invoice).objects.filter(pk=invoice.pk).exists()


def test_a_paid_invoice_is_taken_back_nowhere(
    mapped: Connection, office: Browser, quickbooks: QuickBooks, worker: None
) -> None:
    invoice = invoice_for_hours()
    copied(mapped, invoice)
    found = Link.objects.get(invoice=invoice)
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": found.qbo_id, "TxnType": "Invoice"}]}
    customer = Link.objects.get(client=invoice.job.client).qbo_id
    quickbooks.create("Payment", CustomerRef={"value": customer}, TotalAmt=1, Line=[line])

    take_back(office, invoice)
    office.post(reverse("qbo:run_next", args=[Run.objects.latest("pk").pk]))

    assert "It has payments at QuickBooks." in text(office.get(Run.objects.latest("pk").get_absolute_url()))
    assert office.post(reverse("invoices:delete", args=[invoice.pk])).status_code == 403


def test_names_and_what_was_matched_are_not_taken_back_alone(mapped: Connection, office: Browser) -> None:
    client, entry = ClientFactory(), HourEntryFactory()
    link(mapped, client)
    link(mapped, entry, "78", origin=Link.Origin.MATCHED, entity="TimeActivity")

    for record in (client, entry):
        assert "Take back" not in text(office.get(record.get_absolute_url()))
        assert said(take_back(office, record)) == [
            "It was not copied from here: delete it in QuickBooks, then press “Unlink”."
        ]
    assert take_back(office, ClientFactory()).status_code == 404
    assert not Run.objects.exists()
