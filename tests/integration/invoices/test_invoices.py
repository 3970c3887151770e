"""The Invoice Manager and the page of an invoice."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from associates.models import Associate
from clients.models import Job
from hours.models import HourEntry
from invoices import billing
from invoices.entries import unbilled_entries
from invoices.models import Invoice, InvoiceLine
from tests.factories import (
    DAY,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    JobFactory,
    MileageEntryFactory,
    PaymentFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]


@pytest.fixture
def office(admin: Associate, client_for: ClientFor) -> Browser:
    return client_for(admin)


@pytest.fixture
def job() -> Job:
    return JobFactory(client__name="Ann Ray", name="Move")


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def labels(response: Any) -> list[str]:
    return [action.label for action in response.context["actions"]]


def test_who_may_open_what(cast: dict[str, Associate], client_for: ClientFor) -> None:
    line = InvoiceLineFactory()
    reviewed = [("list", None), ("detail", line.invoice.pk)]
    managed = [
        ("add", None), ("edit", line.invoice.pk), ("delete", line.invoice.pk), ("edit_line", line.pk),
        ("remove_line", line.pk), ("void", line.invoice.pk),
    ]  # fmt: skip
    answers = {}
    for name, person in cast.items():
        browser = client_for(person)
        answers[name] = [
            [browser.get(reverse(f"invoices:{page}", args=[pk] if pk else [])).status_code for page, pk in pages]
            for pages in (reviewed, managed)
        ]
    assert answers == {name: [[200] * 2, [200] * 6] for name in cast} | {
        "lead": [[200] * 2, [403] * 6],
        "basic": [[403] * 2, [403] * 6],
    }


def test_what_may_not_be_opened_may_not_be_posted_to(
    lead: Associate, basic: Associate, client_for: ClientFor, job: Job
) -> None:
    line = InvoiceLineFactory(invoice__number="1001")
    pages = [
        ("add", None), ("edit", line.invoice.pk), ("delete", line.invoice.pk), ("edit_line", line.pk),
        ("remove_line", line.pk), ("void", line.invoice.pk),
    ]  # fmt: skip
    typed = {
        "reason": "Mine",
        "number": "9",
        "date": "2026-03-02",
        "description": "Mine",
        "amount": "1",
        "job": job.pk,
        "kind": "flat",
    }
    for person in (lead, basic):
        browser = client_for(person)
        for page, pk in pages:
            url = reverse(f"invoices:{page}", args=[pk] if pk else [])
            assert browser.post(url, typed).status_code == 403
        assert browser.post(reverse("invoices:move", args=[line.invoice.pk]), {"to": "finalized"}).status_code == 403
    assert list(Invoice.objects.values_list("number", "status")) == [("1001", "preliminary")]
    assert list(InvoiceLine.objects.values_list("description", flat=True)) == ["Packing the kitchen"]


@pytest.mark.parametrize("page", ["list", "add"])
def test_signed_out_one_is_asked_to_sign_in(client: Browser, page: str) -> None:
    url = reverse(f"invoices:{page}")
    assert client.get(url).headers["Location"] == f"{reverse('login')}?next={url}"


def paid_in_part() -> Invoice:
    invoice = InvoiceFactory(
        number="1001", job__client__name="Ann Ray", job__name="Move", status="sent", adjustment=Decimal("-7.50"),
        due_date=dt.date(2026, 4, 1),
    )  # fmt: skip
    InvoiceLineFactory.create_batch(2, invoice=invoice)
    PaymentFactory.create_batch(2, invoice=invoice)
    return invoice


def test_the_listing_and_its_totals(office: Browser) -> None:
    paid_in_part()
    InvoiceLineFactory(invoice__number="1002", invoice__job__client__name="Bo", invoice__job__name="Sorting")
    InvoiceLineFactory(invoice__number="1003", invoice__status="paid", invoice__kind="flat")
    answer: Any = office.get(f"{reverse('invoices:list')}?export=csv&sort=number")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[:3] == [
        "Invoice,Date,Client,Job,Kind,Status,Due,Total,Open",
        "1001,2026-03-02,Ann Ray,Move,Itemized,Sent,2026-04-01,187.50,87.50",
        "1002,2026-03-02,Bo,Sorting,Itemized,Preliminary,,97.50,",
    ]
    totals = office.get(f"{reverse('invoices:list')}?totals=all").context["totals"]
    assert totals == [("Total", "$382.50"), ("Open", "$87.50")]
    table = office.get(f"{reverse('invoices:list')}?q=100").context["table"]
    assert [table.columns[name].footer for name in ("total_amount", "open_amount")] == ["$382.50", "$87.50"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["1002", "1001"]),
        ("q=1002", ["1002"]),
        ("q=ray", ["1002"]),
        ("client={client}", ["1002"]),
        ("job={job}", ["1002"]),
        ("status=sent", ["1002"]),
        ("kind=itemized", ["1001"]),
        ("date_from=2026-03-03", ["1002"]),
        ("date_to=2026-03-02", ["1001"]),
        ("status=lost", []),
        ("client=4711", []),
    ],
)
def test_invoices_filtered(office: Browser, query: str, found: list[str]) -> None:
    InvoiceFactory(number="1001")
    later = DAY + dt.timedelta(days=1)
    other = InvoiceFactory(number="1002", job__client__name="Ann Ray", status="sent", kind="flat", date=later)
    page = office.get(f"{reverse('invoices:list')}?{query.format(client=other.job.client_id, job=other.job_id)}")
    assert [row.record.number for row in page.context["table"].rows] == found


def test_the_listing_takes_as_many_queries_for_30_rows_as_for_one(
    office: Browser, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for rows in (1, 29):
        for line in InvoiceLineFactory.create_batch(rows):
            PaymentFactory(invoice=line.invoice)
        with django_assert_max_num_queries(12) as queries:
            office.get(f"{reverse('invoices:list')}?paging=off")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_of_an_itemized_invoice(office: Browser, job: Job) -> None:
    entries = [HourEntryFactory(job=job, minutes=100), MileageEntryFactory(job=job), ExpenseEntryFactory(job=job)]
    invoice = billing.bill_entries(
        job=job, entries=entries, date=DAY, number="1001", term=TermFactory(name="Net 30"), adjustment=Decimal("-10"),
        public_note="Thank you", internal_note="Loyal",
    )  # fmt: skip
    page = office.get(invoice.get_absolute_url())
    assert {label: str(value) for label, value in page.context["facts"]} == {
        "Client": f'<a href="{job.client.get_absolute_url()}">Ann Ray</a>',
        "Job": f'<a href="{job.get_absolute_url()}">Move</a>',
        "Status": '<span class="pill pill-neutral">Preliminary</span>',
        "Kind": "Itemized",
        "Date": "Mar 2, 2026",
        "Term": "Net 30",
        "Due": "Apr 1, 2026",
        "Adjustment": "-$10.00",
        "Total": "$142.93",
        "Public note": "Thank you",
        "Internal note": "Loyal",
    }
    panel = page.context["panels"][0]
    rows = [
        [str(row.get_cell(name)) for name in ("description", "quantity", "rate", "amount")]
        for row in panel.context["table"].rows
    ]
    assert rows == [
        ["Packing the kitchen", "1.67", "$65.00", "$108.33"],
        ["To the client and back", "20.00", "$0.67", "$13.40"],
        ["Boxes", "—", "—", "$31.20"],
    ]
    assert panel.context["table"].columns["amount"].footer == "$152.93"


@pytest.mark.parametrize(("name", "changes"), [("admin", True), ("lead", False)])
def test_covered_entries_are_shown_apart(
    cast: dict[str, Associate], client_for: ClientFor, job: Job, name: str, changes: bool
) -> None:
    invoice = billing.bill_flat(
        job=job, amount=Decimal("1500"), description="All in", date=DAY, entries=[HourEntryFactory(job=job)]
    )
    panels = client_for(cast[name]).get(invoice.get_absolute_url()).context["panels"][:2]
    shown = {panel.title: [row.get_cell("description") for row in panel.context["table"].rows] for panel in panels}
    assert shown == {"Lines": ["All in"], "Covered by the flat amount": ["Packing the kitchen"]}
    columns = ["description", "date", "associate", "quantity", "rate"]
    offered = ["actions"] if changes else []
    assert [panel.context["table"].columns.names() for panel in panels] == [
        [*columns, "amount", *offered],
        [*columns, *offered],
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_as_many_queries_for_30_lines_as_for_one(
    office: Browser, job: Job, count: int, django_assert_max_num_queries: Any
) -> None:
    entries = HourEntryFactory.create_batch(count, job=job)
    invoice = billing.bill_entries(job=job, entries=entries, date=DAY)
    with django_assert_max_num_queries(9):
        office.get(invoice.get_absolute_url())


MOVES = {
    "preliminary": ["Finalize"],
    "finalized": ["Approve", "Back to preliminary"],
    "tl_approved": ["Mark as sent", "Take approval back"],
    "sent": ["Mark as paid", "Mark as overdue", "Not sent after all"],
    "overdue": ["Mark as paid", "Not overdue after all"],
    "paid": ["Not paid after all"],
}


@pytest.mark.parametrize("status", MOVES)
def test_only_the_allowed_moves_are_offered(
    office: Browser, lead: Associate, client_for: ClientFor, status: str
) -> None:
    invoice = InvoiceLineFactory(invoice__status=status).invoice
    more = ["Add entries", "Add line"] if status == "preliminary" else []
    change = ["Edit", *more, "Delete"] if status in ("preliminary", "finalized", "tl_approved") else []
    void = [] if status in ("preliminary", "paid") else ["Void"]
    send = [] if status in ("preliminary", "finalized") else ["Send"]
    assert labels(office.get(invoice.get_absolute_url())) == [*MOVES[status], *send, "Print", "PDF", *change, *void]
    leads = MOVES["finalized"] if status == "finalized" else []
    assert labels(client_for(lead).get(invoice.get_absolute_url())) == [*leads, "Print", "PDF"]


def test_a_lead_approves(lead: Associate, client_for: ClientFor) -> None:
    invoice = InvoiceLineFactory(invoice__status="finalized", invoice__number="1001").invoice
    browser, url = client_for(lead), reverse("invoices:move", args=[invoice.pk])
    assert browser.get(url).status_code == 405
    answer = browser.post(url, {"to": "tl_approved"}, follow=True)
    assert messages(answer) == ["Invoice 1001 is TL approved."]
    assert browser.post(url, {"to": "sent"}).status_code == 403
    answer = browser.post(url, {"to": "paid"}, follow=True)
    assert messages(answer) == ["Invoice 1001 is TL approved: it cannot become Paid from there."]
    invoice.refresh_from_db()
    assert (invoice.status, invoice.version) == ("tl_approved", 2)


def header(invoice: Invoice, **typed: Any) -> dict[str, Any]:
    facts = {"number": invoice.number, "date": "2026-03-02", "adjustment": "0", "due_date": "", "seen_version": 1}
    return facts | typed


def test_edit_the_header(office: Browser) -> None:
    invoice, term = InvoiceFactory(number="1001"), TermFactory(due_days=30)
    typed = header(invoice, number="1001-B", adjustment="-12.50", term=term.pk, public_note="Thank you")
    answer = office.post(reverse("invoices:edit", args=[invoice.pk]), typed)
    assert answer.headers["Location"] == invoice.get_absolute_url()
    invoice.refresh_from_db()
    assert (invoice.number, invoice.adjustment, invoice.term, invoice.due_date, invoice.public_note) == (
        "1001-B", Decimal("-12.50"), term, dt.date(2026, 4, 1), "Thank you",
    )  # fmt: skip
    assert invoice.version > 1


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ({"due_date": "2026-04-01"}, dt.date(2026, 4, 1)),
        ({"due_date": "2026-04-01", "date": "2026-03-12"}, dt.date(2026, 4, 11)),
        ({"due_date": "2026-05-05", "date": "2026-03-12"}, dt.date(2026, 5, 5)),
        ({"due_date": ""}, dt.date(2026, 4, 1)),
        ({"due_date": "", "term": ""}, None),
    ],
)
def test_the_due_date_follows_the_term_unless_typed(
    office: Browser, typed: dict[str, str], due: dt.date | None
) -> None:
    term = TermFactory(due_days=30)
    invoice = InvoiceFactory(term=term, due_date=dt.date(2026, 4, 1))
    office.post(reverse("invoices:edit", args=[invoice.pk]), header(invoice, **{"term": term.pk, **typed}))
    invoice.refresh_from_db()
    assert invoice.due_date == due


def test_nonsense_is_refused_next_to_the_field(office: Browser) -> None:
    InvoiceFactory(number="77")
    invoice = InvoiceFactory(number="1001")
    typed = header(invoice, number="77", due_date="2026-03-01", adjustment="a lot")
    answer = office.post(reverse("invoices:edit", args=[invoice.pk]), typed)
    assert answer.context["form"].errors == {
        "number": ["Invoice with this Number already exists."],
        "due_date": ["An invoice is not due before its own date."],
        "adjustment": ["Enter a number."],
    }


def test_an_invoice_that_moved_meanwhile_is_not_overwritten(office: Browser) -> None:
    invoice = InvoiceFactory(number="1001")
    Invoice.objects.update(adjustment=Decimal(5))
    answer = office.post(reverse("invoices:edit", args=[invoice.pk]), header(invoice))
    assert "Somebody else saved this record" in answer.content.decode()
    assert Invoice.objects.get().adjustment == Decimal(5)


def test_two_people_at_two_lines_of_one_invoice(office: Browser) -> None:
    mine = InvoiceLineFactory(invoice__number="1001")
    theirs = InvoiceLineFactory(invoice=mine.invoice)
    url = reverse("invoices:edit_line", args=[mine.pk])
    seen = office.get(url).context["form"]["seen_version"].value()
    billing.change_line(line=theirs, description="Theirs", amount=Decimal(1))
    typed = {"description": "Mine", "amount": "100", "seen_version": seen}
    form = office.post(url, typed).context["form"]
    assert form.non_field_errors()[0].startswith("Somebody else saved this record")
    assert (form["description"].value(), form["seen_version"].value()) == ("Mine", str(seen + 1))
    assert office.post(url, typed | {"seen_version": seen + 1}).status_code == 302
    assert sorted(InvoiceLine.objects.values_list("description", flat=True)) == ["Mine", "Theirs"]


def test_an_adjustment_has_its_reason(office: Browser) -> None:
    invoice = InvoiceFactory(number="1001")
    url = reverse("invoices:edit", args=[invoice.pk])
    refused = office.post(url, header(invoice, adjustment="-5"))
    assert refused.context["form"].errors == {
        "adjustment": ["Give the reason for it in the public note, or in the internal one."]
    }
    assert office.post(url, header(invoice, adjustment="-5", internal_note="They were late.")).status_code == 302


@pytest.mark.parametrize("status", ["sent", "overdue", "paid"])
def test_what_the_client_has_in_hand_stays(office: Browser, status: str) -> None:
    line = InvoiceLineFactory(invoice__status=status, invoice__number="1001")
    for page, pk in [("edit", line.invoice.pk), ("edit_line", line.pk), ("remove_line", line.pk)]:
        assert office.get(reverse(f"invoices:{page}", args=[pk])).status_code == 403
    url = reverse("invoices:delete", args=[line.invoice.pk])
    assert "it stays as the client knows it" in office.get(url).content.decode()
    assert office.post(url).status_code == 403
    assert InvoiceLine.objects.filter(pk=line.pk).exists()


def test_edit_and_remove_a_line(office: Browser, job: Job) -> None:
    entry = HourEntryFactory(job=job)
    invoice = billing.bill_entries(job=job, entries=[entry], date=DAY, number="1001")
    line = invoice.lines.get()
    url = reverse("invoices:edit_line", args=[line.pk])
    assert office.get(url).context["back"].label == "Invoice 1001"
    typed = {"description": "The whole kitchen", "amount": "100", "seen_version": invoice.version}
    answer = office.post(url, typed, follow=True)
    assert answer.redirect_chain == [(invoice.get_absolute_url(), 302)]
    line.refresh_from_db()
    assert (line.description, line.amount, line.quantity) == ("The whole kitchen", Decimal("100.00"), Decimal("1.50"))
    assert Invoice.objects.get().version == 2
    answer = office.post(reverse("invoices:remove_line", args=[line.pk]), follow=True)
    assert messages(answer) == ["Invoice 1001, line 1 is deleted."]
    assert unbilled_entries(job) == [entry]


def test_delete_an_invoice_that_is_not_sent(office: Browser, job: Job) -> None:
    entry = HourEntryFactory(job=job)
    invoice = billing.bill_entries(job=job, entries=[entry], date=DAY, number="1001")
    answer = office.post(reverse("invoices:delete", args=[invoice.pk]), follow=True)
    assert messages(answer) == ["Invoice 1001 is deleted."]
    assert unbilled_entries(job) == [entry]
    paid = PaymentFactory().invoice
    answer = office.post(reverse("invoices:delete", args=[paid.pk]))
    assert "it is still used by 1 payment" in answer.content.decode()
    assert Invoice.objects.count() == 1


def test_jobs_and_clients_show_their_invoices(
    office: Browser, basic: Associate, lead: Associate, client_for: ClientFor, job: Job
) -> None:
    billing.bill_entries(job=job, entries=[HourEntryFactory(job=job)], date=DAY, number="1001")
    HourEntryFactory.create_batch(2, job=job)
    InvoiceFactory(number="2002")

    def panels(browser: Browser, record: Any) -> dict[str, Any]:
        return {panel.title: panel.context for panel in browser.get(record.get_absolute_url()).context["panels"]}

    for record in (job, job.client):
        shown = panels(office, record)["Invoices"]["table"]
        assert [row.record.number for row in shown.rows] == ["1001"]
        assert "Invoices" not in panels(client_for(basic), record)
    assert panels(office, job)["Not billed yet"] == {"count": 2, "amount": Decimal("195.00")}
    assert "Add invoice" in labels(office.get(job.get_absolute_url()))
    assert "Add invoice" not in labels(client_for(lead).get(job.get_absolute_url()))


def test_a_billed_entry_says_so_and_is_locked(
    office: Browser, lead: Associate, client_for: ClientFor, job: Job
) -> None:
    entry = HourEntryFactory(job=job)
    billing.bill_entries(job=job, entries=[entry], date=DAY, number="1001")
    page = client_for(lead).get(entry.get_absolute_url())
    assert labels(page) == ["Invoice 1001"]
    locked = dict(page.context["facts"])["Locked"]
    assert locked == "It is billed on Invoice 1001 and therefore locked. Take its line off there first."
    assert office.get(reverse("hours:edit_hour_entry", args=[entry.pk])).status_code == 403
    assert office.post(reverse("hours:delete_hour_entry", args=[entry.pk])).status_code == 403
    assert HourEntry.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"), [("billed=yes", ["billed"]), ("billed=no", ["open"]), ("", ["open", "billed"])]
)
def test_entries_by_whether_they_are_billed(
    office: Browser, basic: Associate, client_for: ClientFor, job: Job, query: str, found: list[str]
) -> None:
    billed = HourEntryFactory(job=job, description="billed", associate=basic)
    billing.bill_entries(job=job, entries=[billed], date=DAY, number="1001")
    HourEntryFactory(job=job, description="open", associate=basic)
    page = office.get(f"{reverse('hours:hours')}?{query}")
    assert [row.record.description for row in page.context["table"].rows] == found
    own = client_for(basic).get(f"{reverse('hours:hours')}?{query}")
    assert [row.record.description for row in own.context["table"].rows] == ["open", "billed"]
    assert "invoice" not in own.context["table"].columns.names()
