"""Clients and inquiries: every page, for every level."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from associates.models import Associate
from clients.models import Address, Client, CustomFieldValue
from smmware.core.display import dial
from smmware.core.forms import CHANGED_MEANWHILE
from tests.factories import (
    AddressFactory,
    ClientFactory,
    ContactFactory,
    CustomFieldFactory,
    CustomFieldValueFactory,
    JobFactory,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
LEVELS = {"owner": 200, "senior_admin": 200, "admin": 200, "lead": 403, "basic": 403}


@pytest.fixture
def office(admin: Associate, client_for: ClientFor) -> Browser:
    return client_for(admin)


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def inquiry(**facts: Any) -> Client:
    return ClientFactory(stage=Client.Stage.INQUIRY, **facts)


def names(page: Any) -> list[str]:
    return [row.record.name for row in page.context["table"].rows]


def test_who_may_open_what(cast: dict[str, Associate], client_for: ClientFor) -> None:
    client, address = ClientFactory(), AddressFactory()
    viewed = [("list", None), ("inquiries", None), ("detail", client.pk)]
    managed = [
        ("add", None), ("add_inquiry", None), ("edit", client.pk), ("delete", client.pk), ("add_address", client.pk),
        ("edit_address", address.pk), ("delete_address", address.pk),
    ]  # fmt: skip
    for name, person in cast.items():
        browser = client_for(person)
        answers = {
            page: browser.get(reverse(f"clients:{page}", args=[pk] if pk else [])).status_code
            for page, pk in [*viewed, *managed]
        }
        assert answers == {page: 200 for page, _ in viewed} | {page: LEVELS[name] for page, _ in managed}


def test_what_may_not_be_opened_may_not_be_posted_to(lead: Associate, client_for: ClientFor) -> None:
    browser, one, address = client_for(lead), inquiry(name="Ida"), AddressFactory()
    for page, pk in [
        ("add", None), ("add_inquiry", None), ("edit", one.pk), ("delete", one.pk), ("promote", one.pk),
        ("add_address", one.pk), ("edit_address", address.pk), ("delete_address", address.pk),
    ]:  # fmt: skip
        answer = browser.post(reverse(f"clients:{page}", args=[pk] if pk else []), {"name": "Mine", "line1": "Mine"})
        assert answer.status_code == 403
    assert list(Client.objects.filter(pk=one.pk).values_list("name", "stage")) == [("Ida", "inquiry")]
    assert list(Address.objects.values_list("line1", flat=True)) == ["12 Elm Street"]


@pytest.mark.parametrize("page", ["list", "inquiries", "jobs"])
def test_signed_out_one_is_asked_to_sign_in(client: Browser, page: str) -> None:
    url = reverse(f"clients:{page}")
    assert client.get(url).headers["Location"] == f"{reverse('login')}?next={url}"


def test_clients_and_inquiries_are_listed_apart(office: Browser) -> None:
    ClientFactory(name="Margaret Whitfield")
    inquiry(name="Ida Ray")
    assert names(office.get(reverse("clients:list"))) == ["Margaret Whitfield"]
    assert names(office.get(reverse("clients:inquiries"))) == ["Ida Ray"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Margaret Whitfield", "Walter Ray"]),
        ("q=whit", ["Margaret Whitfield"]),
        ("q=madison", ["Walter Ray"]),
        ("q=walter+madison", ["Walter Ray"]),
        ("active=no", ["Walter Ray"]),
        ("active=maybe", []),
    ],
)
def test_clients_filtered(office: Browser, query: str, found: list[str]) -> None:
    ClientFactory(name="Margaret Whitfield")
    walter = ClientFactory(name="Walter Ray", is_active=False)
    AddressFactory(client=walter, city="Madison")
    AddressFactory(client=walter, city="Madison", designation=Address.Designation.MOVE_TO)
    page = office.get(f"{reverse('clients:list')}?{query}")
    assert names(page) == found
    assert page.context["count"] == len(found)


@pytest.mark.parametrize("stage", Client.Stage.values)
def test_listings_take_as_many_queries_for_30_rows_as_for_one(
    office: Browser, stage: str, django_assert_max_num_queries: Any
) -> None:
    page = {"client": "list", "inquiry": "inquiries"}[stage]
    counts = []
    for rows in (1, 29):
        for _ in range(rows):
            client = AddressFactory(client=ClientFactory(stage=stage)).client
            JobFactory.create_batch(2, client=client)
        with django_assert_max_num_queries(12) as queries:
            answer = office.get(f"{reverse(f'clients:{page}')}?paging=off")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert [row.get_cell("job_count") for row in answer.context["table"].rows] == ["2"] * 30


def test_below_admin_the_listing_has_the_base_only(cast: dict[str, Associate], client_for: ClientFor) -> None:
    ClientFactory(name="Margaret Whitfield", referred_by="Dr. Secret", acts_as_reference=True)
    csv = {}
    for name in ("admin", "lead", "basic"):
        answer: Any = client_for(cast[name]).get(f"{reverse('clients:list')}?export=csv")
        csv[name] = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    base = ["Client,Phone,E-mail,City,Jobs,Active", "Margaret Whitfield,,,,0,Yes"]
    assert csv == {
        "admin": [
            "Client,Phone,E-mail,City,Referred by,Reference,Jobs,Active",
            "Margaret Whitfield,,,,Dr. Secret,Yes,0,Yes",
        ],
        "lead": base,
        "basic": base,
    }


def profile(office: Browser, client: Client) -> dict[str, str]:
    return {label: str(value) for label, value in office.get(client.get_absolute_url()).context["facts"]}


def test_the_whole_profile_and_the_base_of_it(
    admin: Associate, lead: Associate, basic: Associate, client_for: ClientFor
) -> None:
    daughter = ContactFactory(first_name="Dora", last_name="Whitfield")
    client = ClientFactory(
        name="Margaret Whitfield", phone="555-0100", referred_by="Dr. Ray", acts_as_reference=False,
        representative=daughter, notes="Hard of hearing",
    )  # fmt: skip
    CustomFieldValueFactory(client=client, field__label="Pets", value="Two cats")
    base = {
        "Phone": dial("555-0100"),
        "Client representative": f'<a href="{daughter.get_absolute_url()}">Dora Whitfield</a>',
        "Stage": "Client",
        "Active": "Yes",
    }
    whole = base | {
        "Referred by": "Dr. Ray",
        "Act as reference": "No",
        "Pets": "Two cats",
        "Notes": "Hard of hearing",
    }
    profiles = [profile(client_for(person), client) for person in (admin, lead, basic)]
    assert profiles == [whole, base, base]


def test_everybody_sees_where_to_go_and_the_jobs(basic: Associate, client_for: ClientFor) -> None:
    client = AddressFactory().client
    JobFactory(client=client, name="Move to Oakwood", charge_rate="81.50")
    text = client_for(basic).get(client.get_absolute_url()).content.decode()
    assert "12 Elm Street, Madison, WI 53703" in text
    assert "Move to Oakwood" in text
    assert "81.50" not in text
    assert "Add address" not in text


def test_add_a_client_with_custom_fields(office: Browser) -> None:
    pets, stairs = CustomFieldFactory(label="Pets"), CustomFieldFactory(label="Stairs")
    answer = office.post(
        reverse("clients:add"),
        {
            "name": "Margaret Whitfield", "is_active": "on", "acts_as_reference": "True",
            f"custom_{pets.pk}": "Two cats", f"custom_{stairs.pk}": "",
        },
        follow=True,
    )  # fmt: skip
    client = Client.objects.get()
    assert (client.name, client.stage, client.acts_as_reference, client.version) == (
        "Margaret Whitfield",
        "client",
        True,
        1,
    )
    assert list(client.custom_values.values_list("field", "value")) == [(pets.pk, "Two cats")]
    assert messages(answer) == ["Margaret Whitfield is saved."]


def test_a_client_needs_a_name(office: Browser) -> None:
    answer = office.post(reverse("clients:add"), {"name": ""})
    assert answer.context["form"].errors == {"name": ["This field is required."]}


def test_there_is_one_own_company(office: Browser) -> None:
    ClientFactory(name="Gentle Moves", is_own_company=True)
    answer = office.post(reverse("clients:add"), {"name": "Gentle Moves II", "is_own_company": "on"})
    assert answer.context["form"].errors == {
        "is_own_company": ["Gentle Moves is marked as our own company already: there is one."]
    }


def test_a_client_with_work_does_not_become_our_own(office: Browser) -> None:
    client = JobFactory().client
    url = reverse("clients:edit", args=[client.pk])
    answer = office.post(url, {"name": client.name, "is_own_company": "on", "is_active": "on", "seen_version": 1})
    assert answer.context["form"].errors == {
        "is_own_company": ["Some of the jobs are work for a client: change their type first."]
    }


def test_edit_a_client_and_its_custom_fields(office: Browser) -> None:
    kept, emptied = CustomFieldValueFactory(value="Two cats"), CustomFieldFactory()
    client = kept.client
    CustomFieldValueFactory(client=client, field=emptied, value="Seven")
    url = reverse("clients:edit", args=[client.pk])
    assert office.get(url).context["form"][f"custom_{kept.field.pk}"].value() == "Two cats"
    office.post(
        url,
        {
            "name": "Margaret W.", "is_active": "on", "acts_as_reference": "", "seen_version": 1,
            f"custom_{kept.field.pk}": "Three cats", f"custom_{emptied.pk}": "",
        },
    )  # fmt: skip
    client.refresh_from_db()
    assert (client.name, client.acts_as_reference) == ("Margaret W.", None)
    assert client.version > 1
    assert list(CustomFieldValue.objects.values_list("field", "value")) == [(kept.field.pk, "Three cats")]


def test_add_an_inquiry_and_promote_it(office: Browser) -> None:
    office.post(reverse("clients:add_inquiry"), {"name": "Ida Ray", "is_active": "on"})
    ida = Client.objects.get()
    assert ida.stage == "inquiry"
    page = office.get(ida.get_absolute_url())
    assert "Promote to Client" in page.content.decode()
    assert page.context["back"].label == "Inquiries"
    answer = office.post(reverse("clients:promote", args=[ida.pk]), follow=True)
    ida.refresh_from_db()
    assert (ida.stage, ida.version) == ("client", 2)
    assert messages(answer) == ["Ida Ray is a client now."]
    assert "Promote to Client" not in answer.content.decode()


def test_promoting_is_a_post(office: Browser) -> None:
    ida = inquiry()
    assert office.get(reverse("clients:promote", args=[ida.pk])).status_code == 405
    ida.refresh_from_db()
    assert ida.stage == "inquiry"


def test_an_inquiry_is_never_our_own_company(office: Browser) -> None:
    office.post(reverse("clients:add_inquiry"), {"name": "Ida", "is_own_company": "on", "is_active": "on"})
    assert list(Client.objects.values_list("is_own_company", flat=True)) == [False]


def test_delete_what_nothing_depends_on(office: Browser) -> None:
    free, busy = AddressFactory().client, JobFactory().client
    assert office.post(reverse("clients:delete", args=[free.pk])).status_code == 302
    url = reverse("clients:delete", args=[busy.pk])
    for answer in (office.get(url), office.post(url)):  # said before anybody tries, and whoever tries anyway
        assert "it is still used by 1 job" in answer.content.decode()
    assert list(Client.objects.all()) == [busy]


def test_a_new_current_address_moves_the_old_one_back(office: Browser) -> None:
    client = AddressFactory(line1="1 First St").client
    url = reverse("clients:add_address", args=[client.pk])
    for street in ("2 Second St", "3 Third St"):
        answer = office.post(url, {"designation": "current", "line1": street})
        assert answer.headers["Location"] == client.get_absolute_url()
    assert list(client.addresses.values_list("line1", "designation")) == [
        ("1 First St", "original"),
        ("2 Second St", "other"),
        ("3 Third St", "current"),
    ]
    client.refresh_from_db()
    assert client.version == 3


def test_edit_and_delete_an_address(office: Browser) -> None:
    address = AddressFactory()
    sent = {"designation": "move_to", "line1": "9 Oak St", "seen_version": 1}
    office.post(reverse("clients:edit_address", args=[address.pk]), sent)
    address.refresh_from_db()
    assert (address.designation, address.line1, address.city) == ("move_to", "9 Oak St", "")
    answer = office.post(reverse("clients:delete_address", args=[address.pk]))
    assert answer.headers["Location"] == address.client.get_absolute_url()
    assert not Address.objects.exists()
    assert Client.objects.get().version == 3


@pytest.mark.parametrize("designation", ["current", "other"])
def test_the_second_who_edits_an_address_is_told(office: Browser, designation: str) -> None:
    address = AddressFactory()
    url = reverse("clients:edit_address", args=[address.pk])
    first = {"designation": designation, "line1": "9 Oak St", "seen_version": 1}
    assert office.post(url, first).status_code == 302
    form = office.post(url, {**first, "line1": "7 Ash St"}).context["form"]
    assert (form.non_field_errors(), form["line1"].value()) == ([CHANGED_MEANWHILE], "7 Ash St")
    again = {**first, "line1": "7 Ash St", "seen_version": form["seen_version"].value()}
    assert office.post(url, again).status_code == 302
    assert list(Address.objects.values_list("line1", "version")) == [("7 Ash St", 3)]


def test_an_address_that_steps_back_was_changed_meanwhile(office: Browser) -> None:
    """Who edits the current address while another becomes current must not take the place back unawares."""
    address = AddressFactory()
    office.post(reverse("clients:add_address", args=[address.client.pk]), {"designation": "current", "line1": "2 New"})
    sent = {"designation": "current", "line1": "1 Old", "seen_version": 1}
    form = office.post(reverse("clients:edit_address", args=[address.pk]), sent).context["form"]
    assert form.non_field_errors() == [CHANGED_MEANWHILE]


def test_a_representative_is_not_deleted(owner: Associate, client_for: ClientFor) -> None:
    daughter = ContactFactory(first_name="Dora", last_name="Ray")
    ClientFactory(name="Walter Ray", representative=daughter)
    browser = client_for(owner)
    assert "Walter Ray" in browser.get(daughter.get_absolute_url()).content.decode()
    page = browser.get(reverse("organizations:delete_contact", args=[daughter.pk])).content.decode()
    assert "This is the client representative of Walter Ray. Choose another one there first." in page


def test_a_deleted_client_gives_back_what_was_typed(office: Browser) -> None:
    client, field = ClientFactory(), CustomFieldFactory(label="Pets")
    sent = {"name": "Margaret W.", "notes": "Hard of hearing", f"custom_{field.pk}": "Two cats", "seen_version": 1}
    url = reverse("clients:edit", args=[client.pk])
    client.delete()
    answer = office.post(url, sent)
    assert answer.status_code == 404
    assert [value for _, value in answer.context["typed"]] == ["Margaret W.", "Hard of hearing", "Two cats"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("acts_as_reference=True", ["A"]),
        ("acts_as_reference=False", ["B"]),
        ("acts_as_reference=null", ["C"]),
        ("referred_by=dr+ray", ["A", "C"]),
        ("acts_as_reference=perhaps", []),
    ],
)
def test_references_are_found_by_those_who_may_know(
    admin: Associate, lead: Associate, client_for: ClientFor, query: str, found: list[str]
) -> None:
    ClientFactory(name="A", referred_by="Dr. Ray", acts_as_reference=True)
    ClientFactory(name="B", acts_as_reference=False)
    ClientFactory(name="C", referred_by="Dr. May Ray")
    url = f"{reverse('clients:list')}?{query}"
    assert [names(client_for(person).get(url)) for person in (admin, lead)] == [found, ["A", "B", "C"]]
