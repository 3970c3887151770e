"""Two owners who demote each other at the same moment: one of them stays. Needs a database with row locks."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from associates import rules
from associates.models import Associate
from smmware.core.permissions import Level
from tests.factories import AssociateFactory

UNCOMMITTED_SECONDS = 0.4  # long enough for the other to look meanwhile, if nothing kept them from it


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_one_of_them_stays() -> None:
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite lets one transaction write at a time: there is no such moment.")
    owners = AssociateFactory.create_batch(2, level=Level.COMPANY_OWNER)
    both = Barrier(2, timeout=60)

    def demote(actor: Associate, other: Associate) -> bool:
        other.level = Level.ADMIN
        connection.ensure_connection()
        both.wait()
        try:
            with rules.permitted_change(actor=actor, associate=other):
                other.save()
                time.sleep(UNCOMMITTED_SECONDS)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        copies = [Associate.objects.get(pk=owner.pk) for owner in owners]
        done = list(pool.map(demote, owners, reversed(copies)))
    assert sorted(done) == [False, True]
    assert Associate.objects.filter(level=Level.COMPANY_OWNER).count() == 1
