"""Which records keep a history, on whose pages it is shown, and who may read it (domain.md §3).

Every model of the domain apps keeps one: what is not named here is a piece of Settings. A new model is never forgotten,
and is at worst in a plainer place than it could be.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model

from associates.models import Associate, HourlyRate
from clients.models import Address, Client, CustomFieldValue, Job
from hours.models import ExpenseEntry, FlatFee, HourEntry, MileageEntry
from invoices.models import Delivery, Invoice, InvoiceLine, Payment
from organizations.models import Contact, Organization
from smmware.core.history import Kept, keep_history
from smmware.core.models import Change, Company, LeftAsItIs
from smmware.core.permissions import Access, Area, may

APPS = ("core", "associates", "organizations", "clients", "hours", "invoices")
NOT_KEPT = (Change, LeftAsItIs)
OF_SETTINGS = Kept(of_settings=True)
RECORDS: dict[type[Model], Kept] = {
    Associate: Kept(hidden=("password",)),
    HourlyRate: Kept(subject="associate"),
    Organization: Kept(),
    Contact: Kept(),
    Client: Kept(),
    Address: Kept(subject="client"),
    CustomFieldValue: Kept(subject="client"),
    Job: Kept(many=("leads",)),
    HourEntry: Kept(),
    MileageEntry: Kept(),
    ExpenseEntry: Kept(),
    FlatFee: Kept(),
    Invoice: Kept(),
    InvoiceLine: Kept(subject="invoice"),
    Payment: Kept(subject="invoice"),
    Delivery: Kept(subject="invoice"),
}


@dataclass(frozen=True)
class Readers:
    """Who may read the history of a kind of record: those with this access in all of these areas."""

    areas: tuple[Area, ...]
    needed: Access = Access.MANAGE

    def include(self, person: Any) -> bool:
        """Whether `person` is one of them."""
        return all(may(person, area, self.needed) for area in self.areas)


# An entry's history tells what its associate is paid: it is for those who may know that of everybody.
OF_ENTRIES = Readers((Area.ASSOCIATES, Area.INVOICES))
READERS: dict[type[Model], Readers] = {
    Company: Readers((Area.SETTINGS,)),
    Associate: Readers((Area.ASSOCIATES,)),
    Organization: Readers((Area.ORGANIZATIONS,)),
    Contact: Readers((Area.ORGANIZATIONS,)),
    Client: Readers((Area.CLIENTS,)),
    Job: Readers((Area.JOBS,)),
    HourEntry: OF_ENTRIES,
    MileageEntry: OF_ENTRIES,
    ExpenseEntry: OF_ENTRIES,
    FlatFee: OF_ENTRIES,
    Invoice: Readers((Area.INVOICES,)),
}


def keep() -> None:
    """Keep the history of every model of the domain apps."""
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            if model not in NOT_KEPT:
                keep_history(model, RECORDS.get(model, OF_SETTINGS))


def may_read_history(person: Any, model: type[Model]) -> bool:
    """Whether `person` may read the history of records of this model (Company stands for Settings)."""
    readers = READERS.get(model)
    return readers is not None and readers.include(person)
