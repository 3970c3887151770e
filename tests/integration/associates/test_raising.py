"""Each way in which somebody could try to raise themselves, through the screens."""

from collections.abc import Callable
from typing import Any

import pytest

from associates.models import Associate
from smmware.core.permissions import Level
from tests.factories import PASSWORD, AssociateFactory

NEW = {"password1": "boxes-and-tape", "password2": "boxes-and-tape"}
BELOW_OWNER = ("basic", "lead", "admin", "senior_admin")
MANAGERS_BELOW_OWNER = ("admin", "senior_admin")


def profile(person: Associate, **values: Any) -> dict[str, Any]:
    """What the edit form of a profile sends, as far as everybody who may edit is offered it."""
    shown = {"first_name": person.first_name, "last_name": person.last_name, "seen_version": person.version}
    return {**shown, "kind": "employee", **values}


def row(person: Associate) -> dict[str, Any]:
    return Associate.objects.values().get(pk=person.pk)


def post(browser: Any, person: Associate, page: str, data: dict[str, Any]) -> tuple[int, bool]:
    """The status, and whether anything of the person has changed."""
    before = row(person)
    status = browser.post(f"/associates/{person.pk}/{page}/", data).status_code
    return status, row(person) != before


@pytest.mark.parametrize("who", BELOW_OWNER)
def test_by_their_own_profile(cast: dict[str, Associate], client_for: Callable, who: str) -> None:
    person = cast[who]
    sent = profile(person, level=50, is_active="on")
    # Who may not edit profiles is refused; who may is told, next to the field.
    expected = 200 if who in MANAGERS_BELOW_OWNER else 403
    assert post(client_for(person), person, "edit", sent) == (expected, False)


@pytest.mark.parametrize("who", BELOW_OWNER)
def test_by_making_themselves_a_qbo_admin(cast: dict[str, Associate], client_for: Callable, who: str) -> None:
    person = cast[who]
    sent = profile(person, level=int(person.level), is_active="on", qbo_admin="True")
    assert post(client_for(person), person, "edit", sent) == (403, False)


@pytest.mark.parametrize("who", MANAGERS_BELOW_OWNER)
def test_by_making_somebody_else_a_qbo_admin(
    cast: dict[str, Associate], client_for: Callable, who: str, basic: Associate
) -> None:
    sent = profile(basic, level=10, is_active="on", qbo_admin="True")
    assert post(client_for(cast[who]), basic, "edit", sent) == (403, False)


@pytest.mark.parametrize("who", BELOW_OWNER)
def test_by_adding_an_owner_of_their_own(cast: dict[str, Associate], client_for: Callable, who: str) -> None:
    sent = {"last_name": "Puppet", "kind": "employee", "level": 50, "is_active": "on"}
    answer = client_for(cast[who]).post("/associates/add/", sent)
    assert answer.status_code == (200 if who in MANAGERS_BELOW_OWNER else 403)
    assert not Associate.objects.filter(last_name="Puppet").exists()


def test_the_answer_says_why(admin: Associate, client_for: Callable) -> None:
    sent = {"last_name": "Puppet", "kind": "employee", "level": 50, "is_active": "on"}
    form = client_for(admin).post("/associates/add/", sent).context["form"]
    assert form.errors == {"level": ["Your own level is Admin: you cannot grant a level above it."]}


@pytest.mark.parametrize("who", MANAGERS_BELOW_OWNER)
@pytest.mark.parametrize(
    "forged", [{"level": "10"}, {"is_active": "on"}, {"email": "mine@example.com"}, {"qbo_admin": "False"}]
)
def test_by_forged_fields_on_the_profile_of_an_owner(
    cast: dict[str, Associate], client_for: Callable, owner: Associate, who: str, forged: dict[str, str]
) -> None:
    assert post(client_for(cast[who]), owner, "edit", profile(owner, **forged)) == (403, False)


@pytest.mark.parametrize("forged", ["username", "password", "last_login", "id", "version"])
def test_by_fields_that_the_form_never_has(
    admin: Associate, client_for: Callable, basic: Associate, forged: str
) -> None:
    sent = profile(basic, level=10, is_active="on", **{forged: "9"})
    before = row(basic)[forged]
    post(client_for(admin), basic, "edit", sent)
    assert row(basic)[forged] == (2 if forged == "version" else before)


@pytest.mark.parametrize("who", BELOW_OWNER)
@pytest.mark.parametrize("sent", [{"username": "olivia", **NEW}, {"username": "taken-over"}])
def test_by_the_password_or_username_of_an_owner(
    cast: dict[str, Associate], client_for: Callable, owner: Associate, who: str, sent: dict[str, str]
) -> None:
    assert post(client_for(cast[who]), owner, "sign-in", sent) == (403, False)


@pytest.mark.parametrize("who", ["basic", "lead"])
def test_by_the_password_of_a_peer(cast: dict[str, Associate], client_for: Callable, who: str) -> None:
    peer = AssociateFactory(level=cast[who].level)
    assert post(client_for(cast[who]), peer, "sign-in", {"username": "x", **NEW}) == (403, False)


def test_by_the_password_of_a_qbo_admin_below(admin: Associate, client_for: Callable) -> None:
    person = AssociateFactory(level=Level.BASIC_USER, qbo_admin=True)
    assert post(client_for(admin), person, "sign-in", {"username": "x", **NEW}) == (403, False)
    assert post(client_for(admin), person, "edit", profile(person, email="mine@example.com")) == (403, False)


@pytest.mark.parametrize("username", ["olivia", "OLIVIA", "ｏｌｉｖｉａ"])
def test_by_a_username_that_reads_like_an_owners(
    admin: Associate, owner: Associate, client_for: Callable, username: str
) -> None:
    assert post(client_for(admin), admin, "sign-in", {"username": username}) == (200, False)


def test_by_ones_own_password_without_the_old_one(admin: Associate, client_for: Callable) -> None:
    browser = client_for(admin)
    assert post(browser, admin, "sign-in", {"username": "ada", **NEW}) == (403, False)
    changed = {"old_password": "wrong", "new_password1": "boxes-and-tape", "new_password2": "boxes-and-tape"}
    browser.post("/password/", changed)
    assert Associate.objects.get(pk=admin.pk).check_password(PASSWORD)


@pytest.mark.parametrize("who", BELOW_OWNER)
def test_by_deleting_those_above(cast: dict[str, Associate], client_for: Callable, owner: Associate, who: str) -> None:
    assert client_for(cast[who]).post(f"/associates/{owner.pk}/delete/").status_code == 403
    assert Associate.objects.filter(pk=owner.pk).exists()


@pytest.mark.parametrize("values", [{"level": 40, "is_active": "on"}, {"level": 50}])
def test_the_last_owner_does_not_leave_the_company_without_one(
    owner: Associate, client_for: Callable, values: dict[str, Any]
) -> None:
    sent = profile(owner, qbo_admin="False", **values)
    assert post(client_for(owner), owner, "edit", sent) == (200, False)


def test_what_an_admin_may_not_change_of_an_owner_is_not_offered(
    admin: Associate, owner: Associate, client_for: Callable
) -> None:
    form = client_for(admin).get(f"/associates/{owner.pk}/edit/").context["form"]
    assert {"level", "is_active", "email", "qbo_admin"}.isdisjoint(form.fields)
    page = client_for(admin).get(f"/associates/{owner.pk}/").content.decode()
    assert (f"/associates/{owner.pk}/sign-in/" in page, f"/associates/{owner.pk}/delete/" in page) == (False, False)


def test_an_admin_still_mends_the_rest_of_an_owners_profile(
    admin: Associate, owner: Associate, client_for: Callable
) -> None:
    client_for(admin).post(f"/associates/{owner.pk}/edit/", profile(owner, phone="555-9000"))
    now = Associate.objects.get(pk=owner.pk)
    assert (now.phone, now.level, now.is_active, now.email) == ("555-9000", Level.COMPANY_OWNER, True, owner.email)


@pytest.mark.parametrize(("who", "highest"), [("admin", 30), ("senior_admin", 40), ("owner", 50)])
def test_levels_are_offered_up_to_ones_own(
    cast: dict[str, Associate], client_for: Callable, basic: Associate, who: str, highest: int
) -> None:
    form = client_for(cast[who]).get(f"/associates/{basic.pk}/edit/").context["form"]
    assert [value for value, _ in form.fields["level"].choices] == list(range(10, highest + 1, 10))
