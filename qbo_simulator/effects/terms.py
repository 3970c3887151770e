"""Rules of terms (qbo-api.md §8.6)."""

from qbo_simulator import faults
from qbo_simulator.engine.write import Write


def settle_type(write: Write) -> None:
    """STANDARD counts days, DATE_DRIVEN names a day of the month; one of the two it must be."""
    new = write.new
    if "DayOfMonthDue" in new:
        new["Type"] = "DATE_DRIVEN"
    elif "DueDays" in new:
        new["Type"] = "STANDARD"
        new.setdefault("DiscountPercent", 0)
    else:
        raise faults.missing("DueDays")
