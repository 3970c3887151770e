"""Which rates apply to an entry on its day (domain.md §3, §5, §6). They are copied onto the entry and stay there."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from hours.models import Distance, Entry, HourEntry, MileageEntry, MileageRates, TimeSettings

ZERO = Decimal(0)


@dataclass(frozen=True)
class MileageFormula:
    """Miles beyond `included_miles`, times `rate` dollars a mile (domain.md §6)."""

    included_miles: Decimal
    rate: Decimal


# What applies before the first formulas of Settings: the IRS's business rate of 2025.
CHARGE = MileageFormula(included_miles=Decimal("10.0"), rate=Decimal("0.700"))
PAY = MileageFormula(included_miles=Decimal("0.0"), rate=Decimal("0.700"))
NOTHING = MileageFormula(included_miles=Decimal("0.0"), rate=Decimal("0.000"))


def charge_rate(entry: HourEntry, settings: TimeSettings) -> Decimal:
    """Dollars per hour that the client pays: the job's own rate, the company's one rate, or that of the job code."""
    if entry.job.charge_rate is not None:
        return entry.job.charge_rate
    if settings.charge_by == TimeSettings.ChargeBy.ONE_RATE:
        return settings.charge_rate or ZERO
    return entry.job_code.charge_rate if entry.job_code else ZERO


def pay_rate(entry: HourEntry, settings: TimeSettings) -> Decimal:
    """Dollars per hour that the associate is paid: the job code's, or else their own in force on that day."""
    by_code = settings.pay_by == TimeSettings.PayBy.JOB_CODE
    if by_code and entry.job_code and entry.job_code.pay_rate is not None:
        return entry.job_code.pay_rate
    return entry.associate.rate_on(entry.date) or ZERO


def formulas_on(day: dt.date) -> tuple[MileageFormula, MileageFormula]:
    """The formulas of charge and pay that are in force on `day`."""
    rates = MileageRates.objects.filter(effective_from__lte=day).order_by("-effective_from").first()
    if rates is None:
        return CHARGE, PAY
    charge = MileageFormula(rates.charge_included_miles, rates.charge_rate)
    return charge, MileageFormula(rates.pay_included_miles, rates.pay_rate)


def set_formulas(entry: MileageEntry, charge: MileageFormula | None = None, pay: MileageFormula | None = None) -> None:
    """Put both formulas on the entry, those of its day where none is given, and the unit that they are in.

    A vehicle's miles are charged whole, and paid to nobody (domain.md §2).
    """
    charge_then, pay_then = formulas_on(entry.date)
    charge, pay = charge or charge_then, pay or pay_then
    if entry.associate.is_vehicle:
        charge, pay = MileageFormula(NOTHING.included_miles, charge.rate), NOTHING
    entry.charge_included_miles, entry.charge_rate = charge.included_miles, charge.rate
    entry.pay_included_miles, entry.pay_rate = pay.included_miles, pay.rate
    entry.unit = Distance(TimeSettings.current().distance)


def set_rates(entry: Entry) -> None:
    """Put the rates of its day on a new entry."""
    if isinstance(entry, HourEntry):
        settings = TimeSettings.current()
        entry.charge_rate, entry.pay_rate = charge_rate(entry, settings), pay_rate(entry, settings)
    elif isinstance(entry, MileageEntry):
        set_formulas(entry)


def follow_change(entry: Entry, before: Entry) -> None:
    """Rate an entry anew, but only where what its rates hang on was changed: the rest stays as it was on the day."""
    if isinstance(entry, HourEntry) and isinstance(before, HourEntry):
        _follow_hours(entry, before)
    elif isinstance(entry, MileageEntry) and (entry.associate_id, entry.date) != (before.associate_id, before.date):
        set_formulas(entry)


def _follow_hours(entry: HourEntry, before: HourEntry) -> None:
    recharged = (entry.job_id, entry.job_code_id) != (before.job_id, before.job_code_id)
    repaid = _what_pay_hangs_on(entry) != _what_pay_hangs_on(before)
    if not (recharged or repaid):
        return
    settings = TimeSettings.current()
    if recharged:
        entry.charge_rate = charge_rate(entry, settings)
    if repaid:
        entry.pay_rate = pay_rate(entry, settings)


def _what_pay_hangs_on(entry: HourEntry) -> tuple[object, ...]:
    return entry.associate_id, entry.job_code_id, entry.date
