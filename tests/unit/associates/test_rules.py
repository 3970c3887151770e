"""Who may raise whom (design.md §3)."""

import itertools
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from associates import rules
from associates.models import Associate
from smmware.core.permissions import Level
from tests.factories import PASSWORD, AssociateFactory

pytestmark = pytest.mark.django_db

EVERY_PAIR = list(itertools.product(Level, Level))


def changed(person: Associate, **values: Any) -> Associate:
    """The person as they would be saved."""
    copy = Associate.objects.get(pk=person.pk)
    for name, value in values.items():
        setattr(copy, name, value)
    return copy


def refused_fields(actor: Associate | None, person: Associate) -> set[str]:
    """Which fields the rules refuse; none where the change is allowed."""
    try:
        rules.check_change(actor, person)
    except ValidationError as error:
        return set(error.message_dict)
    return set()


@pytest.fixture
def _spare_owner() -> None:
    """An owner besides those of the test, so that the rule on the last one does not speak."""
    AssociateFactory(level=Level.COMPANY_OWNER)


@pytest.mark.usefixtures("_spare_owner")
@pytest.mark.parametrize(("own", "wanted"), EVERY_PAIR)
def test_nobody_raises_themselves_above_their_own_level(own: Level, wanted: Level) -> None:
    actor = AssociateFactory(level=own)
    assert refused_fields(actor, changed(actor, level=wanted)) == ({"level"} if wanted > own else set())


@pytest.mark.parametrize(("own", "wanted"), EVERY_PAIR)
def test_nobody_makes_somebody_new_of_a_level_above_their_own(own: Level, wanted: Level) -> None:
    actor = AssociateFactory(level=own)
    assert refused_fields(actor, Associate(last_name="New", level=wanted)) == ({"level"} if wanted > own else set())


@pytest.mark.usefixtures("_spare_owner")
@pytest.mark.parametrize(("own", "theirs"), EVERY_PAIR)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("level", Level.BASIC_USER),
        ("is_active", False),
        ("username", "taken-over"),
        ("password", "another"),
        ("email", "mine@example.com"),
    ],
)
def test_nobody_changes_rank_or_sign_in_of_somebody_above(own: Level, theirs: Level, field: str, value: Any) -> None:
    actor, person = AssociateFactory(level=own), AssociateFactory(level=theirs)
    after = changed(person, **{field: value})
    unchanged = getattr(person, field) == value
    assert refused_fields(actor, after) == (set() if unchanged or theirs <= own else {field})


def test_the_rest_of_a_profile_above_may_be_changed() -> None:
    admin, owner = AssociateFactory(level=Level.ADMIN), AssociateFactory(level=Level.COMPANY_OWNER)
    assert refused_fields(admin, changed(owner, phone="555", first_name="Olive")) == set()


@pytest.mark.parametrize("level", Level)
def test_only_a_company_owner_sets_qbo_admin(level: Level) -> None:
    actor = AssociateFactory(level=level)
    expected = set() if level == Level.COMPANY_OWNER else {"qbo_admin"}
    assert refused_fields(actor, changed(actor, qbo_admin=True)) == expected
    assert refused_fields(actor, Associate(last_name="New", qbo_admin=True)) == expected


def test_an_inactive_owner_sets_nothing_of_quickbooks() -> None:
    actor = AssociateFactory(level=Level.COMPANY_OWNER, is_active=False)
    assert refused_fields(actor, Associate(last_name="New", qbo_admin=True)) == {"qbo_admin"}


@pytest.mark.parametrize("field", ["username", "password", "email"])
def test_whoever_is_no_qbo_admin_does_not_take_over_the_sign_in_of_one(field: str) -> None:
    actor = AssociateFactory(level=Level.ADMIN)
    person = AssociateFactory(level=Level.BASIC_USER, qbo_admin=True)
    assert refused_fields(actor, changed(person, **{field: "x@example.com"})) == {field}
    actor.qbo_admin = True
    assert refused_fields(actor, changed(person, **{field: "x@example.com"})) == set()


@pytest.mark.parametrize(
    "values", [{"level": Level.SENIOR_ADMIN}, {"is_active": False}, {"username": None}, {"password": "!"}]
)
def test_the_last_owner_who_can_sign_in_stays_one(values: dict[str, Any]) -> None:
    owner = AssociateFactory(level=Level.COMPANY_OWNER)
    AssociateFactory(level=Level.COMPANY_OWNER, username=None)
    AssociateFactory(level=Level.COMPANY_OWNER, is_active=False)
    AssociateFactory(level=Level.COMPANY_OWNER, password=None)
    assert refused_fields(owner, changed(owner, **values)) == {"level"}
    assert refused_fields(None, changed(owner, **values)) == {"level"}


def test_an_owner_steps_down_where_another_can_sign_in() -> None:
    owner = AssociateFactory(level=Level.COMPANY_OWNER)
    AssociateFactory(level=Level.COMPANY_OWNER, password=PASSWORD)
    assert refused_fields(owner, changed(owner, level=Level.ADMIN)) == set()


def test_a_refused_change_is_not_saved() -> None:
    admin = AssociateFactory(level=Level.ADMIN)
    after = changed(admin, level=Level.COMPANY_OWNER)
    with pytest.raises(ValidationError), rules.permitted_change(actor=admin, associate=after):
        after.save()
    assert Associate.objects.get(pk=admin.pk).level == Level.ADMIN


def test_whoever_was_demoted_meanwhile_grants_nothing_any_more() -> None:
    AssociateFactory(level=Level.COMPANY_OWNER)
    actor, person = AssociateFactory(level=Level.COMPANY_OWNER), AssociateFactory()
    Associate.objects.filter(pk=actor.pk).update(level=Level.BASIC_USER)
    after = changed(person, level=Level.COMPANY_OWNER)
    with pytest.raises(ValidationError), rules.permitted_change(actor=actor, associate=after):
        after.save()
    assert Associate.objects.get(pk=person.pk).level == Level.BASIC_USER


@pytest.mark.parametrize(
    ("actor", "person", "allowed"),
    [
        ({"level": Level.ADMIN}, {"level": Level.ADMIN}, True),
        ({"level": Level.ADMIN}, {"level": Level.SENIOR_ADMIN}, False),
        ({"level": Level.ADMIN}, {"level": Level.BASIC_USER, "qbo_admin": True}, False),
        ({"level": Level.COMPANY_OWNER}, {"level": Level.BASIC_USER, "qbo_admin": True}, True),
        ({"level": Level.COMPANY_OWNER}, {"level": Level.COMPANY_OWNER}, True),
    ],
)
def test_deleting(actor: dict[str, Any], person: dict[str, Any], allowed: bool) -> None:
    who, whom = AssociateFactory(**actor), AssociateFactory(**person)
    if allowed:
        with rules.permitted_delete(actor=who, associate=whom):
            whom.delete()
    else:
        with pytest.raises(ValidationError), rules.permitted_delete(actor=who, associate=whom):
            whom.delete()
    assert Associate.objects.filter(last_name=whom.last_name).exists() != allowed


def test_nobody_deletes_themselves() -> None:
    owner = AssociateFactory(level=Level.COMPANY_OWNER)
    AssociateFactory(level=Level.COMPANY_OWNER)
    with pytest.raises(ValidationError, match="themselves"):
        rules.check_delete(owner, owner)
