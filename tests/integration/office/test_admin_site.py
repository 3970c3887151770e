"""Django's admin: for Company Owners, under the same rules as everywhere else."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from associates.models import Associate
from clients.models import Client as MovingClient
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, ClientFactory, HourlyRateFactory

INDEX = "/admin/"


def change_url(record: Associate) -> str:
    return reverse("admin:associates_associate_change", args=[record.pk])


def posted(person: Associate, **values: object) -> dict[str, object]:
    """What the change form sends."""
    flags = {"level": int(person.level), "qbo_admin": person.qbo_admin, "is_active": "on" if person.is_active else ""}
    inline = {f"hourly_rates-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    return {**flags, **inline, "seen_version": person.version, **values}


def flags(person: Associate) -> tuple[int, bool, bool]:
    return Associate.objects.values_list("level", "qbo_admin", "is_active").get(pk=person.pk)


@pytest.mark.parametrize(
    ("who", "status"), [("basic", 403), ("lead", 403), ("admin", 403), ("senior_admin", 403), ("owner", 200)]
)
def test_for_company_owners_only(cast: dict[str, Associate], client_for: Callable, who: str, status: int) -> None:
    browser = client_for(cast[who])
    assert [browser.get(url).status_code for url in (INDEX, change_url(cast["basic"]))] == [status, status]


@pytest.mark.parametrize("who", ["basic", "lead", "admin", "senior_admin"])
def test_nobody_raises_themselves_here(cast: dict[str, Associate], client_for: Callable, who: str) -> None:
    person = cast[who]
    before = flags(person)
    answer = client_for(person).post(change_url(person), posted(person, level=50, qbo_admin=True))
    assert (answer.status_code, flags(person)) == (403, before)


@pytest.mark.django_db
def test_signed_out_it_leads_to_the_offices_own_page(client: Client) -> None:
    hops = [url for url, _ in client.get(INDEX, follow=True).redirect_chain]
    assert hops[-1].startswith("/sign-in/?next=")


def test_its_own_sign_in_page_is_none(owner: Associate, client_for: Callable) -> None:
    answer = client_for(owner).get("/admin/login/")
    assert (answer.status_code, answer.headers["Location"]) == (302, INDEX)


def test_an_owner_sets_the_flags(owner: Associate, basic: Associate, client_for: Callable) -> None:
    answer = client_for(owner).post(change_url(basic), posted(basic, level=20, qbo_admin=True))
    assert (answer.status_code, flags(basic)) == (302, (Level.TEAM_LEAD, True, True))


@pytest.mark.parametrize("values", [{"level": 40}, {"is_active": ""}])
def test_the_last_owner_stays_one(owner: Associate, client_for: Callable, values: dict[str, object]) -> None:
    answer = client_for(owner).post(change_url(owner), posted(owner, **values))
    assert answer.status_code == 200
    assert "is the last Company Owner who can sign in" in answer.content.decode()
    assert flags(owner) == (Level.COMPANY_OWNER, False, True)


def test_username_e_mail_and_password_are_not_changed_here(owner: Associate, client_for: Callable) -> None:
    other = AssociateFactory(level=Level.COMPANY_OWNER, username="other")
    forged = posted(other, username="mine", email="mine@example.com", password="x")
    client_for(owner).post(change_url(other), forged)
    now = Associate.objects.get(pk=other.pk)
    assert (now.username, now.email, now.password) == ("other", other.email, other.password)


def test_nobody_is_added_or_deleted_here(owner: Associate, basic: Associate, client_for: Callable) -> None:
    browser = client_for(owner)
    urls = ["/admin/associates/associate/add/", f"/admin/associates/associate/{basic.pk}/delete/"]
    assert [browser.post(url, {"post": "yes"}).status_code for url in urls] == [403, 403]
    action = {"action": "delete_selected", "_selected_action": [basic.pk], "post": "yes"}
    browser.post("/admin/associates/associate/", action)
    assert Associate.objects.filter(pk=basic.pk).exists()


def test_rates_are_only_read_here(owner: Associate, basic: Associate, client_for: Callable) -> None:
    HourlyRateFactory(associate=basic)
    page = client_for(owner).get(change_url(basic)).content.decode()
    assert "24.50" in page
    assert 'name="hourly_rates-0-rate"' not in page


def test_records_with_screens_of_their_own_are_only_read(owner: Associate, client_for: Callable) -> None:
    moving = ClientFactory()
    browser = client_for(owner)
    url = f"/admin/clients/client/{moving.pk}/change/"
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"name": "Hacked"}).status_code == 403
    assert MovingClient.objects.get().name == moving.name


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_every_listing_opens(model: type, owner: Associate, client_for: Callable) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"  # type: ignore[attr-defined]
    assert client_for(owner).get(reverse(name)).status_code == 200
