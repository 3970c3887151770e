"""Rules of currencies and exchange rates."""

from typing import Any

from qbo_simulator import faults
from qbo_simulator.engine.books import Books
from qbo_simulator.engine.write import Write

NAMES = {
    "AUD": "Australian Dollar",
    "CAD": "Canadian Dollar",
    "CHF": "Swiss Franc",
    "CNY": "Chinese Yuan",
    "EUR": "Euro",
    "GBP": "British Pound Sterling",
    "INR": "Indian Rupee",
    "JPY": "Japanese Yen",
    "MXN": "Mexican Peso",
    "NZD": "New Zealand Dollar",
    "USD": "United States Dollar",
}


def name_currency(write: Write) -> None:
    """A currency is called by its code where no name is known."""
    write.new["Code"] = write.new["Code"].upper()
    write.new.setdefault("Name", NAMES.get(write.new["Code"], write.new["Code"]))


def settle_rate(write: Write) -> None:
    """A rate leads from another currency to the home currency."""
    if write.new["TargetCurrencyCode"] != "USD" or write.new["SourceCurrencyCode"] == "USD":
        value = f"{write.new['SourceCurrencyCode']} to {write.new['TargetCurrencyCode']}"
        raise faults.wrong_value("2220", "Invalid Currency", value, "SourceCurrencyCode")


def hide_id(books: Books, record: dict[str, Any]) -> None:
    """A rate is known by its currency and day: Intuit shows no Id of it, nor when it was made."""
    record.pop("Id", None)
    record["MetaData"] = {"LastUpdatedTime": record["MetaData"]["LastUpdatedTime"]}
