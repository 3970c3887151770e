"""Records for tests: each valid by itself, told apart by numbers, with nothing random in them."""

import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from associates.models import Associate, HourlyRate
from clients.models import Address, Client, CustomField, CustomFieldValue, Job, JobCode
from hours.models import (
    DescriptionPreset,
    ExpenseCategory,
    ExpenseEntry,
    FlatFee,
    FlatFeePreset,
    HourEntry,
    MileageEntry,
    MileageRates,
    PaidFrom,
    TimeSettings,
)
from invoices.models import Invoice, InvoiceLine, Payment, PaymentMethod, Term
from organizations.models import Category, Contact, Organization
from smmware.core.models import Company
from smmware.core.permissions import Level

PASSWORD = "moving-day-2026"
DAY = dt.date(2026, 3, 2)


class CompanyFactory(DjangoModelFactory):
    """The one company: asked for again, it is the same row."""

    class Meta:
        model = Company
        django_get_or_create = ("singleton",)

    singleton = True
    name = "Gentle Moves"
    time_zone = "America/Chicago"


class AssociateFactory(DjangoModelFactory):
    """A person who can sign in with PASSWORD; `username=None` makes one who cannot, as an import does."""

    class Meta:
        model = Associate
        skip_postgeneration_save = True

    first_name = "Ann"
    last_name = factory.Sequence(lambda n: f"Associate {n:03}")
    username = factory.Sequence(lambda n: f"associate{n}")
    email = factory.Sequence(lambda n: f"associate{n}@example.com")
    phone = factory.Sequence(lambda n: f"(555) 555-{n % 10000:04}")
    level = Level.BASIC_USER
    password = factory.django.Password(PASSWORD)


class HourlyRateFactory(DjangoModelFactory):
    class Meta:
        model = HourlyRate

    associate = factory.SubFactory(AssociateFactory)
    rate = Decimal("24.50")
    effective_from = dt.date(2026, 1, 1)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n:03}")


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Organization {n:03}")
    category = factory.SubFactory(CategoryFactory)
    email = factory.Sequence(lambda n: f"office{n}@example.com")


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    organization = factory.SubFactory(OrganizationFactory)
    first_name = "Carla"
    last_name = factory.Sequence(lambda n: f"Contact {n:03}")


class ClientFactory(DjangoModelFactory):
    """A client; `stage=Client.Stage.INQUIRY` makes an inquiry."""

    class Meta:
        model = Client

    name = factory.Sequence(lambda n: f"Margaret Client {n:03}")
    stage = Client.Stage.CLIENT


class AddressFactory(DjangoModelFactory):
    class Meta:
        model = Address

    client = factory.SubFactory(ClientFactory)
    line1 = "12 Elm Street"
    city = "Madison"
    state = "WI"
    postal_code = "53703"


class CustomFieldFactory(DjangoModelFactory):
    class Meta:
        model = CustomField

    label = factory.Sequence(lambda n: f"Custom field {n:03}")


class CustomFieldValueFactory(DjangoModelFactory):
    class Meta:
        model = CustomFieldValue

    client = factory.SubFactory(ClientFactory)
    field = factory.SubFactory(CustomFieldFactory)
    value = "Two cats"


class JobCodeFactory(DjangoModelFactory):
    class Meta:
        model = JobCode

    label = factory.Sequence(lambda n: f"Job code {n:03}")
    charge_rate = Decimal("65.00")


class JobFactory(DjangoModelFactory):
    class Meta:
        model = Job

    client = factory.SubFactory(ClientFactory)
    name = factory.Sequence(lambda n: f"Move {n:03}")


class TimeSettingsFactory(DjangoModelFactory):
    """The company's settings of time and rates, with approval on: asked for again, they are the same row."""

    class Meta:
        model = TimeSettings
        django_get_or_create = ("singleton",)

    singleton = True
    approval = TimeSettings.Approval.COOPERATIVE


class MileageRatesFactory(DjangoModelFactory):
    class Meta:
        model = MileageRates

    effective_from = dt.date(2026, 1, 1)
    pay_rate = Decimal("0.500")
    charge_rate = Decimal("0.725")


class _EntryFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    job = factory.SubFactory(JobFactory)
    associate = factory.SubFactory(AssociateFactory)
    date = DAY
    description = "Packing the kitchen"


class HourEntryFactory(_EntryFactory):
    class Meta:
        model = HourEntry

    minutes = 90
    charge_rate = Decimal("65.00")
    pay_rate = Decimal("24.50")


class MileageEntryFactory(_EntryFactory):
    class Meta:
        model = MileageEntry

    description = "To the client and back"
    miles = Decimal("20.0")
    charge_rate = Decimal("0.670")
    pay_rate = Decimal("0.670")


class ExpenseCategoryFactory(DjangoModelFactory):
    class Meta:
        model = ExpenseCategory

    name = factory.Sequence(lambda n: f"Expense category {n:03}")


class ExpenseEntryFactory(_EntryFactory):
    class Meta:
        model = ExpenseEntry

    description = "Boxes"
    category = factory.SubFactory(ExpenseCategoryFactory)
    amount = Decimal("31.20")
    paid_from = PaidFrom.BANK


class DescriptionPresetFactory(DjangoModelFactory):
    class Meta:
        model = DescriptionPreset

    text = factory.Sequence(lambda n: f"Packing room {n:03}")


class FlatFeePresetFactory(DjangoModelFactory):
    class Meta:
        model = FlatFeePreset

    label = factory.Sequence(lambda n: f"Preset {n:03}")
    amount = Decimal("75.00")


class FlatFeeFactory(_EntryFactory):
    class Meta:
        model = FlatFee

    description = "Packing material"
    amount = Decimal("75.00")


class PaymentMethodFactory(DjangoModelFactory):
    class Meta:
        model = PaymentMethod

    name = factory.Sequence(lambda n: f"Payment method {n:03}")


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term

    name = factory.Sequence(lambda n: f"Net {n}")
    due_days = 30


class InvoiceFactory(DjangoModelFactory):
    """An itemized, preliminary invoice without lines."""

    class Meta:
        model = Invoice

    job = factory.SubFactory(JobFactory)
    number = factory.Sequence(lambda n: f"{10000 + n}")
    date = DAY


class InvoiceLineFactory(DjangoModelFactory):
    class Meta:
        model = InvoiceLine

    invoice = factory.SubFactory(InvoiceFactory)
    position = factory.Sequence(lambda n: n + 1)
    description = "Packing the kitchen"
    quantity = Decimal("1.50")
    rate = Decimal("65.000")
    amount = Decimal("97.50")


class PaymentFactory(DjangoModelFactory):
    class Meta:
        model = Payment

    invoice = factory.SubFactory(InvoiceFactory)
    date = DAY
    amount = Decimal("50.00")
