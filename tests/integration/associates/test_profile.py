"""The Associate Profile: shown, added, edited, deleted, and its hourly rates."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from associates.models import Associate, HourlyRate
from associates.rules import FUTURE_RATE
from smmware.core.display import dial, write_to
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import PASSWORD, AssociateFactory, HourEntryFactory, HourlyRateFactory

FILLED_IN = {
    "first_name": "Rosa", "middle_name": "M.", "last_name": "Diaz", "title": "Organizer", "kind": "contractor",
    "email": "rosa@example.com", "phone": "555-2000", "address": "12 Elm Street", "city": "Madison", "state": "WI",
    "postal_code": "53703", "hired_on": "2026-01-05", "level": "20", "is_active": "on",
}  # fmt: skip


def url(person: Associate, page: str = "") -> str:
    return f"/associates/{person.pk}/{page}"


def filled_in(person: Associate, **values: str) -> dict[str, Any]:
    """What the edit form sends, shown just now."""
    return {**FILLED_IN, "seen_version": Associate.objects.get(pk=person.pk).version, **values}


def test_whole_for_those_who_manage(admin: Associate, client_for: Callable) -> None:
    person = AssociateFactory(title="Organizer", city="Madison", hired_on=dt.date(2026, 1, 5), username=None)
    HourlyRateFactory(associate=person)
    answer = client_for(admin).get(url(person))
    assert answer.context["facts"] == [
        ("E-mail", write_to(person.email)),
        ("Phone", dial(person.phone)),
        ("Title", "Organizer"),
        ("Kind", "Employee"),
        ("Address", "Madison"),
        ("Hire date", dt.date(2026, 1, 5)),
        ("Permission level", "Basic User"),
        ("Active", "Yes"),
        ("Username", "None yet: cannot sign in"),
    ]
    assert "$24.50" in answer.content.decode()
    assert "Jan 5, 2026" in answer.content.decode()


def test_qbo_admin_is_shown_to_a_company_owner(owner: Associate, basic: Associate, client_for: Callable) -> None:
    assert ("QBO Admin?", "No") in client_for(owner).get(url(basic)).context["facts"]


@pytest.mark.parametrize("who", ["basic", "lead"])
def test_everybody_else_sees_name_e_mail_and_phone(cast: dict[str, Associate], client_for: Callable, who: str) -> None:
    person = AssociateFactory(title="Secret title", city="Secret city", hired_on=dt.date(2019, 1, 5), username="secret")
    HourlyRateFactory(associate=person)
    answer = client_for(cast[who]).get(url(person))
    page = answer.content.decode()
    assert answer.context["facts"] == [("E-mail", write_to(person.email)), ("Phone", dial(person.phone))]
    assert (answer.context["panels"], answer.context["actions"]) == ([], [])
    assert [word for word in ("ecret", "24.50", "2019") if word in page] == []


def test_an_inactive_profile_is_not_there_for_everybody_else(basic: Associate, client_for: Callable) -> None:
    assert client_for(basic).get(url(AssociateFactory(is_active=False))).status_code == 404


def test_add(admin: Associate, client_for: Callable) -> None:
    answer = client_for(admin).post("/associates/add/", FILLED_IN, follow=True)
    person = Associate.objects.get(last_name="Diaz")
    assert answer.redirect_chain == [(url(person), 302)]
    assert "Rosa M. Diaz is saved." in answer.content.decode()
    assert (person.kind, person.level, person.username, person.qbo_admin) == (
        "contractor",
        Level.TEAM_LEAD,
        None,
        False,
    )
    assert not person.can_sign_in


def test_edit(admin: Associate, basic: Associate, client_for: Callable) -> None:
    assert client_for(admin).post(url(basic, "edit/"), filled_in(basic)).status_code == 302
    now = Associate.objects.get(pk=basic.pk)
    assert (now.name, now.postal_address, now.hired_on, now.level, now.username) == (
        "Rosa M. Diaz", "12 Elm Street, Madison, WI 53703", dt.date(2026, 1, 5), Level.TEAM_LEAD, "ben",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_name": "", "last_name": ""}, "last_name"),
        ({"email": "rosa"}, "email"),
        ({"kind": "robot"}, "kind"),
        ({"hired_on": "yesterday"}, "hired_on"),
        ({"level": "7"}, "level"),
    ],
)
def test_what_makes_no_sense_is_said_next_to_its_field(
    admin: Associate, client_for: Callable, wrong: dict[str, str], field: str
) -> None:
    answer = client_for(admin).post("/associates/add/", {**FILLED_IN, **wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert not Associate.objects.filter(phone="555-2000").exists()


def test_an_owner_says_who_is_a_qbo_admin(owner: Associate, basic: Associate, client_for: Callable) -> None:
    for answer in (True, False):
        client_for(owner).post(url(basic, "edit/"), filled_in(basic, qbo_admin=str(answer)))
        assert Associate.objects.get(pk=basic.pk).qbo_admin is answer


def test_an_owner_makes_themselves_a_qbo_admin(owner: Associate, client_for: Callable) -> None:
    client_for(owner).post(url(owner, "edit/"), filled_in(owner, level="50", qbo_admin="True"))
    assert Associate.objects.get(pk=owner.pk).qbo_admin


def test_give_an_imported_person_a_username_and_password(admin: Associate, client_for: Callable) -> None:
    person = AssociateFactory(username=None, password=None)
    browser = client_for(admin)
    assert "Give a username and password" in browser.get(url(person)).content.decode()
    given = {"username": "Rosa", "password1": "boxes-and-tape", "password2": "boxes-and-tape", "seen_version": 1}
    assert browser.post(url(person, "sign-in/"), given).status_code == 302
    answer = client_for(None).post("/sign-in/", {"username": "rosa", "password": "boxes-and-tape"})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"username": "", "password1": "boxes-and-tape", "password2": "boxes-and-tape"}, "username"),
        ({"username": "OLIVIA", "password1": "boxes-and-tape", "password2": "boxes-and-tape"}, "username"),
        ({"username": "with space", "password1": "boxes-and-tape", "password2": "boxes-and-tape"}, "username"),
        ({"username": "rosa", "password1": "boxes-and-tape", "password2": "other"}, "password2"),
        ({"username": "rosa", "password1": "short", "password2": "short"}, "password1"),
    ],
)
def test_a_username_or_password_that_will_not_do(
    owner: Associate, admin: Associate, client_for: Callable, given: dict[str, str], field: str
) -> None:
    person = AssociateFactory(username=None, password=None)
    answer = client_for(admin).post(url(person, "sign-in/"), {**given, "seen_version": "1"})
    assert (answer.status_code, field in answer.context["form"].errors) == (200, True)
    assert not Associate.objects.get(pk=person.pk).can_sign_in


def test_a_new_username_keeps_the_password(admin: Associate, basic: Associate, client_for: Callable) -> None:
    given = {"username": "benjamin", "seen_version": 1}
    assert client_for(admin).post(url(basic, "sign-in/"), given).status_code == 302
    now = Associate.objects.get(pk=basic.pk)
    assert (now.username, now.check_password(PASSWORD)) == ("benjamin", True)


def test_a_vehicle_does_not_sign_in(admin: Associate, client_for: Callable) -> None:
    van = AssociateFactory(kind=Associate.Kind.VEHICLE, first_name="", last_name="Van 2", username=None)
    browser = client_for(admin)
    assert "sign-in/" not in browser.get(url(van)).content.decode()
    assert browser.get(url(van, "sign-in/")).status_code == 403


def test_a_rate_is_added_and_those_before_it_stay(admin: Associate, basic: Associate, client_for: Callable) -> None:
    HourlyRateFactory(associate=basic)
    answer = client_for(admin).post(url(basic, "rates/"), {"rate": "26.25", "effective_from": "2026-07-01"})
    assert (answer.status_code, answer.headers["Location"]) == (302, url(basic))
    assert list(basic.hourly_rates.values_list("rate", "effective_from")) == [
        (Decimal("26.25"), dt.date(2026, 7, 1)),
        (Decimal("24.50"), dt.date(2026, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"rate": "26", "effective_from": "2026-01-01"}, "effective_from"),
        ({"rate": "-1", "effective_from": "2026-07-01"}, "rate"),
        ({"rate": "26.255", "effective_from": "2026-07-01"}, "rate"),
        ({"rate": "26", "effective_from": ""}, "effective_from"),
    ],
)
def test_a_rate_that_would_rewrite_or_makes_no_sense(
    admin: Associate, basic: Associate, client_for: Callable, typed: dict[str, str], field: str
) -> None:
    HourlyRateFactory(associate=basic)
    answer = client_for(admin).post(url(basic, "rates/"), typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert HourlyRate.objects.count() == 1


def test_a_rate_begins_today_at_the_latest_by_the_companys_own_day(
    admin: Associate, basic: Associate, company: Company, client_for: Callable
) -> None:
    """At 03:00 UTC on July 2 it is still July 1 in Chicago."""
    browser = client_for(admin)
    with time_machine.travel("2026-07-02T03:00:00Z", tick=False):
        tomorrow = browser.post(url(basic, "rates/"), {"rate": "26", "effective_from": "2026-07-02"})
        today = browser.post(url(basic, "rates/"), {"rate": "26", "effective_from": "2026-07-01"})
    assert tomorrow.context["form"].errors == {"effective_from": [FUTURE_RATE]}
    assert tomorrow.context["form"]["rate"].value() == "26"
    assert today.status_code == 302
    assert [each.effective_from for each in basic.hourly_rates.all()] == [dt.date(2026, 7, 1)]


def test_delete(admin: Associate, basic: Associate, client_for: Callable) -> None:
    browser = client_for(admin)
    assert "Delete Ben Basic for good?" in browser.get(url(basic, "delete/")).content.decode()
    assert Associate.objects.filter(pk=basic.pk).exists()
    assert browser.post(url(basic, "delete/"), follow=True).redirect_chain == [("/associates/", 302)]
    assert not Associate.objects.filter(pk=basic.pk).exists()


def test_somebody_with_hours_is_not_deleted(admin: Associate, basic: Associate, client_for: Callable) -> None:
    HourEntryFactory.create_batch(2, associate=basic)
    answer = client_for(admin).post(url(basic, "delete/"))
    assert answer.context["dependents"] == ["2 hour entries"]
    assert "because it is still used by 2 hour entries" in answer.content.decode()
