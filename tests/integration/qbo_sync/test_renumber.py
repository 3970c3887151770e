"""“Give another number”: the page of an invoice whose number is taken at QuickBooks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from invoices.models import Invoice
from qbo_sync.models import Connection, Run, Step
from qbo_sync.models.states import RunState, StepState
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, CompanyFactory, InvoiceFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(transactional_db: None) -> Associate:
    CompanyFactory(integration=Company.Integration.QBO)
    return AssociateFactory(level=Level.ADMIN, qbo_admin=True)


@pytest.fixture
def step(person: Associate) -> Step:
    """Invoice 2043 was refused; 2044 is free."""
    now, invoice = timezone.now(), InvoiceFactory(number="2043", status=Invoice.Status.FINALIZED)
    connection = Connection.objects.create(
        environment="simulator", realm_id="1", state="connected", is_active=True, connected_by=person, connected_at=now
    )
    run = Run.objects.create(
        connection=connection, type=Run.Type.PUSH, title="Add QBO", asked_by=person, created_at=now, size=1,
        state=RunState.DONE,
    )  # fmt: skip
    return Step.objects.create(
        run=run, position=0, kind="invoice", record_id=invoice.pk, entity="Invoice", label="Invoice 2043",
        version_seen=invoice.version, state=StepState.REFUSED, fault_code="6140", free_number="2044", mend="number",
        message="QuickBooks already has a document of this number.",
    )  # fmt: skip


def url(step: Step) -> str:
    return reverse("qbo:renumber", args=[step.run_id, step.pk])


@pytest.fixture
def office(person: Associate, client_for: Callable[[Associate], Client]) -> Client:
    return client_for(person)


def test_the_run_leads_there_and_the_free_number_is_filled_in(office: Client, step: Step) -> None:
    assert f'href="{url(step)}"' in office.get(step.run.get_absolute_url()).content.decode()

    page = office.get(url(step)).content.decode()

    assert 'value="2044"' in page
    assert "QuickBooks already has a document of this number." in page


def test_the_number_is_given_and_the_run_goes_on(office: Client, step: Step) -> None:
    answer = office.post(url(step), {"number": "2044"})

    step.refresh_from_db()
    invoice = Invoice.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, step.run.get_absolute_url())
    assert (step.state, step.mend, step.version_seen, invoice.number) == ("ready", "", invoice.version, "2044")
    assert Run.objects.get().state == RunState.QUEUED


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("2043", "This is the number that QuickBooks refused: choose another one."),
        ("2050", "There is an invoice 2050 here already: choose another number."),
        ("", "This field is required."),
        ("9" * 22, "Ensure this value has at most 21 characters (it has 22)."),
    ],
)
def test_what_does_not_do_is_said_next_to_the_field(office: Client, step: Step, number: str, error: str) -> None:
    InvoiceFactory(number="2050")

    answer = office.post(url(step), {"number": number})

    assert (answer.status_code, answer.context["form"].errors) == (200, {"number": [error]})
    assert Invoice.objects.get(pk=step.record_id).number == "2043"


def test_an_invoice_that_the_client_has_keeps_its_number(office: Client, step: Step) -> None:
    Invoice.objects.update(status=Invoice.Status.SENT)

    assert [office.get(url(step)).status_code, office.post(url(step), {"number": "2044"}).status_code] == [403, 403]
    assert Invoice.objects.get().number == "2043"


@pytest.mark.parametrize(("level", "status"), [(Level.TEAM_LEAD, 403), (Level.ADMIN, 200)])
def test_who_may_edit_the_invoice_may(
    step: Step, level: Level, status: int, client_for: Callable[[Associate], Client]
) -> None:
    assert client_for(AssociateFactory(level=level, qbo_admin=True)).get(url(step)).status_code == status


@pytest.mark.parametrize("values", [{"state": StepState.DONE}, {"fault_code": "6240"}, {"kind": "client"}])
def test_there_is_no_such_page_for_anything_else(office: Client, step: Step, values: dict[str, Any]) -> None:
    Step.objects.update(**values)

    assert office.get(url(step)).status_code == 404
