"""Every write bumps the version, whoever else writes at the same time."""

import pytest
from django.test import Client

from associates.models import Associate
from smmware.core.models import ChangedMeanwhile
from tests.factories import AssociateFactory

pytestmark = pytest.mark.django_db


def stored_version(person: Associate) -> int:
    return Associate.objects.get(pk=person.pk).version


def test_a_new_record_has_version_1_and_each_save_is_one_on() -> None:
    person = AssociateFactory()
    assert person.version == 1
    person.save()
    person.save(update_fields=["phone"])
    assert (person.version, stored_version(person)) == (3, 3)


def test_two_saves_of_a_record_loaded_twice_are_two_versions() -> None:
    first = AssociateFactory()
    second = Associate.objects.get(pk=first.pk)
    first.save()
    second.save()
    assert (first.version, second.version, stored_version(first)) == (2, 3, 3)


def test_update_of_a_set_and_touch_bump_it_too() -> None:
    person = AssociateFactory()
    Associate.objects.filter(pk=person.pk).update(phone="1")
    person.touch()
    assert stored_version(person) == 3


def test_signing_in_is_no_change_of_the_record(client: Client) -> None:
    person = AssociateFactory()
    client.force_login(person)
    assert (person.last_login is None, stored_version(person)) == (False, 1)


def test_a_version_is_claimed_while_it_is_the_one_seen() -> None:
    person = AssociateFactory()
    person.claim_version(1)
    assert stored_version(person) == 1
    person.touch()
    with pytest.raises(ChangedMeanwhile):
        person.claim_version(1)
    assert person.version == 2


def test_a_save_that_fails_leaves_a_number_as_version() -> None:
    person = AssociateFactory()
    other = AssociateFactory()
    person.username = other.username
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        person.save()
    assert person.version == 1
