"""Rules of tax rates and tax codes."""

from qbo_simulator.clock import to_the_second
from qbo_simulator.engine.write import Write


def describe_rate(write: Write) -> None:
    """A rate is described by its name, and has been in force since it was made."""
    new = write.new
    new.setdefault("Description", new["Name"])
    since = to_the_second(write.books.clock.now())
    new.setdefault("EffectiveTaxRate", [{"RateValue": new["RateValue"], "EffectiveDate": since}])


def describe_code(write: Write) -> None:
    """A code is described by its name and shows both of its lists, even empty."""
    new = write.new
    new.setdefault("Description", new["Name"])
    for name in ("SalesTaxRateList", "PurchaseTaxRateList"):
        new.setdefault(name, {"TaxRateDetail": []})
