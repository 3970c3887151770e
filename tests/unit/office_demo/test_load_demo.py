"""The command: into an empty database only, and never where QuickBooks itself is connected."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from associates.models import Associate
from clients.models import Client
from organizations.models import Organization
from tests.factories import AssociateFactory, ClientFactory, CompanyFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("factory", [AssociateFactory, ClientFactory, CompanyFactory, OrganizationFactory])
def test_it_refuses_a_database_that_holds_anything(factory: Any) -> None:
    factory()
    before = [model._default_manager.count() for model in (Associate, Client, Organization)]
    with pytest.raises(CommandError, match="not empty"):
        call_command("load_demo")
    assert [model._default_manager.count() for model in (Associate, Client, Organization)] == before


def test_if_empty_leaves_a_database_that_holds_anything_alone() -> None:
    ClientFactory()
    told = StringIO()
    call_command("load_demo", if_empty=True, stdout=told)
    assert told.getvalue() == ""
    assert (Client.objects.count(), Associate.objects.count()) == (1, 0)


def test_it_refuses_a_site_that_works_with_quickbooks_itself(settings: Any) -> None:
    settings.QBO_ENVIRONMENT = "production"
    with pytest.raises(CommandError, match="no place in it"):
        call_command("load_demo", if_empty=True)
    assert Associate.objects.count() == 0
