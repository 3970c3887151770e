"""Filling an empty database with the fictitious company."""

from django.db import transaction

from associates.models import Associate
from clients.models import Client
from hours.models import DescriptionPreset, TimeSettings
from organizations.models import Organization
from smmware.core.models import Company
from smmware.office.demo import cast, families, people
from smmware.office.demo.billing import Desk
from smmware.office.demo.calendar import plan_stretches
from smmware.office.demo.lot import Lot
from smmware.office.demo.work import Crew


class NotEmptyError(Exception):
    """The database holds records of its own."""


def is_empty() -> bool:
    """Whether there is no company, nobody, and no client or organization."""
    return not any(model._default_manager.exists() for model in (Company, Associate, Client, Organization))


@transaction.atomic
def load() -> None:
    """Make the company and everything in it, all or nothing. Raises NotEmptyError where the database is not empty."""
    if not is_empty():
        raise NotEmptyError
    lot = Lot()
    people.open_company()
    associates = people.hire(lot)
    crew = Crew(lot, associates, families.set_prices(), people.meet_organizations(lot))
    jobs = families.open_jobs(lot, families.welcome_clients(lot), associates)
    stretches = plan_stretches(lot, jobs)
    crew.work(stretches)
    overhead = crew.keep_house(families.open_overhead())

    desk = Desk(lot, associates)
    unbilled = [entry for stretch in stretches if not stretch.invoiced_on for entry in stretch.entries]
    desk.approve_old([*overhead, *unbilled])
    desk.bill([stretch for stretch in stretches if stretch.invoiced_on])
    # Switched on once all of this was there: from now on nothing is billed that nobody approved.
    TimeSettings.objects.create(approval=TimeSettings.Approval.COOPERATIVE)
    for text in cast.DESCRIPTIONS:
        DescriptionPreset.objects.create(text=text)
