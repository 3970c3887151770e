"""How figures and states are written, in templates and tables alike."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

CENT = Decimal("0.01")
TONES = ("neutral", "info", "good", "warn", "bad")


def money(amount: Decimal | int | None) -> str:
    """Dollars as “$1,435.50”, a debt as “-$5.00”, nothing for None."""
    if amount is None:
        return ""
    figure = _two_places(abs(Decimal(amount)))
    return f"-${figure}" if amount < 0 and Decimal(figure.replace(",", "")) else f"${figure}"


def rate(amount: Decimal | None) -> str:
    """Dollars to the cent, or to a tenth of a cent where the rate has it (miles); nothing for None."""
    if amount is None or amount == amount.quantize(CENT):
        return money(amount)
    return f"${amount}"


def hours(minutes: int | None) -> str:
    """Whole minutes as hours to two places, “7.75”; nothing for None."""
    return "" if minutes is None else _two_places(Decimal(minutes) / 60)


def day(date: dt.date | None) -> str:
    """A date as the trade writes it, “Nov 19, 2026”; nothing for None."""
    return "" if date is None else date_format(date, "DATE_FORMAT")


def moment(at: dt.datetime | None) -> str:
    """A date with its time in the company's time zone, “Nov 19, 2026, 3:05 p.m.”; nothing for None."""
    return "" if at is None else date_format(localtime(at), "DATETIME_FORMAT")


def link(record: Any, label: str = "") -> SafeString | str:
    """A record's name, or `label`, as a link to its page; nothing for None."""
    if record is None:
        return ""
    return format_html('<a href="{}">{}</a>', record.get_absolute_url(), label or record)


def dial(number: str) -> SafeString | str:
    """A telephone number as a link that dials it; nothing for none, and plain words where it has no figures."""
    digits = "".join(each for each in number if each in "+0123456789")
    return format_html('<a href="tel:{}">{}</a>', digits, number) if digits else number


def write_to(address: str) -> SafeString | str:
    """An e-mail address as a link that writes to it; nothing for none."""
    return format_html('<a href="mailto:{}">{}</a>', address, address) if address else ""


def pill(label: str, tone: str = "neutral") -> SafeString:
    """A state as a soft pill. `tone` is one of TONES; raises ValueError for any other."""
    if tone not in TONES:
        raise ValueError(f"There is no tone {tone!r}; choose one of {TONES}.")
    return format_html('<span class="pill pill-{}">{}</span>', tone, label)


def yes_no(value: bool | None) -> str:
    """Yes, No, or nothing where it is not known."""
    return {True: "Yes", False: "No", None: ""}[value]


def counted(count: int, noun: str) -> str:
    """A number and what it counts: “1,200 invoices”."""
    return f"{number_format(count, force_grouping=True)} {noun}"


def plural(count: int, noun: str) -> str:
    """A number and what it counts, by the singular: “1 hour entry”, “3 hour entries”."""
    if count == 1:
        return counted(count, noun)
    return counted(count, f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s")


def _two_places(figure: Decimal) -> str:
    return number_format(figure.quantize(CENT, rounding=ROUND_HALF_UP), decimal_pos=2, force_grouping=True)
