"""Which rates apply to an entry on its day (domain.md §3, §5, §6). They are copied onto the entry and stay there."""

from dataclasses import dataclass
from decimal import Decimal

from hours.models import Entry, HourEntry, MileageEntry

ZERO = Decimal(0)


@dataclass(frozen=True)
class MileageFormula:
    """Miles beyond `included_miles`, times `rate` dollars a mile (domain.md §6)."""

    included_miles: Decimal
    rate: Decimal


CHARGE = MileageFormula(included_miles=Decimal("10.0"), rate=Decimal("0.700"))
PAY = MileageFormula(included_miles=Decimal("0.0"), rate=Decimal("0.700"))
NOTHING = MileageFormula(included_miles=Decimal("0.0"), rate=Decimal("0.000"))


def charge_rate(entry: HourEntry) -> Decimal:
    """Dollars per hour that the client pays: the job's one rate, or else that of the job code."""
    if entry.job.charge_rate is not None:
        return entry.job.charge_rate
    return entry.job_code.charge_rate if entry.job_code else ZERO


def pay_rate(entry: HourEntry) -> Decimal:
    """Dollars per hour that the associate is paid: the job code's, or else their own in force on that day."""
    if entry.job_code and entry.job_code.pay_rate is not None:
        return entry.job_code.pay_rate
    return entry.associate.rate_on(entry.date) or ZERO


def set_formulas(entry: MileageEntry, charge: MileageFormula = CHARGE, pay: MileageFormula = PAY) -> None:
    """Put both formulas on the entry. A vehicle's miles are charged whole, and paid to nobody (domain.md §2)."""
    if entry.associate.is_vehicle:
        charge, pay = MileageFormula(NOTHING.included_miles, charge.rate), NOTHING
    entry.charge_included_miles, entry.charge_rate = charge.included_miles, charge.rate
    entry.pay_included_miles, entry.pay_rate = pay.included_miles, pay.rate


def set_rates(entry: Entry) -> None:
    """Put today's rates on a new entry."""
    if isinstance(entry, HourEntry):
        entry.charge_rate, entry.pay_rate = charge_rate(entry), pay_rate(entry)
    elif isinstance(entry, MileageEntry):
        set_formulas(entry)


def follow_change(entry: Entry, before: Entry) -> None:
    """Rate an entry anew, but only where what its rates hang on was changed: the rest stays as it was on the day."""
    if isinstance(entry, HourEntry) and isinstance(before, HourEntry):
        if (entry.job_id, entry.job_code_id) != (before.job_id, before.job_code_id):
            entry.charge_rate = charge_rate(entry)
        if _what_pay_hangs_on(entry) != _what_pay_hangs_on(before):
            entry.pay_rate = pay_rate(entry)
    elif isinstance(entry, MileageEntry) and entry.associate_id != before.associate_id:
        set_formulas(entry)


def _what_pay_hangs_on(entry: HourEntry) -> tuple[object, ...]:
    return entry.associate_id, entry.job_code_id, entry.date
