"""`manage.py create_owner`: the first Company Owner, and only the first."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from associates.models import Associate
from smmware.core.permissions import Level
from tests.factories import PASSWORD, AssociateFactory

pytestmark = pytest.mark.django_db
NAMES = {"username": "olivia", "first_name": "Olivia", "last_name": "Grant", "email": "olivia@example.com"}


def create_owner(**options: Any) -> str:
    out = io.StringIO()
    call_command("create_owner", **{**NAMES, **options}, stdout=out)
    return out.getvalue()


@pytest.fixture
def _password_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMMWARE_OWNER_PASSWORD", PASSWORD)


@pytest.mark.usefixtures("_password_in_environment")
def test_password_from_the_environment() -> None:
    assert create_owner() == "Olivia Grant is Company Owner and signs in as “olivia”.\n"
    owner = Associate.objects.get()
    assert (owner.name, owner.email, owner.level) == ("Olivia Grant", "olivia@example.com", Level.COMPANY_OWNER)
    assert (owner.can_sign_in, owner.check_password(PASSWORD), owner.qbo_admin) == (True, True, False)


def test_password_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    create_owner(password_stdin=True)
    assert Associate.objects.get().check_password(PASSWORD)


def type_passwords(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> None:
    monkeypatch.delenv("SMMWARE_OWNER_PASSWORD", raising=False)
    typed = iter(passwords)
    monkeypatch.setattr("associates.management.commands.create_owner.getpass", lambda prompt: next(typed))


def test_password_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    type_passwords(monkeypatch, PASSWORD, PASSWORD)
    create_owner()
    assert Associate.objects.get().check_password(PASSWORD)


def test_two_different_passwords_make_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    type_passwords(monkeypatch, PASSWORD, "another")
    with pytest.raises(CommandError, match=r"The two passwords are not the same\. Nothing is made\."):
        create_owner()
    assert not Associate.objects.exists()


@pytest.mark.usefixtures("_password_in_environment")
def test_refused_where_an_owner_exists() -> None:
    AssociateFactory(first_name="Ann", last_name="First", level=Level.COMPANY_OWNER)
    with pytest.raises(CommandError, match="Ann First is Company Owner already"):
        create_owner()
    assert Associate.objects.count() == 1


@pytest.mark.usefixtures("_password_in_environment")
def test_people_who_are_no_owners_are_not_in_the_way() -> None:
    AssociateFactory(level=Level.SENIOR_ADMIN)
    create_owner()
    assert Associate.objects.filter(level=Level.COMPANY_OWNER).count() == 1


@pytest.mark.parametrize(
    ("options", "password", "sentence"),
    [
        ({}, "short", "too short"),
        ({}, "olivia@example", "too similar"),
        ({"username": "with space"}, PASSWORD, "valid username"),
        ({"email": "olivia"}, PASSWORD, "valid email"),
    ],
)
def test_what_will_not_do_is_said(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], password: str, sentence: str
) -> None:
    monkeypatch.setenv("SMMWARE_OWNER_PASSWORD", password)
    with pytest.raises(CommandError, match=sentence):
        create_owner(**options)
    assert not Associate.objects.exists()
