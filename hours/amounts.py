"""What the client pays for an entry, in SQL, to the cent as the entry's own `charge_amount` has it.

Everything is whole numbers (minutes, cents, tenths of a mile, tenths of a cent): SQLite keeps decimals as floats, and a
sum over a listing must not differ from the sum of its rows.
"""

from decimal import Decimal

from django.db.models import BigIntegerField, Case, F, QuerySet, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Greatest, Round

from hours.models import CENT, Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry
from smmware.core.display import money


def with_charge(entries: QuerySet) -> QuerySet:
    """Annotate `charge_cents`: what the client pays, null for what is not billable."""
    charge = {HourEntry: _hours, MileageEntry: _miles, ExpenseEntry: amount_cents, FlatFee: amount_cents}[
        entries.model
    ]()
    return entries.annotate(charge_cents=Case(When(billable=True, then=charge), output_field=BigIntegerField()))


def cents(amount: int) -> str:
    """Whole cents as “$12.50”."""
    return money(dollars(amount))


def dollars(amount: int) -> Decimal:
    """Whole cents as dollars."""
    return (Decimal(amount) / 100).quantize(CENT)


def charge_of(entry: Entry) -> Decimal | None:
    """What the client pays, in dollars: None for what is not billable."""
    return entry.charge_amount if entry.billable else None


def _whole(field: str, per_unit: int) -> Cast:
    return Cast(Round(F(field) * per_unit), BigIntegerField())


def _hours() -> Combinable:
    return (F("minutes") * _whole("charge_rate", 100) + 30) / 60


def _miles() -> Combinable:
    return _by_formula("charge")


def paid_mileage_cents() -> Combinable:
    """What the pay formula of a mileage entry pays back, in cents."""
    return _by_formula("pay")


def tenths_driven() -> Combinable:
    """How far, in tenths of a mile."""
    return _whole("miles", 10)


def _by_formula(which: str) -> Combinable:
    tenths = Greatest(_whole("miles", 10) - _whole(f"{which}_included_miles", 10), 0)
    return (tenths * _whole(f"{which}_rate", 1000) + 50) / 100


def amount_cents() -> Combinable:
    """The amount of an expense or flat fee, in cents."""
    return _whole("amount", 100)
