"""What the form of a client, organization or associate says at once of a name that is taken at QuickBooks."""

import html
import re
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from qbo_sync.directory import NEVER, name_key
from qbo_sync.models import Connection, Entity, ImportList, Link, NameRecord, Run
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, ClientFactory, OrganizationFactory


@pytest.fixture
def connection(qbo_admin: Associate) -> Connection:
    """Connected, and all three lists of names are read."""
    connection = Connection.objects.create(
        environment="simulator", realm_id="1", is_active=True, state=Connection.State.CONNECTED, connected_by=qbo_admin
    )
    for which in (ImportList.CLIENTS, ImportList.VENDORS, ImportList.ASSOCIATES):
        Run.objects.create(
            connection=connection, type=Run.Type.IMPORT, import_list=which, title=which.label, asked_by=qbo_admin,
            created_at=timezone.now(), planned_at=timezone.now(),
        )  # fmt: skip
    return connection


def at_quickbooks(connection: Connection, entity: Entity, name: str, **fields: Any) -> NameRecord:
    return NameRecord.objects.create(
        connection=connection, entity=entity, qbo_id=str(58 + NameRecord.objects.count()), display_name=name,
        name_key=name_key(name), **fields,
    )  # fmt: skip


def said(office: Client, path: str, **typed: Any) -> list[str]:
    """The paragraphs that are said, as text."""
    answer = office.get(f"/quickbooks/names/{path}/", typed)
    assert answer.status_code == 200
    return [
        " ".join(re.sub(r"<[^>]*>", "", html.unescape(each)).split())
        for each in answer.content.decode().split("</p>")[:-1]
    ]


FREE = "Take “Mary Ford ({})” QuickBooks has nobody of that name."


@pytest.mark.parametrize(
    ("entity", "is_active", "sentence"),
    [
        (
            Entity.CUSTOMER, True,
            "QuickBooks has a customer of this name already (QBO ID 58). If that is this client, leave the name as it "
            "is: “QBO Add” links the two.",
        ),
        (
            Entity.VENDOR, True,
            "QuickBooks has a vendor of this name already (QBO ID 58), and takes a name only once over customers, "
            "vendors and employees.",
        ),
        (
            Entity.EMPLOYEE, False,
            "QuickBooks has an employee of this name that is inactive there (QBO ID 58). If that is this client, make "
            "it active there; else another name keeps the two apart.",
        ),
    ],
)  # fmt: skip
def test_the_list_and_whether_it_is_inactive(
    office: Client, connection: Connection, entity: Entity, is_active: bool, sentence: str
) -> None:
    at_quickbooks(connection, entity, "Mary Ford" if is_active else "Mary Ford (deleted)", is_active=is_active)
    assert said(office, "client", name="mary ford") == [sentence, FREE.format("C").replace("Mary Ford", "mary ford")]
    assert said(office, "client", name="Mary Fort") == []


def test_a_name_that_belongs_to_another_record_here_leads_to_it(office: Client, connection: Connection) -> None:
    mary, record = ClientFactory(name="Mary Ford"), at_quickbooks(connection, Entity.CUSTOMER, "Mary Ford")
    Link.objects.create(
        connection=connection, client=mary, entity=record.entity, qbo_id=record.qbo_id, origin=Link.Origin.MATCHED,
        linked_by=connection.connected_by, linked_at=timezone.now(),
    )  # fmt: skip
    words = "QuickBooks has a customer of this name already (QBO ID 58), which is linked here to Mary Ford."
    assert said(office, "organization", name="Mary Ford") == [words, FREE.format("V")]
    assert mary.get_absolute_url() in office.get("/quickbooks/names/organization/?name=Mary+Ford").content.decode()
    assert said(office, f"client/{mary.pk}", name="Mary Ford") == []


def test_a_contractor_is_a_vendor_and_an_employee_an_employee(office: Client, connection: Connection) -> None:
    at_quickbooks(connection, Entity.VENDOR, "Mary Ford")
    typed = {"first_name": "Mary", "last_name": "Ford"}
    contractor, employee, vehicle = (
        said(office, "associate", kind=kind, **typed) for kind in ("contractor", "employee", "vehicle")
    )
    assert (contractor[1], employee[1], vehicle) == (FREE.format("V"), FREE.format("E"), [])
    assert ("links the two" in contractor[0], "links the two" in employee[0]) == (True, False)


def test_our_own_company_is_nobody_s_customer(office: Client, connection: Connection) -> None:
    at_quickbooks(connection, Entity.VENDOR, "Mary Ford")
    assert said(office, "client", name="Mary Ford", is_own_company="on") == []


UNREAD = (
    "SMMware has not read the {} at QuickBooks yet, so whether one of them bears this name is not known. Import them "
    "to know."
)


def test_before_the_lists_are_read_it_says_that_nothing_is_known(office: Client, connection: Connection) -> None:
    Run.objects.all().delete()
    assert said(office, "client", name="Mary Ford") == [UNREAD.format("customers, vendors and employees")]
    assert said(office, "client", name=" ") == []


def test_which_list_is_not_read_is_said_beside_what_is_known(office: Client, connection: Connection) -> None:
    Run.objects.exclude(import_list=ImportList.VENDORS).delete()
    at_quickbooks(connection, Entity.CUSTOMER, "Mary Ford")  # by a copy, which reads the lists too
    at_quickbooks(connection, Entity.EMPLOYEE, "Somebody Else", read_at=NEVER)  # of a reading that broke off
    asked = said(office, "organization", name="Mary Ford")
    assert asked[1:] == [
        "Take “Mary Ford (V)” As far as SMMware knows, QuickBooks has nobody of that name.", UNREAD.format("employees"),
    ]  # fmt: skip
    assert said(office, "organization", name="Mary Fort") == [UNREAD.format("employees")]


def test_not_connected_nothing_is_said(office: Client) -> None:
    assert said(office, "client", name="Mary Ford") == []


@pytest.mark.parametrize("typed", ["\0", "x" * 5000, "<b>Mary</b>", "Mary\nFord:"])
def test_whatever_is_typed(office: Client, connection: Connection, typed: str) -> None:
    at_quickbooks(connection, Entity.VENDOR, "<b>Mary</b>")
    answer = office.get("/quickbooks/names/organization/", {"name": typed})
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode()


def test_there_is_no_such_check_for_other_kinds(office: Client, connection: Connection) -> None:
    assert [office.get(f"/quickbooks/names/{kind}/").status_code for kind in ("invoice", "job", "nothing")] == [404] * 3


def test_thirty_holders_take_as_many_queries_as_one(office: Client, connection: Connection) -> None:
    counts = []
    for more in (1, 29):
        for number in range(more):
            record = at_quickbooks(connection, Entity.VENDOR, "Mary Ford (deleted)", is_active=False)
            Link.objects.create(
                connection=connection, organization=OrganizationFactory(name=f"Number {number} of {more}"),
                entity=record.entity, qbo_id=record.qbo_id, origin=Link.Origin.MATCHED,
                linked_by=connection.connected_by, linked_at=timezone.now(),
            )  # fmt: skip
        with CaptureQueriesContext(database) as captured:
            assert said(office, "organization", name="Mary Ford")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


FORMS = {"/clients/add/": "name", "/organizations/add/": "name", "/associates/add/": "last_name"}


class TestTheForms:
    @pytest.mark.parametrize("url", FORMS)
    def test_ask_while_one_types(self, office: Client, connection: Connection, url: str) -> None:
        page = office.get(url)
        kind = url.split("/")[1].removesuffix("s")
        assert list(page.context["form"].live_checks) == [FORMS[url]]
        assert f'hx-get="/quickbooks/names/{kind}/"' in page.content.decode()
        assert f"input delay:400ms from:#id_{FORMS[url]}" in page.content.decode()

    def test_and_at_once_where_a_name_stands_there(self, office: Client, connection: Connection) -> None:
        mary = ClientFactory(name="Mary Ford")
        page = office.get(f"/clients/{mary.pk}/edit/").content.decode()
        assert f'hx-get="/quickbooks/names/client/{mary.pk}/"' in page
        assert 'hx-trigger="load, input delay:400ms from:#id_name, input' in page
        assert 'hx-params="name,is_own_company"' in page

    def test_a_form_without_the_field_asks_nothing(self, office: Client, connection: Connection) -> None:
        person = AssociateFactory(level=Level.BASIC_USER)
        page = office.get(f"/associates/{person.pk}/sign-in/")
        assert (page.status_code, "quickbooks/names" in page.content.decode()) == (200, False)

    def test_not_connected_nothing_is_asked(self, office: Client) -> None:
        assert "quickbooks/names" not in office.get("/clients/add/").content.decode()

    @pytest.mark.parametrize("changed", [{"integration": "no"}, {"qbo_admin": False}], ids=["off", "no QBO Admin"])
    def test_nor_where_quickbooks_is_not_offered(
        self, office: Client, connection: Connection, qbo_admin: Associate, changed: dict[str, Any]
    ) -> None:
        if "integration" in changed:
            Company.objects.update(**changed)
        else:
            Associate.objects.filter(pk=qbo_admin.pk).update(**changed)
        assert "quickbooks/names" not in office.get("/clients/add/").content.decode()
