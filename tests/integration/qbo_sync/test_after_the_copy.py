"""What the screens say of a record after it was copied: badge, filter, column, “Unlink”, and why it is not deleted."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from associates.models import Associate
from clients.models import Client
from hours.models import ExpenseEntry
from qbo_sync.models import Connection, Kind, Link, Run, Unlinked
from qbo_sync.models.states import RunState, StepState
from smmware.core.extensions import delete_vetoes
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import (
    AssociateFactory,
    ClientFactory,
    CompanyFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceFactory,
    JobFactory,
    MileageEntryFactory,
    OrganizationFactory,
    PaymentFactory,
)
from tests.integration.qbo_sync.test_copies import said, text
from tests.quickbooks import QuickBooks, connected, map_everything, simulated
from tests.unit.qbo_sync.push.conftest import copied, planned

LISTINGS: dict[str, tuple[str, Callable[..., Any]]] = {
    "invoices": ("invoices:list", InvoiceFactory),
    "hours": ("hours:hours", HourEntryFactory),
    "expenses": ("hours:expenses", ExpenseEntryFactory),
    "mileage": ("hours:mileage", MileageEntryFactory),
    "associates": ("associates:list", AssociateFactory),
    "clients": ("clients:list", ClientFactory),
    "organizations": ("organizations:list", OrganizationFactory),
}


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    with simulated() as running:
        yield running


@pytest.fixture
def switched_on(transactional_db: None) -> Company:
    return CompanyFactory(integration=Company.Integration.QBO)


@pytest.fixture
def admin(switched_on: Company) -> Associate:
    return AssociateFactory(first_name="Olivia", last_name="Owner", level=Level.COMPANY_OWNER, qbo_admin=True)


@pytest.fixture
def mapped(quickbooks: QuickBooks, admin: Associate) -> Connection:
    connection = connected(quickbooks, admin)
    map_everything(connection, quickbooks)
    return connection


@pytest.fixture
def visitor(admin: Associate, client_for: Callable[[Associate | None], Browser]) -> Browser:
    return client_for(admin)


def link(connection: Connection, record: Any, qbo_id: str | None = "77", **values: Any) -> Link:
    """A link of a record, as if it had been copied as it is now."""
    kind = Kind.of(record)
    given = {"source_version": record.version, "source_hash": "a" * 64, "origin": Link.Origin.PUSHED} | values
    return Link.objects.create(
        connection=connection, entity="Customer", qbo_id=qbo_id, linked_by=connection.connected_by,
        linked_at=connection.connected_at, **{kind.value: record}, **given,
    )  # fmt: skip


@pytest.mark.parametrize("key", LISTINGS)
def test_every_listing_has_the_badge_as_column_filter_and_csv(mapped: Connection, visitor: Browser, key: str) -> None:
    name, make = LISTINGS[key]
    new, old, changed = make(), make(), make()
    link(mapped, old, "77")
    link(mapped, changed, "78", source_version=changed.version - 1)
    url = reverse(name)

    page = visitor.get(url).content.decode()
    for words in ('pill-neutral">Not copied', 'pill-good">Copied', 'pill-warn">Changed since'):
        assert words in page

    def found(chosen: str) -> set[int]:
        return {row.record.pk for row in visitor.get(url, {"qbo": chosen}).context["table"].rows}

    assert found("copied") == {old.pk}
    assert found("changed") == {changed.pk}
    assert found("there") == {old.pk, changed.pk}
    assert new.pk in found("not_copied") & found("not_there")
    assert not {old.pk, changed.pk} & (found("not_there") | found("not_copied"))
    assert (found("refused"), found("needs_choice"), found("waiting")) == (set(), set(), set())

    lines = b"".join(visitor.get(url, {"export": "csv", "qbo": "changed"}).streaming_content).decode().splitlines()
    assert ("QBO ID,QuickBooks" in lines[0], "78,Changed since" in lines[1], len(lines)) == (True, True, 2)


@pytest.mark.parametrize("key", LISTINGS)
def test_a_listing_asks_as_much_for_one_as_for_thirty(mapped: Connection, visitor: Browser, key: str) -> None:
    name, make = LISTINGS[key]
    link(mapped, make(), "1")
    counts = []
    for more in (0, 29):
        for number in range(more):
            link(mapped, make(), str(100 + number))
        with CaptureQueriesContext(database) as captured:
            visitor.get(reverse(name), {"paging": "off"})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_jobs_have_it_where_they_become_customers(mapped: Connection, visitor: Browser) -> None:
    JobFactory()
    assert "Not copied" not in visitor.get(reverse("clients:jobs")).content.decode()
    Connection.objects.update(jobs_are_customers=True)
    assert "Not copied" in visitor.get(reverse("clients:jobs")).content.decode()


def test_it_can_be_sorted_by(mapped: Connection, visitor: Browser) -> None:
    ClientFactory()
    assert visitor.get(reverse("clients:list"), {"sort": "qbo_badge"}).status_code == 200


def test_add_all_takes_what_was_refused(mapped: Connection, visitor: Browser) -> None:
    refused, _ = ClientFactory(), ClientFactory()
    run = planned(mapped, refused)
    Run.objects.update(state=RunState.DONE)
    run.steps.update(state=StepState.REFUSED)

    visitor.post(reverse("qbo:add_all", args=["clients"]), {"filters": "qbo=refused"})

    assert list(Run.objects.latest("pk").steps.values_list("record_id", flat=True)) == [refused.pk]


def test_the_page_of_a_record_tells_why(mapped: Connection, visitor: Browser) -> None:
    client = ClientFactory()
    assert "Not copied" in text(visitor.get(client.get_absolute_url()))
    run = planned(mapped, client)
    Run.objects.update(state=RunState.DONE)
    run.steps.update(state=StepState.REFUSED, message="Its name is too long.")

    page = visitor.get(client.get_absolute_url())

    assert "Refused Its name is too long. Add QBO" in text(page)
    assert run.get_absolute_url() in page.content.decode()


# Unlink


def unlink(visitor: Browser, found: Link, **data: str) -> Any:
    return visitor.post(reverse("qbo:unlink", args=[found.pk]), data)


def test_unlink_asks_first_and_says_what_it_means(mapped: Connection, visitor: Browser) -> None:
    client = ClientFactory(name="Amy Zimmer")
    copied(mapped, client)
    found = Link.objects.get()
    assert reverse("qbo:unlink", args=[found.pk]) in visitor.get(client.get_absolute_url()).content.decode()

    page = text(visitor.get(reverse("qbo:unlink", args=[found.pk])))
    assert "Unlinking changes nothing at QuickBooks" in page
    assert "there will be two of it at QuickBooks" in page
    assert Link.objects.exists()

    assert "This field is required" in text(unlink(visitor, found, reason=" "))
    response = unlink(visitor, found, reason="The wrong Amy")

    assert (response.status_code, response["Location"]) == (302, client.get_absolute_url())
    assert said(response) == ["Amy Zimmer is unlinked. Nothing was changed at QuickBooks."]
    page = text(visitor.get(client.get_absolute_url()))
    assert "Not copied" in page
    assert f"Customer {found.qbo_id}: The wrong Amy Olivia Owner" in page


def test_what_is_under_way_is_not_unlinked(mapped: Connection, visitor: Browser) -> None:
    client = ClientFactory()
    copied(mapped, client)
    Link.objects.update(qbo_id=None)
    found = Link.objects.get()

    assert "A request about it is not settled yet." in text(visitor.get(reverse("qbo:unlink", args=[found.pk])))
    assert said(unlink(visitor, found, reason="Impatience"))[0].startswith("A request about it is not settled yet.")
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


def test_what_is_copied_is_not_deleted_here(mapped: Connection, visitor: Browser) -> None:
    client = ClientFactory(name="Amy Zimmer")
    link(mapped, client)
    url = reverse("clients:delete", args=[client.pk])

    page = text(visitor.get(url))

    assert "Amy Zimmer is at QuickBooks (Customer 77): deleted here alone, it would stay there." in page
    assert "presses “Unlink”" in page
    assert visitor.post(url).status_code == 403
    assert Client.objects.filter(pk=client.pk).exists()

    Link.objects.all().delete()
    assert visitor.post(url).status_code == 302


def test_whoever_deletes_the_veto_stands(mapped: Connection, switched_on: Company) -> None:
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
    assert delete_vetoes(payment)[0].endswith("and it can be deleted here.")


def _attempt(connection: Connection) -> Any:
    run = planned(connection, ClientFactory())
    return run.attempts.create(request_id="r-1", body="{}", lease_number=1, sent_at=run.created_at)
