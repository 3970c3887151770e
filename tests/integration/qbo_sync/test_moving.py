"""“Move”: a link is moved to another record at QuickBooks, with a reason, by those who may."""
# ruff: noqa: F811 - fixtures are imported, and then asked for by their names

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from qbo_sync.models import Attempt, Connection, Link, RuledOut, Run, Unlinked
from qbo_sync.push import moving
from qbo_sync.push.unlinking import UNSETTLED
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, ClientFactory, InvoiceFactory
from tests.integration.qbo_sync.test_copies import said, text
from tests.unit.qbo_sync.push.test_accepting import connection, customers  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)
RIGHT = {"candidate": "Customer:2", "reason": "Two of one name: this is the one in Madison"}


def linked(connection: Connection, qbo_id: str, **record: Any) -> Link:
    return Link.objects.create(
        connection=connection, entity="Invoice" if "invoice" in record else "Customer", qbo_id=qbo_id,
        origin="imported", linked_by=connection.connected_by, linked_at=timezone.now(), source_version=1, **record,
    )  # fmt: skip


@pytest.fixture
def link(connection: Connection, customers: Callable[..., None]) -> Link:
    """Zoe Young, linked with the wrong one of two; the third name is another's already."""
    customers("Zoe Young (old)", "Zoe Young", "Ann Lee", "Young & Sons")
    linked(connection, "3", client=ClientFactory(name="Ann Lee"))
    return linked(connection, "1", client=ClientFactory(name="Zoe Young"))


def offered(response: HttpResponse) -> list[str]:
    return [choice.record.qbo_id for choice, _ in response.context["choices"]]


def post(office: Client, link: Link, search: str = "", **data: str) -> HttpResponse:
    return office.post(f"/quickbooks/move/{link.pk}/?q={search}", RIGHT | data)


def test_the_page_offers_what_is_like_it_and_free(link: Link, office: Client) -> None:
    page = office.get(f"/quickbooks/move/{link.pk}/")

    assert offered(page) == ["2"]
    assert "Zoe Young is customer 1 at Sandbox Company." in text(page)
    assert "stays with customer 1 there" in text(page)
    assert f'href="/quickbooks/move/{link.pk}/"' in office.get(f"/clients/{link.client_id}/").content.decode()


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sons", ["2", "4"]),
        ("SONS young", ["2", "4"]),
        ("young", ["2", "4"]),
        ("ann", ["2"]),
        ("old", ["2"]),
        ("zz", ["2"]),
    ],
)  # fmt: skip
def test_another_is_looked_for_by_name(search: str, found: list[str], link: Link, office: Client) -> None:
    """Not Ann Lee, who is linked, nor the one that it is linked with now."""
    assert offered(office.get(f"/quickbooks/move/{link.pk}/", {"q": search})) == found


def test_moved_it_is_linked_with_the_other_and_the_reason_is_kept(
    link: Link, office: Client, qbo_admin: Associate
) -> None:
    answer = post(office, link)

    page = f"/clients/{link.client_id}/"
    assert (answer["Location"], said(answer)) == (
        page, ["Zoe Young is QBO ID 2 now. Nothing was changed at QuickBooks."],
    )  # fmt: skip
    now = Link.objects.get(client=link.client)
    assert (now.entity, now.qbo_id, now.origin, now.linked_by, now.source_version, bool(now.source_hash)) == (
        "Customer", "2", "matched", qbo_admin, 1, True,
    )  # fmt: skip
    [kept] = Unlinked.objects.all()
    reason = "Moved to Customer 2: Two of one name: this is the one in Madison"
    assert (kept.record_id, kept.label, kept.qbo_id, kept.origin, kept.unlinked_by, kept.reason) == (
        link.client_id, "Zoe Young", "1", "imported", qbo_admin, reason,
    )  # fmt: skip
    assert reason in text(office.get(page))


def test_what_was_looked_for_can_be_chosen(link: Link, office: Client) -> None:
    assert post(office, link, "sons", candidate="Customer:4").status_code == 302
    assert Link.objects.get(client=link.client).qbo_id == "4"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"reason": ""}, "This field is required."),
        ({"reason": "x" * 401}, "Ensure this value has at most 400 characters"),
        ({"candidate": ""}, "Choose which record at QuickBooks it is."),
        ({"candidate": "Customer:3"}, moving.NOT_OFFERED),
        ({"candidate": "Customer:4"}, moving.NOT_OFFERED),
        ({"candidate": "Vendor:2"}, moving.NOT_OFFERED),
        ({"candidate": "x"}, moving.NOT_OFFERED),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    data: dict[str, str], complaint: str, link: Link, office: Client
) -> None:
    page = post(office, link, **data)

    assert complaint in text(page)
    assert (RIGHT | data)["reason"][:30] in page.content.decode()
    assert ('value="Customer:2" checked' in page.content.decode()) == ("candidate" not in data)
    assert (Link.objects.get(client=link.client).qbo_id, Unlinked.objects.count()) == ("1", 0)


def test_what_was_ruled_out_is_not_offered(link: Link, office: Client, qbo_admin: Associate) -> None:
    RuledOut.objects.create(
        connection=link.connection, kind="client", record_id=link.client_id, entity="Customer", qbo_id="2",
        ruled_out_by=qbo_admin,
    )  # fmt: skip
    assert offered(office.get(f"/quickbooks/move/{link.pk}/", {"q": "young"})) == ["4"]


def test_a_request_under_way_is_waited_for(link: Link, office: Client, qbo_admin: Associate) -> None:
    run = Run.objects.create(
        connection=link.connection, type=Run.Type.UPDATE, title="Update", asked_by=qbo_admin, created_at=timezone.now()
    )
    run.steps.create(position=0, kind="client", record_id=link.client_id, label="Zoe", version_seen=1, state="sending")

    assert UNSETTLED in text(office.get(f"/quickbooks/move/{link.pk}/"))
    assert UNSETTLED in text(post(office, link)) or UNSETTLED in said(post(office, link))
    assert Link.objects.get(client=link.client).qbo_id == "1"


def test_linked_with_another_at_the_same_moment_nothing_is_moved(
    link: Link, office: Client, qbo_admin: Associate, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = moving.context_of

    def somebody_else(*arguments: Any) -> Any:
        linked(link.connection, "2", client=ClientFactory())
        return look(*arguments)

    monkeypatch.setattr(moving, "context_of", somebody_else)  # between looking and writing

    assert moving.TAKEN in text(post(office, link))
    assert (Link.objects.get(client=link.client).qbo_id, Unlinked.objects.count()) == ("1", 0)


def test_what_has_no_list_to_choose_from_is_not_moved(
    connection: Connection,
    office: Client,
    qbo_admin: Associate,
) -> None:
    invoice = linked(connection, "9", invoice=InvoiceFactory())
    run = Run.objects.create(
        connection=connection, type=Run.Type.PUSH, title="Add", asked_by=qbo_admin, created_at=timezone.now()
    )
    attempt = Attempt.objects.create(run=run, request_id="1", body="{}", lease_number=1, sent_at=timezone.now())
    reserved = linked(connection, "10", client=ClientFactory())
    Link.objects.filter(pk=reserved.pk).update(qbo_id=None, attempt=attempt)

    assert [office.get(f"/quickbooks/move/{each.pk}/").status_code for each in (invoice, reserved)] == [404, 404]
    assert "/quickbooks/move/" not in office.get(invoice.invoice.get_absolute_url()).content.decode()


def test_nobody_else_moves_a_link(
    link: Link, qbo_admin: Associate, client_for: Callable[[Associate | None], Client]
) -> None:
    owner = client_for(AssociateFactory(level=Level.COMPANY_OWNER, qbo_admin=False))

    assert (owner.get(f"/quickbooks/move/{link.pk}/").status_code, post(owner, link).status_code) == (403, 403)
    assert post(client_for(None), link).status_code == 403  # what was typed is kept until one has signed in
    assert Link.objects.get(client=link.client).qbo_id == "1"


def test_the_queries_do_not_grow_with_the_choices(
    connection: Connection,
    customers: Callable[..., None],
    office: Client,
) -> None:
    counts = []
    for size in (2, 30):
        customers(*(f"Zoe Young {number}" for number in range(size)))
        link = linked(connection, "1", client=ClientFactory(name="Zoe Young"))
        with CaptureQueriesContext(database) as queries:
            office.get(f"/quickbooks/move/{link.pk}/", {"q": "zoe"})
        counts.append(len(queries))
        link.delete()
    assert counts[0] == counts[1]
