"""“Add QBO” and “QBO Add All” on the screens: who may, the plan, “Next”, the choices, the feedback."""

import csv
import datetime as dt
import html
import json
import re
from collections import Counter
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from hours.models import HourEntry
from qbo_sync.models import Attempt, Connection, ImportList, Kind, Link, Mapping, Purpose, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.pull.begin import begin_import
from qbo_sync.runs import moves
from qbo_sync.views.copies import NOT_CONNECTED
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import (
    AssociateFactory,
    ClientFactory,
    ContactFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceFactory,
    MileageEntryFactory,
    OrganizationFactory,
)
from tests.quickbooks import QuickBooks, connected
from tests.unit.qbo_sync.push.conftest import batches, copied, invoice_for_hours, planned, states, work

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("worker")]
POSTS = (
    "run_next",
    "run_pause",
    "run_cancel",
    "run_again",
    "choice_link",
    "choice_never",
    "choice_create",
    "add_record",
    "add_all",
)


def text(response: HttpResponse) -> str:
    """What a person reads of a page, in one line."""
    page = re.sub(r"<(style|script).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def add(office: Client, record: Any) -> HttpResponse:
    return office.post(reverse("qbo:add_record", args=[Kind.of(record).value, record.pk]))


def add_all(office: Client, key: str, filters: str = "") -> HttpResponse:
    return office.post(reverse("qbo:add_all", args=[key]), {"filters": filters})


def the_run(response: HttpResponse) -> Run:
    """The run whose page was redirected to."""
    run = Run.objects.latest("pk")
    assert (response.status_code, response["Location"]) == (302, run.get_absolute_url())
    return run


def asked_for(run: Run) -> set[tuple[str, int]]:
    return set(run.steps.filter(brought_along=False).values_list("kind", "record_id"))


# Who may


def a_step(connection: Connection) -> Step:
    run = planned(connection, ClientFactory(name="Amy's Bird Sanctuary"))
    Run.objects.filter(pk=run.pk).update(state=RunState.DONE)
    run.steps.update(state=StepState.NEEDS_CHOICE, mend="match")
    return run.steps.get()


def addresses(connection: Connection) -> dict[str, str]:
    """Every address of the copying flow."""
    step = a_step(connection)
    of_step = [step.run_id, step.pk]
    arguments = {
        "runs": [], "run": [step.run_id], "run_next": [step.run_id], "run_pause": [step.run_id],
        "run_cancel": [step.run_id], "run_again": [step.run_id], "choices": of_step,
        "choice_link": of_step, "choice_never": of_step, "choice_create": of_step,
        "add_record": ["client", step.record_id], "add_all": ["clients"],
    }  # fmt: skip
    return {name: reverse(f"qbo:{name}", args=given) for name, given in arguments.items()}


def asked(office: Client, name: str, url: str) -> HttpResponse:
    return office.post(url) if name in POSTS else office.get(url)


def test_switched_off_there_is_no_such_page(mapped: Connection, office: Client, company: Company) -> None:
    pages = addresses(mapped)
    Company.objects.update(integration=Company.Integration.NO)

    assert {name: asked(office, name, url).status_code for name, url in pages.items()} == dict.fromkeys(pages, 404)


@pytest.mark.parametrize("level", Level.values)
def test_whoever_is_no_qbo_admin_is_refused(mapped: Connection, client_for: Any, level: int) -> None:
    pages = addresses(mapped)
    office = client_for(AssociateFactory(level=level))

    assert {name: asked(office, name, url).status_code for name, url in pages.items()} == dict.fromkeys(pages, 403)
    assert Step.objects.get().state == StepState.NEEDS_CHOICE


def test_whoever_is_signed_out_signs_in_first(mapped: Connection, client_for: Any) -> None:
    pages = addresses(mapped)
    office = client_for(None)

    for name, url in pages.items():
        response = asked(office, name, url)
        assert (response.status_code, response["Location"]) == (302, f"{reverse('login')}?next={url}"), name
    assert (Run.objects.count(), Step.objects.get().state) == (1, StepState.NEEDS_CHOICE)


@pytest.mark.parametrize("name", POSTS)
def test_nothing_is_changed_by_looking(mapped: Connection, office: Client, name: str) -> None:
    url = addresses(mapped)[name]
    Run.objects.update(state=RunState.PLANNED)
    before = (list(Run.objects.values()), list(Step.objects.values()))

    assert office.get(url).status_code == 405
    assert (list(Run.objects.values()), list(Step.objects.values())) == before


@pytest.fixture
def basic(mapped: Connection) -> Associate:
    return AssociateFactory(first_name="Ben", last_name="Basic", level=Level.BASIC_USER, qbo_admin=True)


@pytest.mark.parametrize("make", [HourEntryFactory, ExpenseEntryFactory, MileageEntryFactory])
def test_a_basic_user_copies_their_own_entries_only(basic: Associate, client_for: Any, make: Any) -> None:
    own, anothers = make(associate=basic), make()
    office = client_for(basic)

    run = the_run(add(office, own))

    assert asked_for(run) == {(Kind.of(own).value, own.pk)}
    assert add(office, anothers).status_code == 404
    assert Run.objects.count() == 1


def test_a_basic_user_copies_no_invoice(basic: Associate, client_for: Any) -> None:
    invoice = invoice_for_hours()
    office = client_for(basic)

    assert (add(office, invoice).status_code, add_all(office, "invoices").status_code) == (404, 403)
    assert Run.objects.count() == 0


def test_a_basic_users_history_is_their_own(basic: Associate, client_for: Any) -> None:
    own = HourEntryFactory(associate=basic)
    HourEntryFactory()

    run = the_run(add_all(client_for(basic), "hours"))

    assert asked_for(run) == {("hour_entry", own.pk)}


@pytest.mark.parametrize(
    "path", ["add/job/1/", "add/payment/1/", "add/nothing/1/", "add/client/999999/", "add-all/contacts/", "add-all/x/"]
)
def test_what_is_not_copied_has_no_address(mapped: Connection, office: Client, path: str) -> None:
    ContactFactory()

    assert office.post(reverse("qbo:runs").replace("runs/", path)).status_code == 404


# The plan


def test_add_qbo_shows_the_plan_and_sends_nothing(mapped: Connection, quickbooks: QuickBooks, office: Client) -> None:
    invoice = invoice_for_hours(number="2043")

    run = the_run(add(office, invoice))
    page = text(office.get(run.get_absolute_url()))

    assert (run.state, run.title, run.back_url, run.asked_by.name) == (
        RunState.PLANNED,
        f"Add QBO: {invoice}",
        invoice.get_absolute_url(),
        "Olivia Owner",
    )
    assert "4 records will be copied to Sandbox Company. Nothing has been sent yet." in page
    for words in (f"Invoice 2043 · {invoice.job.client}", "brought along", "To be copied", "$97.50"):
        assert words in page
    assert batches(quickbooks) == []


@pytest.mark.parametrize(
    ("key", "make"),
    [
        ("hours", HourEntryFactory),
        ("expenses", ExpenseEntryFactory),
        ("mileage", MileageEntryFactory),
        ("clients", ClientFactory),
        ("organizations", OrganizationFactory),
        ("invoices", InvoiceFactory),
    ],
)
def test_add_all_takes_all_pages_of_a_listing(mapped: Connection, office: Client, key: str, make: Any) -> None:
    records = [make() for _ in range(26)]

    run = the_run(add_all(office, key))

    assert {record.pk for record in records} <= {pk for _, pk in asked_for(run)}


def test_add_all_takes_the_associates(mapped: Connection, office: Client, qbo_admin: Associate) -> None:
    other = AssociateFactory()

    assert asked_for(the_run(add_all(office, "associates"))) == {("associate", qbo_admin.pk), ("associate", other.pk)}


def test_add_all_takes_the_listing_as_filtered(mapped: Connection, office: Client) -> None:
    chosen = [ClientFactory(name=f"Zoe Young {number}") for number in range(26)]
    ClientFactory(name="Zoe Old")

    run = the_run(add_all(office, "clients", "q=Zoe+Young"))

    assert asked_for(run) == {("client", client.pk) for client in chosen}
    assert run.back_url == f"{reverse('clients:list')}?q=Zoe+Young"


def test_a_filter_that_cannot_be_read_copies_nothing(mapped: Connection, office: Client) -> None:
    invoice_for_hours()

    response = add_all(office, "invoices", "date_from=someday")

    assert (response.status_code, response["Location"]) == (302, reverse("invoices:list"))
    assert said(response) == ["The filters of Invoice Manager could not be read. Nothing was copied."]
    assert Run.objects.count() == 0


def test_an_empty_listing_says_so(mapped: Connection, office: Client) -> None:
    run = the_run(add_all(office, "clients", "q=nobody"))

    page = text(office.get(run.get_absolute_url()))

    assert "There is nothing to copy. The listing was empty." in page


@pytest.mark.parametrize("state", ["none", Connection.State.RECONNECT])
def test_without_a_connection_there_is_no_plan(
    qbo_admin: Associate, quickbooks: QuickBooks, office: Client, state: str
) -> None:
    if state != "none":
        connected(quickbooks, qbo_admin)
        Connection.objects.update(state=state)
    response = add(office, ClientFactory())

    assert (response["Location"], said(response), Run.objects.count()) == (reverse("qbo:connect"), [NOT_CONNECTED], 0)


# Next and what follows


def test_next_copies_what_was_shown(mapped: Connection, quickbooks: QuickBooks, office: Client) -> None:
    run = the_run(add(office, invoice_for_hours(number="2043")))

    response = office.post(reverse("qbo:run_next", args=[run.pk]))

    run.refresh_from_db()
    assert (response["Location"], run.state, set(states(run).values())) == (
        run.get_absolute_url(),
        RunState.DONE,
        {"done"},
    )
    page = office.get(run.get_absolute_url())
    assert "4 of 4 records settled" in text(page)
    link = Link.objects.get(invoice__isnull=False)
    assert f">{link.qbo_id}</a>" in page.content.decode()
    assert "hx-get" not in page.content.decode()


def test_next_pressed_twice_copies_once(mapped: Connection, quickbooks: QuickBooks, office: Client) -> None:
    run = the_run(add(office, ClientFactory()))
    url = reverse("qbo:run_next", args=[run.pk])
    office.post(url)
    run.refresh_from_db()
    finished = run.finished_at

    office.post(url)

    run.refresh_from_db()
    assert (run.state, run.finished_at, batches(quickbooks)) == (RunState.DONE, finished, [["Customer"]])


def test_cancelled_a_plan_sends_nothing(mapped: Connection, quickbooks: QuickBooks, office: Client) -> None:
    run = the_run(add(office, ClientFactory()))

    response = office.post(reverse("qbo:run_cancel", args=[run.pk]))

    run.refresh_from_db()
    assert (run.state, set(states(run).values()), batches(quickbooks)) == (RunState.CANCELLED, {"cancelled"}, [])
    assert said(response) == ["Cancelled. What was already sent to QuickBooks is there; the rest was not sent."]

    office.post(reverse("qbo:run_next", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, batches(quickbooks)) == (RunState.CANCELLED, [])


def test_paused_nothing_is_sent_until_go_on(mapped: Connection, quickbooks: QuickBooks, office: Client) -> None:
    run = the_run(add(office, ClientFactory()))
    moves.queue(run)
    assert reverse("qbo:run_pause", args=[run.pk]) in office.get(run.get_absolute_url()).content.decode()

    response = office.post(reverse("qbo:run_pause", args=[run.pk]))

    assert said(response) == ["Paused. Nothing more is sent until you press “Go on”."]
    work(mapped)
    run.refresh_from_db()
    assert (run.state, batches(quickbooks)) == (RunState.PAUSED, [])
    page = office.get(run.get_absolute_url()).content.decode()
    offered = [reverse(f"qbo:{name}", args=[run.pk]) in page for name in ("run_pause", "run_next", "run_cancel")]
    assert offered == [False, True, True]

    office.post(reverse("qbo:run_next", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, batches(quickbooks)) == (RunState.DONE, [["Customer"]])


def test_what_is_over_cannot_be_paused(mapped: Connection, office: Client) -> None:
    run = the_run(add(office, ClientFactory()))
    office.post(reverse("qbo:run_next", args=[run.pk]))

    response = office.post(reverse("qbo:run_pause", args=[run.pk]))

    run.refresh_from_db()
    assert (run.state, said(response)) == (RunState.DONE, [])


def test_a_plan_that_is_too_old_has_to_be_made_anew(mapped: Connection, quickbooks: QuickBooks, office: Client) -> None:
    run = the_run(add(office, ClientFactory()))
    Run.objects.update(created_at=run.created_at - dt.timedelta(hours=2))

    page = text(office.get(run.get_absolute_url()))
    response = office.post(reverse("qbo:run_next", args=[run.pk]))

    assert "This plan is too old to be carried out as it was shown." in page
    assert said(response) == ["This plan is too old to be carried out as it was shown. Make a new one."]
    run.refresh_from_db()
    assert (run.state, batches(quickbooks)) == (RunState.PLANNED, [])


@pytest.mark.parametrize("which", ["run", "run_next", "run_pause", "run_cancel"])
def test_an_import_has_no_page_here(mapped: Connection, office: Client, qbo_admin: Associate, which: str) -> None:
    run = begin_import(mapped, ImportList.CLIENTS, actor=qbo_admin, now=timezone.now())

    assert asked(office, which, reverse(f"qbo:{which}", args=[run.pk])).status_code == 404


# Choices


@pytest.fixture
def waiting(mapped: Connection, office: Client) -> Step:
    """A client whose name QuickBooks knows: its step waits for a choice."""
    run = the_run(add(office, ClientFactory(name="Amys Bird Sanctuary")))
    office.post(reverse("qbo:run_next", args=[run.pk]))
    return run.steps.get(state=StepState.NEEDS_CHOICE)


def choice(step: Step, name: str = "choices") -> str:
    return reverse(f"qbo:{name}", args=[step.run_id, step.pk])


def test_the_choices_are_a_list_with_qbo_ids_as_buttons(waiting: Step, office: Client) -> None:
    feedback = office.get(waiting.run.get_absolute_url())
    page = office.get(choice(waiting))

    assert f'href="{choice(waiting)}"' in feedback.content.decode()
    assert "Amy's Bird Sanctuary" in text(page)
    assert "The same name, written differently" in text(page)
    assert 'name="candidate" value="Customer:1"' in page.content.decode()
    assert "None of these, create a new one Leave it out" in text(page)


def test_the_button_in_the_qbo_id_column_links(waiting: Step, quickbooks: QuickBooks, office: Client) -> None:
    response = office.post(choice(waiting, "choice_link"), {"candidate": "Customer:1"})

    waiting.refresh_from_db()
    assert (response["Location"], waiting.state) == (waiting.run.get_absolute_url(), StepState.LINKED)
    assert list(Link.objects.values_list("qbo_id", "origin")) == [("1", "matched")]
    assert (waiting.run.steps.count(), batches(quickbooks)) == (1, [])
    assert "This is settled already." in text(office.get(choice(waiting)))


def test_none_of_these_creates_a_new_one(waiting: Step, quickbooks: QuickBooks, office: Client) -> None:
    office.post(choice(waiting, "choice_create"))

    waiting.refresh_from_db()
    assert (waiting.state, batches(quickbooks)) == (StepState.DONE, [["Customer"]])
    waiting.run.refresh_from_db()
    assert waiting.run.state == RunState.DONE


def test_left_out_it_is_neither_linked_nor_created(waiting: Step, quickbooks: QuickBooks, office: Client) -> None:
    answer = office.post(reverse("qbo:choice_leave_out", args=[waiting.run_id, waiting.pk]))

    waiting.refresh_from_db()
    assert (answer["Location"], waiting.state, waiting.message) == (
        waiting.run.get_absolute_url(),
        StepState.LEFT_OUT,
        "You left it out. Copy it again when you want it at QuickBooks.",
    )
    assert (batches(quickbooks), Link.objects.count()) == ([], 0)


@pytest.fixture
def lost_twins(mapped: Connection, quickbooks: QuickBooks, office: Client) -> Run:
    """Two equal hours whose answer was lost, and three like them at QuickBooks."""
    first = HourEntryFactory(description="Packing")
    copied(mapped, first.job.client, first.associate)
    twins = [first, HourEntryFactory(job=first.job, associate=first.associate, description="Packing")]
    quickbooks.behave(rules=[{"match": {"path": "/batch"}, "then": {"drop": "before"}}])
    run = copied(mapped, *twins)
    body = json.loads(run.attempts.latest("pk").body)["BatchItemRequest"][0]["TimeActivity"]
    for _ in range(3):
        quickbooks.create("TimeActivity", **body)
    work(mapped)
    return run


def test_documents_are_shown_with_what_tells_them_apart(lost_twins: Run, office: Client) -> None:
    step = lost_twins.steps.filter(state=StepState.NEEDS_CHOICE).first()
    assert step is not None
    shown = text(office.get(reverse("qbo:choices", args=[lost_twins.pk, step.pk])))

    entry = HourEntry.objects.get(pk=step.record_id)
    assert f"Mar 2, 2026 — {entry.associate} · {entry.job.client} Packing 1.50 —" in shown
    assert "there are more records like this one there than were sent" in shown
    assert "None of these, create a new one Leave it out" in shown


def test_one_answer_for_all(lost_twins: Run, office: Client) -> None:
    assert "They are all there: link each with one that was found" in text(office.get(lost_twins.get_absolute_url()))

    answer = office.post(reverse("qbo:choices_all", args=[lost_twins.pk]), {"answer": "link"})

    assert (answer["Location"], said(answer)) == (lost_twins.get_absolute_url(), ["2 settled."])
    assert set(states(lost_twins).values()) == {"linked"}
    assert "They are all there" not in text(office.get(lost_twins.get_absolute_url()))


def test_an_answer_that_is_none_changes_nothing(lost_twins: Run, office: Client) -> None:
    answer = office.post(reverse("qbo:choices_all", args=[lost_twins.pk]), {"answer": "delete"})

    assert (said(answer), set(states(lost_twins).values())) == (["Choose one of the answers."], {"needs_choice"})


def test_a_run_that_was_stopped_goes_on_when_a_person_says_so(
    mapped: Connection, quickbooks: QuickBooks, office: Client
) -> None:
    run = the_run(add(office, ClientFactory(name="Zoe Young")))
    quickbooks.behave(rules=[{"match": {"operation": "create"}, "then": {"fault": "6190"}}])
    office.post(reverse("qbo:run_next", args=[run.pk]))
    shown = text(office.get(run.get_absolute_url()))
    assert "Stopped. 0 of 1 record settled: 1 to be copied." in shown
    assert "Renew it at QuickBooks, then press “Go on”. Go on 1 record still to be copied." in shown

    office.post(reverse("qbo:run_next", args=[run.pk]))

    assert states(run) == {"Zoe Young": "done"}


@pytest.mark.parametrize("candidate", ["Customer:2", "Vendor:1", "Customer", ":", ""])
def test_what_was_not_offered_cannot_be_chosen(waiting: Step, office: Client, candidate: str) -> None:
    response = office.post(choice(waiting, "choice_link"), {"candidate": candidate})

    assert (response["Location"], said(response)) == (
        choice(waiting),
        ["That record is not one of the choices any more. Choose again."],
    )
    assert Link.objects.count() == 0


def test_a_step_is_found_under_its_own_run_only(waiting: Step, mapped: Connection, office: Client) -> None:
    other = planned(mapped, ClientFactory())

    assert office.get(reverse("qbo:choices", args=[other.pk, waiting.pk])).status_code == 404


# The page of a run


RUN_STATES = {
    RunState.PLANNED: ("will be copied to Sandbox Company", False),
    RunState.QUEUED: ("Waiting for its turn.", True),
    RunState.RUNNING: ("Running.", True),
    RunState.PAUSED: ("Paused.", False),
    RunState.DONE: ("Finished.", False),
    RunState.CANCELLED: ("Cancelled.", False),
    RunState.FAILED: ("Stopped.", False),
}


@pytest.mark.parametrize("state", RunState)
def test_the_page_at_each_state(mapped: Connection, office: Client, state: RunState) -> None:
    words, live = RUN_STATES[state]
    run = planned(mapped, ClientFactory())
    Run.objects.update(state=state, message="" if state == RunState.PLANNED else "Somebody has to look at this.")
    Run.objects.filter(state__in=(RunState.DONE, RunState.CANCELLED)).update(finished_at=run.created_at)

    whole = office.get(run.get_absolute_url())
    part = office.get(run.get_absolute_url(), headers={"HX-Request": "true"})

    assert words in text(whole)
    assert ("Somebody has to look at this." in text(whole)) == (state != RunState.PLANNED)
    for page in (whole, part):
        assert ("hx-get" in page.content.decode()) == live
    assert ("<html" in whole.content.decode(), "<html" in part.content.decode()) == (True, False)


@pytest.fixture
def half_way(mapped: Connection) -> Run:
    """A run of 60 clients of which 30 were copied a moment ago."""
    run = planned(mapped, *(ClientFactory(name=f"Zoe {number:02}") for number in range(60)))
    begun = timezone.now() - dt.timedelta(seconds=30)
    attempt = Attempt.objects.create(
        run=run, request_id="r", body="{}", state="answered", lease_number=1, sent_at=begun, answered_at=timezone.now()
    )
    run.steps.filter(position__lt=30).update(state=StepState.DONE, attempt=attempt)
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, started_at=begun)
    return run


def part(office: Client, run: Run, said: str = "") -> HttpResponse:
    """What the page of a run asks for every two seconds."""
    return office.get(run.get_absolute_url(), headers={"HX-Request": "true", "Run-Said": said})


def test_while_it_runs_one_sees_how_fast_how_long_still_and_what_came_last(half_way: Run, office: Client) -> None:
    page = text(office.get(half_way.get_absolute_url()))

    assert re.search(r"(59|60) records a minute, less than a minute left\.", page)
    assert "The latest records Copied Client Zoe 29 Copied Client Zoe 28 Copied Client Zoe 27 Copied Client" in page

    Run.objects.update(state=RunState.PAUSED)
    paused = text(office.get(half_way.get_absolute_url()))
    assert ("a minute" in paused, "The latest records" in paused) == (False, False)


def test_no_browser_keeps_the_part_and_shows_it_alone_after_back(half_way: Run, office: Client) -> None:
    whole = office.get(half_way.get_absolute_url())

    assert {answer["Cache-Control"] for answer in (whole, part(office, half_way))} == {
        "max-age=0, no-cache, no-store, must-revalidate, private"
    }


def test_it_is_read_out_only_where_there_is_news(half_way: Run, office: Client) -> None:
    news = '<p id="said" class="hidden" role="status" hx-swap-oob="innerHTML">{}</p>'

    whole, first, again = (
        office.get(half_way.get_absolute_url()).content.decode(),
        part(office, half_way).content.decode(),
        part(office, half_way, "running-2").content.decode(),
    )
    Run.objects.update(state=RunState.PAUSED)
    paused = part(office, half_way, "running-2").content.decode()

    assert '<p id="said" class="hidden" role="status"></p>' in whole
    assert """hx-headers='{"Run-Said": "running-2"}'""" in whole
    assert "aria-live" not in whole
    assert news.format("Running. 30 of 60 records.") in first
    assert 'id="said"' not in again
    assert news.format("Paused. 30 of 60 records.") in paused


def test_the_button_of_a_record_with_a_long_number_tries_it_again(
    mapped: Connection, quickbooks: QuickBooks, office: Client
) -> None:
    """Numbers on pages have thousands separators; those that a form sends back must not."""
    run = planned(mapped, ClientFactory())
    Run.objects.filter(pk=run.pk).update(state=RunState.DONE)
    run.steps.update(id=1234567, state=StepState.REFUSED)

    page = office.get(run.get_absolute_url()).content.decode()

    assert 'name="step" value="1234567"' in page


MENDS = {
    ("needs_choice", "match"): "Choose",
    ("refused", "match"): "Choose",
    ("in_the_way", "hours_item"): "Choose it",
    ("refused", "mappings"): "Open the settings",
    ("refused", "connect"): "Connect again",
    ("refused", "open"): "Open the record",
    ("refused", "wait"): "",
    ("refused", ""): "",
}


@pytest.mark.parametrize(("state", "mend"), MENDS)
def test_what_is_wrong_has_the_button_that_mends_it(mapped: Connection, office: Client, state: str, mend: str) -> None:
    client = ClientFactory(name="Zoe Young")
    run = planned(mapped, client)
    Run.objects.update(state=RunState.DONE)
    run.steps.update(state=state, mend=mend, message="This is what happened.")
    step = run.steps.get()
    urls = {
        "match": choice(step),
        "hours_item": f"{reverse('qbo:mappings')}#purpose-hours_item",
        "mappings": reverse("qbo:mappings"),
        "connect": reverse("qbo:connect"),
        "open": client.get_absolute_url(),
    }

    page = office.get(run.get_absolute_url())

    buttons = re.findall(r'<a class="button button-small" href="([^"?]*)"[^>]*>([^<]*)</a>', page.content.decode())
    assert set(buttons) == ({(urls[mend], MENDS[state, mend])} if MENDS[state, mend] else set())
    assert "This is what happened." in text(page)


def test_hours_that_cannot_be_matched_by_name_offer_no_list_of_names(mapped: Connection, office: Client) -> None:
    entry = HourEntryFactory()
    run = planned(mapped, entry)
    Run.objects.update(state=RunState.DONE)
    run.steps.filter(kind=Kind.HOUR_ENTRY).update(state=StepState.NEEDS_CHOICE, mend="match")
    step = run.steps.get(kind=Kind.HOUR_ENTRY)

    page = office.get(choice(step))

    assert page.status_code == 200
    assert "Create a new one Leave it out" in text(page)


def test_a_deleted_record_is_still_told_of(mapped: Connection, office: Client) -> None:
    client = ClientFactory(name="Zoe Young")
    run = planned(mapped, client)
    client.delete()

    assert "Zoe Young" in text(office.get(run.get_absolute_url()))


LOW_STATUS = "Its status is “Finalized”; invoices are copied from “Sent” on."


@pytest.fixture
def two_reasons(mapped: Connection) -> Run:
    """A plan with an invoice below the status that is copied, and a vehicle."""
    mapped.copied_from_status = "sent"
    mapped.save()
    vehicle = AssociateFactory(kind=Associate.Kind.VEHICLE)
    return planned(mapped, invoice_for_hours(number="7"), vehicle, ClientFactory())


def test_what_is_in_the_way_opens_down_to_its_records(two_reasons: Run, office: Client) -> None:
    url = two_reasons.get_absolute_url()
    page = text(office.get(url))
    assert f"Its status is not far enough. {LOW_STATUS} In the way 1 — — $97.50 Show it" in page
    assert (
        "Of a kind that is not copied. A vehicle is not copied: QuickBooks has no list for it. In the way 1 — — —"
        in page
    )

    by_reason, by_kind, by_nothing = (
        [row.step.kind for row in office.get(f"{url}?{query}").context["rows"]]
        for query in ("reason=not_approved", "kind=client", "reason=none&kind=dragon")
    )
    assert (by_reason, by_kind, sorted(by_nothing)) == (["invoice"], ["client"], ["associate", "client", "invoice"])


def test_a_run_as_csv(two_reasons: Run, office: Client) -> None:
    answer = office.get(reverse("qbo:run_csv", args=[two_reasons.pk]), {"reason": "not_approved"})

    lines = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    step = two_reasons.steps.get(kind=Kind.INVOICE)
    assert lines == [
        ["Kind", "Record", "Brought along", "QBO ID", "State", "In the way", "Minutes", "Amount", "Message"],
        ["Invoice", step.label, "", "", "In the way", "Its status is not far enough", "", "97.50", LOW_STATUS],
    ]
    assert answer["Content-Disposition"] == f'attachment; filename="quickbooks-run-{two_reasons.pk}.csv"'


def test_the_records_can_be_seen_by_state_and_page_by_page(mapped: Connection, office: Client) -> None:
    run = planned(mapped, *(ClientFactory(name=f"Zoe {number:03}") for number in range(60)))
    Run.objects.update(state=RunState.DONE)
    last = run.steps.get(label="Zoe 059")
    run.steps.exclude(pk=last.pk).update(state=StepState.DONE)
    Step.objects.filter(pk=last.pk).update(state=StepState.REFUSED, message="It is too long.")

    def shown(query: str) -> int:
        return len(set(re.findall(r"Zoe \d{3}", text(office.get(run.get_absolute_url() + query)))))

    assert [shown(query) for query in ("?page=2", "?state=refused", "?state=ready", "?state=nonsense&page=2")] == [
        10,
        1,
        0,
        10,
    ]


def queries(office: Client, run: Run, page: int = 1) -> int:
    with CaptureQueriesContext(database) as captured:
        assert office.get(run.get_absolute_url(), {"page": page}).status_code == 200
    return len(captured)


@pytest.mark.parametrize("make", [ClientFactory, invoice_for_hours, ExpenseEntryFactory])
def test_the_queries_of_the_page_do_not_grow_with_its_records(mapped: Connection, office: Client, make: Any) -> None:
    records = [make() for _ in range(31)]
    for category in {entry.category for entry in records if hasattr(entry, "category")}:
        account = Mapping.objects.get(purpose=Purpose.MILEAGE_ACCOUNT).account
        Mapping.objects.create(connection=mapped, purpose=Purpose.CATEGORY_ACCOUNT, category=category, account=account)
    one, thirty = planned(mapped, records[0]), planned(mapped, *records[1:])
    queries(office, one)  # the session's first

    assert max(queries(office, thirty, page) for page in (1, 2, 3)) <= queries(office, one)

    for run in (one, thirty):
        office.post(reverse("qbo:run_next", args=[run.pk]))
        assert Counter(run.steps.values_list("state", flat=True)) == {"done": run.steps.count()}
    assert max(queries(office, thirty, page) for page in (1, 2, 3)) <= queries(office, one)


def test_the_queries_of_the_csv_do_not_grow_with_its_records(mapped: Connection, office: Client) -> None:
    one, thirty = planned(mapped, invoice_for_hours()), planned(mapped, *(invoice_for_hours() for _ in range(30)))

    def statements(run: Run) -> int:
        with CaptureQueriesContext(database) as captured:
            list(office.get(reverse("qbo:run_csv", args=[run.pk])).streaming_content)
        return len(captured)

    statements(one)  # the session's first
    assert statements(thirty) == statements(one)


def test_a_copied_record_says_so_and_offers_no_second_copy(mapped: Connection, office: Client) -> None:
    client = ClientFactory()
    url = reverse("qbo:add_record", args=["client", client.pk])
    assert url in office.get(client.get_absolute_url()).content.decode()

    run = the_run(add(office, client))
    office.post(reverse("qbo:run_next", args=[run.pk]))

    page = office.get(client.get_absolute_url()).content.decode()
    link = Link.objects.get(client=client)
    assert (url in page, f">{link.qbo_id}</a>" in page) == (False, True)
    assert "Changed since" not in page

    client.phone = "(608) 555-0199"
    client.save()
    assert "Changed since" in office.get(client.get_absolute_url()).content.decode()


def test_a_page_to_go_back_to_is_one_of_ours(mapped: Connection, office: Client) -> None:
    run = planned(mapped, ClientFactory())
    Run.objects.update(state=RunState.DONE, back_url="https://elsewhere.example/")

    assert "elsewhere.example" not in office.get(run.get_absolute_url()).content.decode()
