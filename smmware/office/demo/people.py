"""The company, its people, and the organizations it works with."""

import datetime as dt
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from associates.models import Associate, HourlyRate
from organizations.models import Category, Contact, Organization
from smmware.core.models import Company
from smmware.office.demo import cast
from smmware.office.demo.lot import Lot


def open_company() -> Company:
    """The company, with the integration off: a rehearsal begins where the manual begins."""
    return Company.objects.create(name=cast.COMPANY_NAME, address=cast.COMPANY_ADDRESS, time_zone=cast.TIME_ZONE)


def hire(lot: Lot) -> list[Associate]:
    """Everybody in `cast.PEOPLE`, with their rates; those with a username can sign in."""
    password = make_password(cast.PASSWORD)  # slow on purpose, so it is made once
    return [_hire_one(lot, person, password) for person in cast.PEOPLE]


def _hire_one(lot: Lot, person: cast.Person, password: str) -> Associate:
    associate = Associate(
        username=person.username,
        password=password if person.username else make_password(None),
        first_name=person.first_name,
        last_name=person.last_name,
        title=person.title,
        kind=person.kind,
        level=person.level,
    )
    if not associate.is_vehicle:
        _fill_in_person(lot, associate, hired_on=dt.date.fromisoformat(person.rates[0][0]))
    associate.save()
    HourlyRate.objects.bulk_create(
        HourlyRate(associate=associate, rate=Decimal(rate), effective_from=dt.date.fromisoformat(day))
        for day, rate in person.rates
    )
    return associate


def _fill_in_person(lot: Lot, associate: Associate, hired_on: dt.date) -> None:
    associate.email = f"{associate.first_name}.{associate.last_name}@example.com".lower().replace("é", "e")
    associate.phone = lot.phone()
    associate.address = lot.street()
    associate.city, associate.postal_code = lot.random.choice(cast.TOWNS)
    associate.state = "IL"
    associate.hired_on = hired_on


def meet_organizations(lot: Lot) -> dict[str, Organization]:
    """Everybody in `cast.ORGANIZATIONS` by name, each with its category and a contact."""
    return {name: _meet_one(lot, name, category, *contact) for name, category, *contact in cast.ORGANIZATIONS}


def _meet_one(lot: Lot, name: str, category_name: str, first_name: str, last_name: str) -> Organization:
    category, _ = Category.objects.get_or_create(name=category_name)
    mailbox = "".join(letter for letter in name.lower() if letter.isalnum())
    city, postal_code = lot.random.choice(cast.TOWNS)
    organization = Organization.objects.create(
        name=name,
        category=category,
        phone=lot.phone(),
        email=f"{mailbox}@example.com",
        address=lot.street(),
        city=city,
        state="IL",
        postal_code=postal_code,
    )
    Contact.objects.create(
        organization=organization,
        category=category,
        first_name=first_name,
        last_name=last_name,
        phone=lot.phone(),
        email=f"{first_name}.{last_name}@example.com".lower(),
    )
    return organization
