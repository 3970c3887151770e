"""How entries are written."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hours.models import Entry, ExpenseEntry, HourEntry, MileageEntry
from smmware.core.display import money


def measured(entry: Entry) -> str:
    """What was recorded, with its unit: “7.50 h”, “20.3 miles”, “$31.20”."""
    if isinstance(entry, HourEntry):
        return f"{entry.hours} h"
    if isinstance(entry, MileageEntry):
        return entry.distance
    return money(entry.charge_amount)


def receipt_link(entry: ExpenseEntry, label: str = "Show the receipt") -> SafeString | str:
    """The way to an expense's receipt; nothing where there is none."""
    if not entry.receipt:
        return ""
    return format_html('<a href="{}">{}</a>', reverse("hours:receipt", args=[entry.pk]), label)
