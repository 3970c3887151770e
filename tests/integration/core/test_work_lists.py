"""“Post Import Actions”: what lacks something is completed row by row, each by itself, with and without JavaScript."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from associates.models import Associate
from associates.rules import FUTURE_RATE
from clients.models import Client
from organizations.models import Organization
from smmware.core.forms import CHANGED_MEANWHILE
from smmware.core.models import LeftAsItIs
from smmware.core.permissions import Level
from smmware.core.work_lists import add_work_list, work_list_by_key
from tests.factories import (
    AssociateFactory,
    CategoryFactory,
    ClientFactory,
    CustomFieldFactory,
    CustomFieldValueFactory,
    HourlyRateFactory,
    OrganizationFactory,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
HTMX = {"HX-Request": "true"}
CLIENTS, ASSOCIATES, ORGANIZATIONS = "/work-lists/clients/", "/work-lists/associates/", "/work-lists/organizations/"
PASSWORD = "quiet-harbour-lamp"


@pytest.fixture
def complete(cast: dict[str, Associate]) -> None:
    """A cast that lacks nothing."""
    for person in cast.values():
        HourlyRateFactory(associate=person)


@pytest.fixture
def office(admin: Associate, complete: None, client_for: ClientFor) -> Browser:
    return client_for(admin)


def shown(browser: Browser, url: str) -> list[tuple[str, list[str]]]:
    return [(str(row.record), row.lacks) for row in browser.get(url).context["rows"]]


def imported(name: str, password: str = "", **facts: Any) -> Associate:
    """Somebody as an import makes them: without username, password and rate."""
    person = AssociateFactory.build(first_name="", last_name=name, username=None, **facts)
    person.password = password
    person.save()
    return person


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("basic", [403, 403, 403, 403]),
        ("lead", [200, 403, 403, 200]),
        ("admin", [200] * 4),
        ("senior_admin", [200] * 4),
        ("owner", [200] * 4),
    ],
)
def test_who_may_open_which(cast: dict[str, Associate], client_for: ClientFor, who: str, statuses: list[int]) -> None:
    browser = client_for(cast[who])
    urls = ["/work-lists/", CLIENTS, ASSOCIATES, ORGANIZATIONS]
    assert [browser.get(url).status_code for url in urls] == statuses
    assert ('href="/work-lists/"' in browser.get("/").content.decode()) is (who != "basic")


def test_what_may_not_be_opened_may_not_be_sent(lead: Associate, basic: Associate, client_for: ClientFor) -> None:
    client, organization = ClientFactory(), OrganizationFactory(category=None)
    category, newcomer = CategoryFactory(), imported("Newcomer")
    sent: list[tuple[Associate, str, dict[str, Any]]] = [
        (lead, f"{CLIENTS}{client.pk}/", {"referred_by": "Me", "seen_version": 1}),
        (lead, f"{ASSOCIATES}{newcomer.pk}/", {"rate": "99", "effective_from": "2026-01-01", "seen_version": 1}),
        (basic, f"{ORGANIZATIONS}{organization.pk}/", {"category": category.pk, "seen_version": 1}),
        (basic, f"{ORGANIZATIONS}{organization.pk}/", {"leave": ""}),
    ]
    assert [client_for(person).post(url, data).status_code for person, url, data in sent] == [403] * 4
    assert (Client.objects.get().referred_by, Organization.objects.get().category) == ("", None)
    assert (newcomer.hourly_rates.count(), LeftAsItIs.objects.count()) == (0, 0)


@pytest.mark.parametrize("url", [CLIENTS, ASSOCIATES, ORGANIZATIONS, "/work-lists/"])
def test_signed_out_one_is_asked_to_sign_in(client: Browser, url: str) -> None:
    assert client.get(url).headers["Location"] == f"/sign-in/?next={url}"


def test_a_list_that_is_none(office: Browser) -> None:
    assert office.get("/work-lists/jobs/").status_code == 404


def test_a_key_names_one_list() -> None:
    with pytest.raises(ValueError, match="clients"):
        add_work_list(work_list_by_key("clients"))


def test_clients_that_lack_something(office: Browser) -> None:
    full = {"referred_by": "Dr. Ray", "acts_as_reference": False}
    CustomFieldValueFactory(client=ClientFactory(name="Complete", **full))
    CustomFieldValueFactory(client=ClientFactory(name="A", acts_as_reference=True), field=CustomFieldFactory())
    CustomFieldValueFactory(client=ClientFactory(name="B", referred_by="Dr. Ray"), field=CustomFieldFactory())
    ClientFactory(name="C", **full)
    ClientFactory(name="Inquiry", stage=Client.Stage.INQUIRY)
    ClientFactory(name="Inactive", is_active=False)
    ClientFactory(name="Ourselves", is_own_company=True)
    assert shown(office, CLIENTS) == [("A", ["referred by"]), ("B", ["act as reference"]), ("C", ["custom fields"])]


def test_without_custom_fields_none_are_lacking(office: Browser) -> None:
    ClientFactory(referred_by="Dr. Ray", acts_as_reference=True)
    assert shown(office, CLIENTS) == []
    assert "All clients are complete." in office.get(CLIENTS).content.decode()


def test_associates_that_lack_something(office: Browser) -> None:
    imported("A")
    HourlyRateFactory(associate=imported("B"))
    AssociateFactory(first_name="", last_name="C")
    HourlyRateFactory(associate=imported("D", password="!unusable"))
    HourlyRateFactory(
        associate=imported("Above, whose username is not for an Admin to give", level=Level.COMPANY_OWNER)
    )
    HourlyRateFactory(associate=imported("QBO Admin, the same", qbo_admin=True))
    imported("Van", kind="vehicle")
    imported("Gone", is_active=False)
    assert shown(office, ASSOCIATES) == [
        ("A", ["username and password", "hourly rate"]),
        ("B", ["username and password"]),
        ("C", ["hourly rate"]),
        ("D", ["username and password"]),
    ]


def test_organizations_without_a_category(office: Browser) -> None:
    OrganizationFactory()
    OrganizationFactory(name="Oak Movers", category=None)
    OrganizationFactory(category=None, is_active=False)
    assert shown(office, ORGANIZATIONS) == [("Oak Movers", ["a category"])]


def test_a_client_is_completed_in_its_row(office: Browser) -> None:
    pets, client = CustomFieldFactory(label="Pets"), ClientFactory(name="Margaret Whitfield")
    ClientFactory(name="Another")
    data = {
        "referred_by": "Dr. Ray", "acts_as_reference": "False", f"custom_{pets.pk}": "Two cats", "seen_version": 1,
    }  # fmt: skip
    answer = office.post(f"{CLIENTS}{client.pk}/", data, headers=HTMX)
    client.refresh_from_db()
    assert (client.referred_by, client.acts_as_reference, client.version) == ("Dr. Ray", False, 2)
    assert list(client.custom_values.values_list("field", "value")) == [(pets.pk, "Two cats")]
    page = answer.content.decode()
    assert [page.count(part) for part in ("data-saved", "<form", "<html")] == [1, 0, 0]
    assert '<strong id="remaining" hx-swap-oob="true">1 client</strong>' in page


def test_saved_but_not_complete_the_row_stays(office: Browser) -> None:
    client = ClientFactory()
    data = {"referred_by": "Dr. Ray", "acts_as_reference": "", "seen_version": 1}
    answer = office.post(f"{CLIENTS}{client.pk}/", data, headers=HTMX)
    row = answer.context["row"]
    assert (row.state, row.lacks, row.form["seen_version"].value()) == ("saved", ["act as reference"], 2)
    assert "<form" in answer.content.decode()


def test_without_javascript_one_comes_back_to_the_list(office: Browser) -> None:
    client = ClientFactory(name="Margaret Whitfield", referred_by="Dr. Ray")
    answer = office.post(
        f"{CLIENTS}{client.pk}/?page=1", {"referred_by": "Dr. Ray", "acts_as_reference": "True", "seen_version": 1}
    )
    assert answer.headers["Location"] == f"{CLIENTS}?page=1"
    assert [str(m) for m in office.get(CLIENTS).context["messages"]] == ["Margaret Whitfield is saved."]


def test_refused_without_javascript_the_page_has_what_was_typed(office: Browser) -> None:
    for number in range(25):
        ClientFactory(name=f"Client {number:02}")
    last = Client.objects.get(name="Client 24")
    answer = office.post(f"{CLIENTS}{last.pk}/", {"referred_by": "x" * 256, "seen_version": 1})
    rows = answer.context["rows"]
    assert (rows[0].record, len(rows)) == (last, 21)
    assert rows[0].form.errors == {"referred_by": ["Ensure this value has at most 255 characters (it has 256)."]}
    assert "x" * 256 in answer.content.decode()
    assert office.get(f"{CLIENTS}{last.pk}/").status_code == 200  # whoever reloads that address sees the list


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "row"])
def test_the_second_is_told_and_loses_nothing(office: Browser, headers: dict[str, str]) -> None:
    client = ClientFactory()
    Client.objects.update(referred_by="Somebody faster")
    sent = {"referred_by": "Dr. Ray", "acts_as_reference": "", "seen_version": 1}
    answer = office.post(f"{CLIENTS}{client.pk}/", sent, headers=headers)
    form = answer.context["row"].form if headers else answer.context["rows"][0].form
    assert (form.non_field_errors(), form["referred_by"].value()) == ([CHANGED_MEANWHILE], "Dr. Ray")
    assert form["seen_version"].value() == "2"
    assert Client.objects.get().referred_by == "Somebody faster"


def test_what_is_typed_into_a_removed_field_comes_back(office: Browser) -> None:
    field, client = CustomFieldFactory(label="Pets"), ClientFactory()
    field.delete()
    sent = {"referred_by": "Dr. Ray", f"custom_{field.pk}": "Two cats", "seen_version": 1}
    for url in (f"{CLIENTS}{client.pk}/", f"/clients/{client.pk}/edit/"):
        page = office.post(url, sent).content.decode()
        assert "A custom field was removed from Settings while you were editing. What you typed into it was" in page
        assert "“Two cats”" in page
    assert Client.objects.get().referred_by == ""


def test_an_associate_gets_all_at_once(office: Browser) -> None:
    newcomer = imported("Newcomer", hired_on=dt.date(2026, 3, 2))
    form = office.get(ASSOCIATES).context["rows"][0].form
    assert set(form.fields) == {"seen_version", "username", "password1", "password2", "rate", "effective_from"}
    assert form["effective_from"].value() == dt.date(2026, 3, 2)
    data = {
        "username": "newcomer", "password1": PASSWORD, "password2": PASSWORD,
        "rate": "24.50", "effective_from": "2026-03-02", "seen_version": 1,
    }  # fmt: skip
    answer = office.post(f"{ASSOCIATES}{newcomer.pk}/", data, headers=HTMX)
    assert answer.context["row"].state == "done"
    newcomer.refresh_from_db()
    assert (newcomer.username, newcomer.check_password(PASSWORD), newcomer.version) == ("newcomer", True, 2)
    assert newcomer.rate_on(dt.date(2026, 3, 2)) == Decimal("24.50")
    assert PASSWORD not in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"username": "new"}, "password1", "Give a password too: without one nobody can sign in."),
        ({"password1": PASSWORD, "password2": PASSWORD}, "username", "Give a username too."),
        ({"username": "new", "password1": PASSWORD}, "password2", "Type the password a second time."),
        (
            {"username": "new", "password1": PASSWORD, "password2": "x"},
            "password2",
            "The two password fields didn’t match.",
        ),
        (
            {"username": "ADA", "password1": PASSWORD, "password2": PASSWORD},
            "username",
            "Somebody else has this username already.",
        ),
        ({"rate": "-1"}, "rate", "Ensure this value is greater than or equal to 0."),
        ({"rate": "24", "effective_from": ""}, "effective_from", "From which day on?"),
        ({"rate": "24", "effective_from": "2999-01-01"}, "effective_from", FUTURE_RATE),
    ],
)
def test_nonsense_is_said_next_to_the_field(office: Browser, data: dict[str, str], field: str, sentence: str) -> None:
    newcomer = imported("Newcomer")
    sent = {"effective_from": "2026-01-01", "seen_version": 1, **data}
    form = office.post(f"{ASSOCIATES}{newcomer.pk}/", sent, headers=HTMX).context["row"].form
    assert form.errors == {field: [sentence]}
    newcomer.refresh_from_db()
    assert (newcomer.username, newcomer.hourly_rates.count(), newcomer.version) == (None, 0, 1)


def test_a_rate_alone_may_be_given(office: Browser) -> None:
    newcomer = imported("Newcomer")
    sent = {"rate": "24.50", "effective_from": "2026-01-01", "username": "", "seen_version": 1}
    row = office.post(f"{ASSOCIATES}{newcomer.pk}/", sent, headers=HTMX).context["row"]
    assert (row.state, row.lacks) == ("saved", ["username and password"])
    assert "rate" not in row.form.fields


def test_of_somebody_above_only_the_rate_is_offered(office: Browser) -> None:
    above = imported("Above", level=Level.COMPANY_OWNER)
    row = next(row for row in office.get(ASSOCIATES).context["rows"] if row.record == above)
    assert set(row.form.fields) == {"seen_version", "rate", "effective_from"}
    forged = {"username": "mine", "password1": PASSWORD, "password2": PASSWORD, "seen_version": 1}
    office.post(f"{ASSOCIATES}{above.pk}/", forged)
    above.refresh_from_db()
    assert (above.username, above.password) == (None, "")


def test_an_organization_gets_its_category(office: Browser) -> None:
    category, organization = CategoryFactory(name="Mover"), OrganizationFactory(category=None)
    assert list(office.get(ORGANIZATIONS).context["rows"][0].form.fields["category"].widget.choices) == [
        ("", "Uncategorized"), (category.pk, "Mover"),
    ]  # fmt: skip
    url = f"{ORGANIZATIONS}{organization.pk}/"
    wrong = office.post(url, {"category": "99", "seen_version": 1}, headers=HTMX).context["row"]
    assert list(wrong.form.errors) == ["category"]
    answer = office.post(url, {"category": category.pk, "seen_version": 1}, headers=HTMX)
    organization.refresh_from_db()
    assert (answer.context["row"].state, organization.category) == ("done", category)


def test_what_has_nothing_to_be_known_is_left_as_it_is(office: Browser, admin: Associate) -> None:
    organization = OrganizationFactory(name="Oak Movers", category=None)
    url = f"{ORGANIZATIONS}{organization.pk}/"
    answer = office.post(url, {"leave": ""}, headers=HTMX)
    assert "0 organizations" in answer.content.decode()
    office.post(url, {"leave": ""})
    assert list(LeftAsItIs.objects.values_list("work_list", "record_id", "by")) == [
        ("organizations", organization.pk, admin.pk)
    ]
    page = office.get(ORGANIZATIONS)
    assert (page.context["rows"], page.context["left"]) == ([], 1)
    assert "Post Import Actions</h2>" not in office.get("/").content.decode()
    assert shown(office, f"{ORGANIZATIONS}?show=left") == [("Oak Movers", ["a category"])]
    assert office.post(f"{url}?show=left", {"put_back": ""}).headers["Location"] == f"{ORGANIZATIONS}?show=left"
    assert shown(office, ORGANIZATIONS) == [("Oak Movers", ["a category"])]
    organization.refresh_from_db()
    assert (organization.category, organization.version) == (None, 1)


def test_home_says_how_much_is_left(office: Browser, basic: Associate, client_for: ClientFor) -> None:
    ClientFactory.create_batch(3)
    page = office.get("/").content.decode()
    assert '<dt>Clients to complete</dt><dd><a href="/work-lists/clients/">3</a></dd>' in page
    assert "Organizations to categorize" not in page
    assert "Clients to complete" not in client_for(basic).get("/").content.decode()
    counts = [(each.key, count) for each, count in office.get("/work-lists/").context["counts"]]
    assert counts == [("associates", 0), ("organizations", 0), ("clients", 3)]


def test_the_queries_do_not_grow_with_rows(office: Browser) -> None:
    counts: dict[str, set[int]] = {url: set() for url in (CLIENTS, ASSOCIATES, ORGANIZATIONS, "/work-lists/", "/")}
    for rows in (1, 30, 1000):
        _many(rows - Client.objects.count())
        for url, seen in counts.items():
            with CaptureQueriesContext(connection) as queries:
                office.get(url)
            seen.add(len(queries))
    assert [len(seen) for seen in counts.values()] == [1] * 5
    assert max(max(seen) for url, seen in counts.items() if url != "/") <= 12  # home has cards of many apps


def _many(count: int) -> None:
    """So many clients, associates and organizations that lack everything, and a field and a category for some."""
    start = Client.objects.count()
    Client.objects.bulk_create(Client(name=f"Client {start + n:04}", stage="client") for n in range(count))
    Organization.objects.bulk_create(Organization(name=f"Organization {start + n:04}") for n in range(count))
    Associate.objects.bulk_create(Associate(last_name=f"Newcomer {start + n:04}") for n in range(count))
    CustomFieldFactory()
    CategoryFactory()
