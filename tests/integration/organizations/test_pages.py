"""Organizations and contacts: every page, for every level."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from associates.models import Associate
from organizations.models import Contact, Organization
from tests.factories import CategoryFactory, ContactFactory, ExpenseEntryFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]


@pytest.fixture
def office(lead: Associate, client_for: ClientFor) -> Browser:
    return client_for(lead)


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_who_may_open_what(cast: dict[str, Associate], client_for: ClientFor) -> None:
    organization, contact = OrganizationFactory(), ContactFactory()
    viewed = [("list", None), ("contacts", None), ("detail", organization.pk), ("contact", contact.pk)]
    managed = [
        ("add", None), ("edit", organization.pk), ("delete", organization.pk),
        ("add_contact", None), ("edit_contact", contact.pk), ("delete_contact", contact.pk),
    ]  # fmt: skip
    for name, person in cast.items():
        office = client_for(person)
        answers = {
            page: office.get(reverse(f"organizations:{page}", args=[pk] if pk else [])).status_code
            for page, pk in [*viewed, *managed]
        }
        manages = 403 if name == "basic" else 200
        assert answers == {page: 200 for page, _ in viewed} | {page: manages for page, _ in managed}


def test_what_may_not_be_opened_may_not_be_posted_to(basic: Associate, client_for: ClientFor) -> None:
    office, organization, contact = client_for(basic), OrganizationFactory(name="Oak Movers"), ContactFactory()
    for url in (
        reverse("organizations:add"),
        reverse("organizations:edit", args=[organization.pk]),
        reverse("organizations:delete", args=[organization.pk]),
        reverse("organizations:add_contact"),
        reverse("organizations:edit_contact", args=[contact.pk]),
        reverse("organizations:delete_contact", args=[contact.pk]),
    ):
        assert office.post(url, {"name": "Mine", "first_name": "Mine"}).status_code == 403
    assert list(Organization.objects.filter(pk=organization.pk).values_list("name", flat=True)) == ["Oak Movers"]
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("page", ["list", "contacts"])
def test_signed_out_one_is_asked_to_sign_in(client: Browser, page: str) -> None:
    url = reverse(f"organizations:{page}")
    assert client.get(url).headers["Location"] == f"{reverse('login')}?next={url}"


def test_the_organization_manager(office: Browser) -> None:
    OrganizationFactory(name="Oak Movers", city="Madison", category=CategoryFactory(name="Mover"))
    OrganizationFactory(name="Ash Auctions", category=None)
    page = office.get(reverse("organizations:list"))
    assert [(row.record.name, row.get_cell("category")) for row in page.context["table"].page.object_list] == [
        ("Ash Auctions", "Uncategorized"),
        ("Oak Movers", page.context["table"].rows[1].record.category),
    ]
    assert "Add organization" in page.content.decode()


def test_a_basic_user_is_offered_no_change(basic: Associate, client_for: ClientFor) -> None:
    organization = OrganizationFactory()
    for url in (reverse("organizations:list"), organization.get_absolute_url()):
        page = client_for(basic).get(url).content.decode()
        assert "/add/" not in page
        assert "/edit/" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=oak", ["Oak Movers"]),
        ("q=madison+oak", ["Oak Movers"]),
        ("q=oak+nothing", []),
        ("category=uncategorized", ["Ash Auctions"]),
        ("active=no", ["Ash Auctions"]),
        ("active=yes", ["Oak Movers"]),
        ("active=perhaps", []),
        ("category=4711", []),
    ],
)
def test_organizations_filtered(office: Browser, query: str, found: list[str]) -> None:
    OrganizationFactory(name="Oak Movers", city="Madison")
    OrganizationFactory(name="Ash Auctions", category=None, is_active=False)
    page = office.get(f"{reverse('organizations:list')}?{query}")
    assert [row.record.name for row in page.context["table"].rows] == found


@pytest.mark.parametrize(
    ("query", "found"), [("q=oak", ["Cy"]), ("category=uncategorized", ["Di"]), ("", ["Cy", "Di"])]
)
def test_contacts_filtered(office: Browser, query: str, found: list[str]) -> None:
    ContactFactory(first_name="Cy", last_name="", organization__name="Oak Movers", category=CategoryFactory())
    ContactFactory(first_name="Di", last_name="", organization=None)
    page = office.get(f"{reverse('organizations:contacts')}?{query}")
    assert [row.get_cell_value("name") for row in page.context["table"].rows] == found


@pytest.mark.parametrize("page", ["list", "contacts"])
def test_listings_take_as_many_queries_for_30_rows_as_for_one(
    office: Browser, page: str, django_assert_max_num_queries: Any
) -> None:
    url = f"{reverse(f'organizations:{page}')}?paging=off"
    counts = []
    for rows in (1, 29):
        ContactFactory.create_batch(rows, category=CategoryFactory())
        with django_assert_max_num_queries(12) as queries:
            office.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_organizations_page_shows_its_contacts(office: Browser) -> None:
    organization = OrganizationFactory(name="Oak Movers", address="1 Oak St", city="Madison", state="WI")
    ContactFactory(organization=organization, first_name="Cy", last_name="Ray", title="Dispatcher")
    ContactFactory(first_name="Di")
    page = office.get(organization.get_absolute_url())
    assert dict(page.context["facts"])["Address"] == "1 Oak St, Madison, WI"
    text = page.content.decode()
    assert "Cy Ray" in text
    assert "Dispatcher" in text
    assert "Di Contact" not in text


def test_add_an_organization(office: Browser) -> None:
    category = CategoryFactory()
    answer = office.post(
        reverse("organizations:add"),
        {"name": "Oak Movers", "category": category.pk, "phone": "555-0100", "is_active": "on"},
        follow=True,
    )
    organization = Organization.objects.get()
    assert answer.redirect_chain == [(organization.get_absolute_url(), 302)]
    stored = (organization.name, organization.category, organization.phone, organization.is_active)
    assert stored == ("Oak Movers", category, "555-0100", True)
    assert messages(answer) == ["Oak Movers is saved."]


def test_an_organization_needs_a_name(office: Browser) -> None:
    answer = office.post(reverse("organizations:add"), {"name": " ", "email": "no"})
    assert answer.context["form"].errors == {
        "name": ["This field is required."],
        "email": ["Enter a valid email address."],
    }
    assert not Organization.objects.exists()


def test_edit_an_organization(office: Browser) -> None:
    organization = OrganizationFactory(name="Oak Movers")
    url = reverse("organizations:edit", args=[organization.pk])
    form = office.get(url).context["form"]
    facts = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    office.post(url, facts | {"name": "Oak & Sons"})
    organization.refresh_from_db()
    assert organization.name == "Oak & Sons"
    assert organization.version > 1


def test_the_second_of_two_editors_is_told(office: Browser) -> None:
    organization = OrganizationFactory(name="Oak Movers")
    url = reverse("organizations:edit", args=[organization.pk])
    Organization.objects.update(phone="555-0100")
    answer = office.post(url, {"name": "Oak & Sons", "seen_version": 1})
    assert "Somebody else saved this record" in answer.content.decode()
    assert answer.context["form"]["name"].value() == "Oak & Sons"
    organization.refresh_from_db()
    assert (organization.name, organization.phone) == ("Oak Movers", "555-0100")


def test_add_a_contact_of_an_organization(office: Browser) -> None:
    organization = OrganizationFactory()
    url = reverse("organizations:add_contact")
    assert office.get(f"{url}?organization={organization.pk}").context["form"]["organization"].value() == str(
        organization.pk
    )
    office.post(url, {"first_name": "Cy", "organization": organization.pk})
    assert list(Contact.objects.values_list("first_name", "organization")) == [("Cy", organization.pk)]


def test_edit_a_contact(office: Browser) -> None:
    contact = ContactFactory(first_name="Cy")
    office.post(reverse("organizations:edit_contact", args=[contact.pk]), {"first_name": "Cyrus", "seen_version": 1})
    contact.refresh_from_db()
    assert (contact.first_name, contact.last_name, contact.organization) == ("Cyrus", "", None)


def test_delete_what_nothing_depends_on(office: Browser) -> None:
    organization, contact = OrganizationFactory(name="Oak Movers"), ContactFactory(organization=None)
    answer = office.post(reverse("organizations:delete", args=[organization.pk]), follow=True)
    assert messages(answer) == ["Oak Movers is deleted."]
    office.post(reverse("organizations:delete_contact", args=[contact.pk]))
    assert (Organization.objects.count(), Contact.objects.count()) == (0, 0)


def test_an_organization_with_contacts_or_expenses_stays(office: Browser) -> None:
    with_contact = ContactFactory().organization
    vendor = ExpenseEntryFactory(vendor=OrganizationFactory()).vendor
    page = office.get(reverse("organizations:delete", args=[with_contact.pk])).content.decode()
    assert "It has 1 contact. Move or delete them first, or make the organization inactive." in page
    assert office.post(reverse("organizations:delete", args=[with_contact.pk])).status_code == 403
    answer = office.post(reverse("organizations:delete", args=[vendor.pk]))
    assert "it is still used by 1 expense entry" in answer.content.decode()
    assert Organization.objects.count() == 2


def test_the_csv_has_every_row(office: Browser) -> None:
    OrganizationFactory(name="Oak Movers", category=None, email="", city="Madison")
    answer = office.get(f"{reverse('organizations:list')}?export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines == [
        "Organization,Category,Phone,E-mail,City,Contacts,Active",
        "Oak Movers,,,,Madison,0,Yes",
    ]
