"""“Never this one” and its “Undo” on the screens."""
# ruff: noqa: F811 - fixtures are imported, and then asked for by their names

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from associates.models import Associate
from clients.models import Client as OurClient
from qbo_sync.models import Connection, Link, NameRecord, RuledOut, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.choices import NOT_FREE
from qbo_sync.serve import serve
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, ClientFactory, InvoiceFactory
from tests.integration.qbo_sync.test_copies import (  # noqa: F401 - fixtures
    add,
    choice,
    said,
    text,
    the_run,
    waiting,
)

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("worker")]
BIRDS = {"candidate": "Customer:1"}
NEVER = "Somebody said that these are not Amys Bird Sanctuary"


@pytest.fixture
def ruled_out(waiting: Step, office: Client) -> RuledOut:
    office.post(choice(waiting, "choice_never"), BIRDS)
    return RuledOut.objects.get()


def undo(office: Client, answer: RuledOut, **data: Any) -> HttpResponse:
    return office.post(reverse("qbo:choice_undo", args=[answer.pk]), data)


def test_never_this_one_is_not_offered_again(waiting: Step, office: Client, qbo_admin: Associate) -> None:
    answer = office.post(choice(waiting, "choice_never"), BIRDS)

    assert (answer["Location"], said(answer)) == (
        choice(waiting), ["QBO ID 1 will not be offered for “Amys Bird Sanctuary” again."],
    )  # fmt: skip
    [kept] = RuledOut.objects.values_list("kind", "record_id", "entity", "qbo_id", "ruled_out_by")
    assert kept == ("client", waiting.record_id, "Customer", "1", qbo_admin.pk)
    page = office.get(choice(waiting))
    assert 'name="candidate"' not in page.content.decode()
    assert NEVER in text(page)
    assert f"Customer 1 “Amy's Bird Sanctuary” {qbo_admin}" in text(page)
    waiting.refresh_from_db()
    assert waiting.state == StepState.NEEDS_CHOICE


@pytest.mark.parametrize("candidate", ["Customer:2", "Vendor:1", ":", ""])
def test_what_was_not_offered_is_not_ruled_out(candidate: str, waiting: Step, office: Client) -> None:
    answer = office.post(choice(waiting, "choice_never"), {"candidate": candidate})

    assert said(answer) == ["That record is not one of the choices any more. Choose again."]
    assert not RuledOut.objects.exists()


def test_undone_it_is_offered_again(ruled_out: RuledOut, waiting: Step, office: Client) -> None:
    answer = undo(office, ruled_out, step=waiting.pk)

    assert (answer["Location"], said(answer)[-1:]) == (
        choice(waiting), ["QBO ID 1 may be offered for “Amys Bird Sanctuary” again."],
    )  # fmt: skip
    assert not RuledOut.objects.exists()
    page = office.get(choice(waiting))
    assert 'name="candidate" value="Customer:1"' in page.content.decode()
    assert NEVER not in text(page)


def test_it_is_undone_on_the_records_own_page_too(ruled_out: RuledOut, waiting: Step, office: Client) -> None:
    page = f"/clients/{waiting.record_id}/"
    assert "Never Customer 1 “Amy's Bird Sanctuary”" in text(office.get(page))

    assert undo(office, ruled_out)["Location"] == page

    assert not RuledOut.objects.exists()
    assert "Never Customer 1" not in text(office.get(page))


@pytest.mark.parametrize("step", ["0", "9" * 30, "x"])
def test_a_step_about_another_record_leads_to_the_record(
    step: str, ruled_out: RuledOut, waiting: Step, office: Client
) -> None:
    assert undo(office, ruled_out, step=step)["Location"] == f"/clients/{waiting.record_id}/"


def test_undone_twice_there_is_nothing_left(ruled_out: RuledOut, office: Client) -> None:
    undo(office, ruled_out)

    assert undo(office, ruled_out).status_code == 404


@pytest.mark.parametrize("name", ["choice_never", "choice_undo"])
@pytest.mark.parametrize("is_qbo_admin", [False, None], ids=["no QBO Admin", "signed out"])
def test_nobody_else_rules_out_or_takes_it_back(
    name: str,
    is_qbo_admin: bool | None,
    mapped: Connection,
    ruled_out: RuledOut,
    waiting: Step,
    client_for: Callable[[Associate | None], Client],
) -> None:
    person = None if is_qbo_admin is None else AssociateFactory(level=Level.COMPANY_OWNER, qbo_admin=False)
    url = choice(waiting, name) if name == "choice_never" else reverse("qbo:choice_undo", args=[ruled_out.pk])

    answer = client_for(person).post(url, {"candidate": "Customer:1", "step": waiting.pk})

    assert answer.status_code == (302 if person is None else 403)
    assert list(RuledOut.objects.values_list("pk", flat=True)) == [ruled_out.pk]


def test_who_may_not_see_the_record_undoes_it_in_the_copy_only(
    ruled_out: RuledOut, waiting: Step, client_for: Callable[[Associate], Client]
) -> None:
    """As with the choices themselves, which come along with a copy (design.md §6)."""
    basic = client_for(AssociateFactory(level=Level.BASIC_USER, qbo_admin=True))
    of_an_invoice = RuledOut.objects.create(
        connection=ruled_out.connection, kind="invoice", record_id=InvoiceFactory().pk, entity="Invoice",
        qbo_id="55", ruled_out_by=ruled_out.ruled_out_by,
    )  # fmt: skip

    assert undo(basic, of_an_invoice).status_code == 404
    assert undo(basic, of_an_invoice, step=waiting.pk).status_code == 404
    assert undo(basic, ruled_out, step=waiting.pk)["Location"] == choice(waiting)


def test_a_get_undoes_nothing(ruled_out: RuledOut, office: Client) -> None:
    assert office.get(reverse("qbo:choice_undo", args=[ruled_out.pk])).status_code == 405
    assert RuledOut.objects.count() == 1


def test_several_need_a_choice_and_one_needs_it(mapped: Connection, quickbooks: Any, office: Client) -> None:
    run = the_run(add(office, ClientFactory(name="Amys Bird Sanctuary")))
    office.post(reverse("qbo:run_next", args=[run.pk]))
    assert "1 of 1 record settled: 1 needs your choice." in text(office.get(run.get_absolute_url()))
    Step.objects.create(
        run=run, position=9, kind="client", record_id=ClientFactory().pk, entity="Customer", label="Another",
        version_seen=1, state=StepState.NEEDS_CHOICE,
    )  # fmt: skip
    assert "2 of 2 records settled: 2 need your choice." in text(office.get(run.get_absolute_url()))


NEW_NAME = "None of these, create “Amy's Bird Sanctuary (C)”"


@pytest.fixture
def taken(mapped: Connection, office: Client) -> Step:
    """A client of exactly the name of a customer at QuickBooks: its step waits for a choice."""
    run = the_run(add(office, ClientFactory(name="Amy's Bird Sanctuary")))
    office.post(reverse("qbo:run_next", args=[run.pk]))
    return run.steps.get(state=StepState.NEEDS_CHOICE)


def test_where_the_name_is_taken_a_free_one_is_offered(taken: Step, office: Client, quickbooks: Any) -> None:
    shown = text(office.get(choice(taken)))
    assert f"{NEW_NAME} Leave it out" in shown
    assert "“Amy's Bird Sanctuary (C)” is free: the new one is called so at QuickBooks and here." in shown
    assert "None of these, create a new one" not in shown

    office.post(choice(taken, "choice_create"), {"called": "Amy's Bird Sanctuary (C)"})
    serve(taken.run.connection_id)

    [link] = Link.objects.all()
    [row] = quickbooks.query(f"select * from Customer where Id = '{link.qbo_id}'")
    taken.refresh_from_db()
    assert (taken.state, taken.label) == (StepState.DONE, "Amy's Bird Sanctuary (C)")
    assert (row["DisplayName"], link.client.name) == ("Amy's Bird Sanctuary (C)", "Amy's Bird Sanctuary (C)")
    assert link.source_version == link.client.version


def test_a_name_that_is_only_written_alike_is_free(waiting: Step, office: Client) -> None:
    shown = text(office.get(choice(waiting)))
    assert "None of these, create a new one Leave it out" in shown
    assert "is free" not in shown


def test_the_name_of_somebody_inactive_may_be_taken_again(taken: Step, office: Client) -> None:
    NameRecord.objects.filter(qbo_id="1", entity="Customer").update(is_active=False)
    shown = text(office.get(choice(taken)))
    assert f"{NEW_NAME} None of these, create a new one of the same name Leave it out" in shown


@pytest.mark.parametrize("called", ["Amy's Bird Sanctuary", "Whatever", "Amy's Bird Sanctuary (C)"])
def test_what_is_not_offered_any_more_is_not_taken(taken: Step, office: Client, called: str) -> None:
    ClientFactory(name="Amy's Bird Sanctuary (C)")  # somebody has just given it away

    answer = office.post(choice(taken, "choice_create"), {"called": called})

    assert (answer["Location"], said(answer)) == (choice(taken), [NOT_FREE])
    assert OurClient.objects.get(pk=taken.record_id).name == "Amy's Bird Sanctuary"


def test_who_may_not_rename_the_record_is_not_offered_it(taken: Step, office: Client, qbo_admin: Associate) -> None:
    Associate.objects.filter(pk=qbo_admin.pk).update(level=Level.BASIC_USER)

    assert "is free" not in text(office.get(choice(taken)))
    assert office.post(choice(taken, "choice_create"), {"called": "Amy's Bird Sanctuary (C)"}).status_code == 403
