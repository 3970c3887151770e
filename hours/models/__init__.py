"""What associates record, what they pick from, and the company's settings of both (domain.md §5, §6)."""

from hours.models.entries import Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry, PaidFrom
from hours.models.figures import CENT, MINUTES_A_DAY, NOT_NEGATIVE, POSITIVE, Distance, to_cents
from hours.models.presets import DescriptionPreset, ExpenseCategory, FlatFeePreset
from hours.models.settings import MileageRates, TimeSettings

__all__ = [
    "CENT",
    "MINUTES_A_DAY",
    "NOT_NEGATIVE",
    "POSITIVE",
    "DescriptionPreset",
    "Distance",
    "Entry",
    "ExpenseCategory",
    "ExpenseEntry",
    "FlatFee",
    "FlatFeePreset",
    "HourEntry",
    "MileageEntry",
    "MileageRates",
    "PaidFrom",
    "TimeSettings",
    "to_cents",
]
