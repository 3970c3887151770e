"""The import buttons and their reports."""

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from clients.models import Client as OurClient
from organizations.models import Organization
from qbo_sync.models import Connection, ImportList, ImportRow, Link, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull import choosing
from qbo_sync.serve import serve
from smmware.core.models import Company
from tests.factories import AssociateFactory, ClientFactory, HourlyRateFactory, OrganizationFactory
from tests.quickbooks import QuickBooks, connected, simulated


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    with simulated() as running:
        yield running


@pytest.fixture
def qbo_admin(transactional_db: None, company: Company, basic: Associate) -> Associate:
    """A QBO Admin of the lowest level, in a company that integrates with QuickBooks."""
    company.integration = Company.Integration.QBO
    company.save()
    basic.qbo_admin = True
    basic.save()
    return basic


@pytest.fixture
def connection(quickbooks: QuickBooks, qbo_admin: Associate) -> Connection:
    return connected(quickbooks, qbo_admin)


def press(office: Client, which: str) -> Run:
    """The list's button."""
    response = office.post(reverse("qbo:import", args=[which]))
    run = Run.objects.latest("pk")
    assert (response.status_code, response["Location"]) == (302, reverse("qbo:import_report", args=[run.pk]))
    return run


def after_next(office: Client, run: Run, **chosen: str) -> Run:
    """“Next” on the page of the plan, and the worker."""
    office.post(reverse("qbo:import_next", args=[run.pk]), chosen)
    serve(run.connection_id)
    run.refresh_from_db()
    return run


def report(office: Client, run: Run, **query: str) -> Any:
    return office.get(reverse("qbo:import_report", args=[run.pk]), query)


def test_the_button_queues_and_the_worker_imports(office: Client, connection: Connection, qbo_admin: Associate) -> None:
    run = press(office, "clients")
    assert (run.state, run.type, run.import_list, run.asked_by) == ("queued", "import", "clients", qbo_admin)
    page = report(office, run).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "You may leave this page: the import goes on." in page

    serve(connection.pk)

    page = report(office, run).content.decode()
    assert 'hx-trigger="every 2s"' not in page
    assert "will be imported from" in page
    assert "See the plan" in office.get(reverse("qbo:settings")).content.decode()
    assert not OurClient.objects.exists()

    after_next(office, run)

    page = report(office, run).content.decode()
    assert "Finished" in page
    client = OurClient.objects.get(name="Amy's Bird Sanctuary")
    assert f'<a href="{client.get_absolute_url()}">Amy&#x27;s Bird Sanctuary</a>' in page
    settings = office.get(reverse("qbo:settings")).content.decode()
    assert f"{OurClient.objects.count()} new" in settings


def test_all_lists_leave_no_two_of_one_name(office: Client, connection: Connection) -> None:
    ClientFactory(name="Rodriguez, Diego")
    for which in ImportList:
        press(office, which)
    serve(connection.pk)
    for run in Run.objects.filter(state=RunState.PLANNED):
        after_next(office, run)

    assert list(Run.objects.order_by("pk").values_list("state", flat=True)) == [RunState.DONE] * len(ImportList)
    names = list(OurClient.objects.values_list("name", flat=True))
    assert "Rodriguez, Diego" in names
    assert "Diego Rodriguez" not in names
    assert len(names) == len(set(names))


def test_a_live_report_is_a_part_of_the_page(office: Client, connection: Connection) -> None:
    run = press(office, "items")

    part = office.get(reverse("qbo:import_report", args=[run.pk]), headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<div id="import"')


def test_the_rows_of_one_outcome(office: Client, connection: Connection) -> None:
    run = press(office, "clients")
    serve(connection.pk)

    page = report(office, run, show="left_alone")

    assert {row.outcome for row in page.context["page"]} == {"left_alone"}
    assert "Sub-customers are not taken in." in page.content.decode()
    assert report(office, run, show="nonsense").context["shown"] == "new"


@pytest.mark.parametrize("state", [RunState.PLANNED, RunState.DONE])
def test_a_report_takes_as_many_queries_for_30_rows_as_for_1(
    office: Client, connection: Connection, state: RunState
) -> None:
    run = press(office, "vendors")
    Run.objects.update(state=state, planned_at=timezone.now())
    counts = []
    for first, last in ((0, 1), (1, 30)):
        ImportRow.objects.bulk_create(
            ImportRow(
                run=run, qbo_id=str(number), name="V", outcome="choice", is_open=True,
                candidates=[candidate(OrganizationFactory())],
            )
            for number in range(first, last)
        )  # fmt: skip
        with CaptureQueriesContext(database) as captured:
            assert len(report(office, run).context["rows"]) == last
        counts.append(len(captured))
    assert counts[0] == counts[1]


def candidate(organization: Organization) -> dict[str, Any]:
    """As a plan keeps one of ours that a row may be."""
    return {
        "kind": "organization", "pk": organization.pk, "name": organization.name, "version": organization.version,
        "sure": "likely", "why": "The same name, written differently", "differs": "another phone", "obstacle": "",
        "note": "",
    }  # fmt: skip


@pytest.fixture
def plan(office: Client, connection: Connection) -> Run:
    """A plan of the vendors, one of whom may be one of ours."""
    OrganizationFactory(name="Norton Lumber & Building Materials")
    run = press(office, "vendors")
    serve(connection.pk)
    run.refresh_from_db()
    assert run.report["counts"]["choice"] == 1
    return run


def test_a_choice_is_kept_at_once_and_carried_out_by_next(office: Client, plan: Run) -> None:
    row = plan.rows.get(outcome="choice")
    ours = Organization.objects.get()
    page = report(office, plan).content.decode()
    assert f"Link with {ours.name}".replace("&", "&amp;") in page

    part = office.post(
        reverse("qbo:import_choose", args=[plan.pk]), {f"row-{row.pk}": f"link:organization:{ours.pk}"},
        headers={"HX-Request": "true"},
    ).content.decode()  # fmt: skip

    assert part.lstrip().startswith('<div id="standing">')
    row.refresh_from_db()
    assert (row.outcome, row.answer) == ("linked", f"link:organization:{ours.pk}")
    after_next(office, plan)
    link = Link.objects.get(organization=ours)
    assert (link.qbo_id, link.origin) == (row.qbo_id, "matched")


def test_what_is_chosen_on_the_page_is_kept_by_next_too(office: Client, plan: Run) -> None:
    row = plan.rows.get(outcome="choice")

    after_next(office, plan, **{f"row-{row.pk}": "new:associate"})

    contractor = Associate.objects.get(kind="contractor")
    assert Link.objects.get(associate=contractor).qbo_id == row.qbo_id


def test_a_wrong_choice_is_told_and_nothing_is_carried_out(office: Client, plan: Run) -> None:
    row = plan.rows.get(outcome="choice")

    response = office.post(reverse("qbo:import_next", args=[plan.pk]), {f"row-{row.pk}": "link:client:1"}, follow=True)

    assert "that is not one of the choices." in response.content.decode()
    plan.refresh_from_db()
    assert plan.state == RunState.PLANNED
    saved = office.post(reverse("qbo:import_choose", args=[plan.pk]), {f"row-{row.pk}": "leave_out"}, follow=True)
    assert "Saved." in saved.content.decode()


def test_one_answer_for_all(office: Client, plan: Run) -> None:
    url = reverse("qbo:import_choose_all", args=[plan.pk])
    count = plan.rows.filter(outcome="new").count()

    response = office.post(url, {"outcome": "new", "answer": "leave_out"}, follow=True)

    assert f"{count} answered." in response.content.decode()
    assert not plan.rows.filter(outcome="new").exists()
    assert (
        "Choose one of the answers."
        in office.post(url, {"outcome": "new", "answer": "new:job"}, follow=True).content.decode()
    )


@pytest.fixture
def resembling(office: Client, connection: Connection, plan: Run) -> str:
    """Of the new ones of a plan one has the phone number of somebody here: what it is called."""
    row = plan.rows.filter(outcome="new", is_job=False, candidates=[]).first()
    assert row is not None
    somebody = {
        "kind": "client", "pk": ClientFactory(name="Edith Berg").pk, "name": "Edith Berg", "version": 1,
        "sure": "possible", "why": "The same phone", "differs": "another name", "obstacle": "", "note": "",
    }  # fmt: skip
    plan.rows.filter(pk=row.pk).update(candidates=[somebody])
    return row.name


def test_those_who_resemble_somebody_here_can_be_looked_at_alone(office: Client, plan: Run, resembling: str) -> None:
    page = report(office, plan).content.decode()
    assert "One of the new ones resembles somebody here" in page
    address = f"{plan.get_absolute_url()}?show=new&alike=yes"

    shown = office.get(address)

    assert [each.row.name for each in shown.context["rows"]] == [resembling]
    assert 'aria-current="true">New, like somebody here 1</a>' in shown.content.decode()
    assert shown.context["at_once"] == []
    assert (
        resembling in b"".join(office.get(f"{reverse('qbo:import_csv', args=[plan.pk])}?show=new&alike=yes")).decode()
    )


def test_they_wait_for_a_choice_at_one_press(office: Client, plan: Run, resembling: str) -> None:
    before = plan.rows.filter(outcome="choice").count()

    answer = office.post(reverse("qbo:import_ask", args=[plan.pk]), follow=True)

    assert "1 wait for your choice." in answer.content.decode()
    assert plan.rows.filter(outcome="choice").count() == before + 1
    assert resembling in {each.row.name for each in answer.context["rows"]}
    assert "resembles somebody here" not in answer.content.decode()


def test_a_plan_that_is_too_old_asks_nothing(office: Client, plan: Run, resembling: str) -> None:
    Run.objects.update(planned_at=timezone.now() - dt.timedelta(days=1))

    answer = office.post(reverse("qbo:import_ask", args=[plan.pk]), follow=True)

    assert choosing.NOT_PLANNED in answer.content.decode()
    assert plan.rows.get(name=resembling).outcome == "new"


def test_what_is_taken_in_besides(office: Client, connection: Connection) -> None:
    run = press(office, "clients")
    serve(connection.pk)
    before = run.rows.filter(outcome="new").count()

    office.post(reverse("qbo:import_take_in", args=[run.pk]), {"jobs": "yes"})

    run.refresh_from_db()
    jobs = run.rows.filter(is_job=True).count()
    assert (run.with_jobs, run.with_inactive) == (True, False)
    assert jobs > 0
    assert run.report["counts"]["new"] == before + jobs


def test_an_old_plan_can_only_be_read_again(office: Client, plan: Run) -> None:
    Run.objects.update(planned_at=timezone.now() - dt.timedelta(hours=2))

    page = report(office, plan).content.decode()
    response = office.post(reverse("qbo:import_next", args=[plan.pk]), follow=True)

    assert "This plan is too old to be carried out as it was shown." in page
    assert ">Next</button>" not in page
    assert "This plan is not open any more. Import again." in response.content.decode()
    again = office.post(reverse("qbo:import", args=["vendors"]), {"afresh": "yes"})
    assert again["Location"] != plan.get_absolute_url()


def test_the_report_as_csv(office: Client, plan: Run) -> None:
    ours = Organization.objects.get()
    row = plan.rows.get(outcome="choice")
    choosing.choose(plan, {row.pk: f"link:organization:{ours.pk}"})

    response = office.get(reverse("qbo:import_csv", args=[plan.pk]), {"show": "linked"})

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert list(csv.reader(lines)) == [
        ["Name at QuickBooks", "QBO ID", "What", "Here", "Note"],
        [row.name, row.qbo_id, "Linked", ours.name, "The same name, written differently."],
    ]
    whole = office.get(reverse("qbo:import_csv", args=[plan.pk]))
    assert len(b"".join(whole.streaming_content).decode().splitlines()) == plan.size + 1  # type: ignore[attr-defined]


def test_pressed_twice_is_one_import(office: Client, connection: Connection) -> None:
    assert press(office, "terms") == press(office, "terms")


def test_a_failed_import_says_why_and_offers_to_go_on(
    office: Client, connection: Connection, quickbooks: QuickBooks
) -> None:
    quickbooks.behave(rules=[{"match": {"operation": "query"}, "then": {"status": 503}, "times": None}])
    run = press(office, "clients")

    serve(connection.pk)

    page = report(office, run).content.decode()
    assert "QuickBooks cannot be reached right now. Try again in a few minutes." in page
    assert "Go on</button>" in page
    quickbooks.behave(rules=[])
    office.post(reverse("qbo:import_next", args=[run.pk]))
    serve(connection.pk)
    run.refresh_from_db()
    assert run.state == "planned"


def test_cancelled(office: Client, connection: Connection) -> None:
    run = press(office, "clients")

    response = office.post(reverse("qbo:import_cancel", args=[run.pk]), follow=True)

    assert "Cancelled. What was imported until now is kept." in response.content.decode()
    serve(connection.pk)
    assert not OurClient.objects.exists()


def test_a_cancelled_plan_claims_nothing(office: Client, plan: Run) -> None:
    new = plan.rows.filter(outcome="new").count()
    assert "nothing yet" in office.get(reverse("qbo:settings")).content.decode()

    office.post(reverse("qbo:import_cancel", args=[plan.pk]))

    page = report(office, plan, show="left_alone")
    assert f"{new} vendors were not imported." in page.content.decode()
    notes = [each.note for each in page.context["rows"]]
    assert notes.count("It was not imported: the import was cancelled.") == new
    assert not plan.rows.filter(outcome="new").exists()
    settings = office.get(reverse("qbo:settings")).content.decode()
    assert f"{new} not imported" in settings
    assert f"{new} new" not in settings


def test_not_connected(office: Client) -> None:
    response = office.post(reverse("qbo:import", args=["clients"]))

    assert (response.status_code, response["Location"]) == (302, reverse("qbo:connect"))
    assert not Run.objects.exists()


def test_no_such_list_and_no_such_import(office: Client, connection: Connection, qbo_admin: Associate) -> None:
    push = Run.objects.create(
        connection=connection, type=Run.Type.PUSH, title="Add QBO", asked_by=qbo_admin, created_at=timezone.now()
    )
    assert office.post(reverse("qbo:import", args=["everything"])).status_code == 404
    assert office.get(reverse("qbo:import", args=["clients"])).status_code == 405
    assert report(office, push).status_code == 404
    assert office.post(reverse("qbo:import_cancel", args=[push.pk])).status_code == 404


def test_the_list_of_runs_leads_to_the_report(office: Client, connection: Connection) -> None:
    run = press(office, "clients")

    assert reverse("qbo:import_report", args=[run.pk]) in office.get(reverse("qbo:runs")).content.decode()


@pytest.mark.parametrize(("name", "method"), [("import", "post"), ("import_report", "get"), ("import_cancel", "post")])
def test_who_may(office: Client, connection: Connection, owner: Associate, name: str, method: str) -> None:
    run = press(office, "clients")
    url = reverse(f"qbo:{name}", args=["clients" if name == "import" else run.pk])
    signed_out, not_admin = Client(), Client()
    not_admin.force_login(owner)

    assert getattr(signed_out, method)(url).status_code == 302
    assert getattr(not_admin, method)(url).status_code == 403
    Company.objects.update(integration=Company.Integration.NO)
    assert getattr(office, method)(url).status_code == 404
    assert Run.objects.get().state == RunState.QUEUED


@pytest.mark.parametrize(
    ("which", "state", "lists"),
    [
        ("clients", RunState.DONE, [("clients", 1)]),
        ("vendors", RunState.DONE, [("organizations", 1)]),
        ("associates", RunState.DONE, [("associates", 1)]),
        ("items", RunState.DONE, []),
        ("clients", RunState.RUNNING, []),
    ],
)
def test_a_report_leads_to_what_is_to_be_completed(
    qbo_admin: Associate, owner: Associate, which: str, state: RunState, lists: list[tuple[str, int]]
) -> None:
    """The manual's “Post Import Actions”, for those who may."""
    ClientFactory()
    OrganizationFactory(category=None)
    connection = Connection.objects.create(
        environment="simulator", realm_id="1", company_name="Sandbox", is_active=True, connected_by=owner,
        connected_at=timezone.now(), state=Connection.State.RECONNECT,
    )  # fmt: skip
    run = Run.objects.create(
        connection=connection, type=Run.Type.IMPORT, title="Import", import_list=which, asked_by=owner, state=state,
        created_at=timezone.now(),
    )  # fmt: skip
    browsers = [Client(), Client()]
    for browser, person in zip(browsers, (qbo_admin, AssociateFactory(level=50, qbo_admin=True)), strict=True):
        HourlyRateFactory(associate=person)
        browser.force_login(person)
    pages = [report(browser, run) for browser in browsers]
    assert [[(each.key, count) for each, count in page.context["to_complete"]] for page in pages] == [[], lists]
    assert ("Post Import Actions</h2>" in pages[1].content.decode()) is bool(lists)


def test_each_is_linked_with_its_likely_match_and_looked_through(office: Client, plan: Run) -> None:
    [ours] = Organization.objects.all()
    ImportRow.objects.filter(run=plan, outcome="new").first().delete()  # type: ignore[union-attr]
    twin = ImportRow.objects.create(
        run=plan, qbo_id="9999", name="Norton Lumber", outcome="choice", is_open=True, candidates=[]
    )
    page = report(office, plan).content.decode()
    assert "Link each with its likely match" in page
    assert "2 vendors need your choice:" in page

    shown = office.post(reverse("qbo:import_link_likely", args=[plan.pk]), follow=True).content.decode()

    assert "1 will be linked with their likely match. Look through “Linked” before you press “Next”." in shown
    assert "1 may be one of several here, or fit nobody alone: choose for each." in shown
    assert "1 vendor needs your choice:" in shown
    assert plan.rows.get(outcome="linked").answer == f"link:organization:{ours.pk}"
    assert plan.rows.get(outcome="choice") == twin


def test_a_choice_shows_how_somebody_is_reached_at_quickbooks(office: Client, plan: Run) -> None:
    row = plan.rows.get(outcome="choice")
    row.values = {
        "PrimaryEmailAddr": {"Address": "yard@norton.example"}, "PrimaryPhone": {"FreeFormNumber": "(650) 555-0100"},
        "BillAddr": {"Line1": "4528 Country Road", "City": "Menlo Park"},
    }  # fmt: skip
    row.save()

    [shown] = report(office, plan).context["rows"]

    assert shown.reached_by == ["yard@norton.example", "(650) 555-0100", "4528 Country Road, Menlo Park"]


def test_the_report_says_what_became_and_leads_on(office: Client, plan: Run) -> None:
    new = plan.rows.filter(outcome="new").count()
    after_next(office, plan)

    page = report(office, plan).content.decode()

    assert f"{new} new, 1 left alone. 1 vendor still needs your choice." in " ".join(page.split())
    assert "Go on with First steps" in page
    choices = office.get(reverse("qbo:waiting")).content.decode()
    assert "From your imports" in choices
    assert "1 vendor at QuickBooks" in choices
    assert "Import Vendors again" in choices
    assert "Nothing needs your choice." not in choices
    assert "1 record needs your choice" in office.get("/").content.decode()
    again = press(office, "vendors")
    serve(connection_pk := again.connection_id)
    assert connection_pk
    assert "Choose in the plan" in office.get(reverse("qbo:waiting")).content.decode()
