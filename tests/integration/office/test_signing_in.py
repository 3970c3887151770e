"""Sign in, sign out, change password, and what happens after too many attempts."""

from collections.abc import Callable

import pytest
from django.test import Client

from associates.models import Associate
from tests.factories import PASSWORD, AssociateFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another-moving-day"


def sign_in(client: Client, username: str, password: str, **further: str) -> tuple[int, str]:
    """The status, and where it leads."""
    answer = client.post("/sign-in/", {"username": username, "password": password, **further})
    return answer.status_code, answer.headers.get("Location", "")


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("typed", ["olivia", "Olivia", " OLIVIA"])
def test_right_password(client: Client, owner: Associate, typed: str) -> None:
    assert sign_in(client, typed, PASSWORD) == (302, "/")
    assert is_signed_in(client)


def test_the_page_asked_for_comes_next_but_never_one_elsewhere(client: Client, owner: Associate) -> None:
    assert sign_in(client, "olivia", PASSWORD, next="/associates/") == (302, "/associates/")
    assert sign_in(Client(), "olivia", PASSWORD, next="https://elsewhere.example/") == (302, "/")


def test_wrong_password(client: Client, owner: Associate) -> None:
    answer = client.post("/sign-in/", {"username": "olivia", "password": "wrong"})
    assert "That username and password do not go together." in answer.content.decode()
    assert not is_signed_in(client)


def test_nothing_filled_in(client: Client) -> None:
    answer = client.post("/sign-in/", {})
    assert "Fill in your username and your password." in answer.content.decode()


@pytest.mark.parametrize("values", [{"is_active": False}, {"password": None}])
def test_who_cannot_sign_in(client: Client, values: dict[str, object]) -> None:
    AssociateFactory(username="gone", **values)
    assert sign_in(client, "gone", PASSWORD) == (200, "")
    assert not is_signed_in(client)


def test_somebody_imported_cannot_sign_in(client: Client) -> None:
    AssociateFactory(username=None)
    assert sign_in(client, "None", PASSWORD) == (200, "")
    assert not is_signed_in(client)


def test_too_many_attempts_close_the_name_for_a_while_whatever_its_capitals(client: Client, owner: Associate) -> None:
    answers = [sign_in(client, name, "wrong")[0] for name in ["olivia", "OLIVIA"] * 5]
    assert answers == [200] * 9 + [429]
    locked = client.post("/sign-in/", {"username": "Olivia", "password": PASSWORD})
    assert locked.status_code == 429
    assert "Too many attempts" in locked.content.decode()
    assert "Wait 15 minutes" in locked.content.decode()
    assert not is_signed_in(client)


def test_somebody_else_still_signs_in(client: Client, owner: Associate, basic: Associate) -> None:
    for _ in range(10):
        sign_in(client, "olivia", "wrong")
    assert sign_in(client, "ben", PASSWORD) == (302, "/")


def test_a_new_password_from_an_admin_opens_the_name_again(
    client: Client, admin: Associate, basic: Associate, client_for: Callable
) -> None:
    for _ in range(10):
        sign_in(client, "ben", "wrong")
    given = {"username": "ben", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "seen_version": 1}
    assert client_for(admin).post(f"/associates/{basic.pk}/sign-in/", given).status_code == 302
    assert sign_in(client, "ben", NEW_PASSWORD) == (302, "/")


def test_sign_out(basic: Associate, client_for: Callable) -> None:
    browser = client_for(basic)
    answer = browser.post("/sign-out/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")
    assert not is_signed_in(browser)


def test_change_password(basic: Associate, client_for: Callable) -> None:
    browser, other_browser = client_for(basic), client_for(basic)
    typed = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert browser.post("/password/", typed, follow=True).redirect_chain == [("/", 302)]
    assert is_signed_in(browser)
    assert other_browser.get("/").status_code == 302  # every other session of theirs has ended
    assert sign_in(Client(), "ben", NEW_PASSWORD) == (302, "/")


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [("wrong", NEW_PASSWORD, NEW_PASSWORD), (PASSWORD, NEW_PASSWORD, "other"), (PASSWORD, "short", "short")],
)
def test_password_not_changed(basic: Associate, client_for: Callable, old: str, new: str, again: str) -> None:
    answer = client_for(basic).post("/password/", {"old_password": old, "new_password1": new, "new_password2": again})
    assert answer.status_code == 200
    assert Associate.objects.get(pk=basic.pk).check_password(PASSWORD)


def test_whoever_is_made_inactive_is_signed_out(basic: Associate, client_for: Callable) -> None:
    browser = client_for(basic)
    Associate.objects.filter(pk=basic.pk).update(is_active=False)
    assert browser.get("/").status_code == 302
