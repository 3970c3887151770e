"""What QuickBooks holds is made to fit, with a word on what did not."""

import datetime as dt
from typing import Any

import pytest

from qbo_sync.pull.fitting import Fitting


def test_texts_are_cut_and_freed_of_what_no_database_takes() -> None:
    fitting = Fitting({"Notes": " Two\x00 cats and a dog "})

    assert fitting.text("Notes", label="notes", length=8) == "Two cats"
    assert fitting.note == "Shortened to 8 characters: notes."


@pytest.mark.parametrize(
    ("given", "taken", "note"),
    [
        (None, "", ""),
        ("", "", ""),
        ("a@example.com", "a@example.com", ""),
        ("a@example.com, b@example.com", "a@example.com", "Of the e-mail addresses “a@example.com, b@example.com”"),
        ("nobody", "", "“nobody” is not a usable e-mail address and was left out."),
        (f"{'a' * 60}@{'b' * 60}.example", "", "“aaaa"),
    ],
)
def test_email(given: str | None, taken: str, note: str) -> None:
    fitting = Fitting({"PrimaryEmailAddr": {"Address": given}} if given is not None else {})

    assert fitting.email() == taken
    assert fitting.note.startswith(note)
    assert bool(fitting.note) == bool(note)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("", ""),
        ("badger.example", "https://badger.example"),
        ("http://badger.example/shop", "http://badger.example/shop"),
        ("javascript://alert(1)", ""),
        ("not a website", ""),
        ("https://badger.example/" + "x" * 500, ""),
    ],
)
def test_website(given: str, taken: str) -> None:
    fitting = Fitting({"WebAddr": {"URI": given}})

    assert fitting.website() == taken
    assert bool(fitting.note) == (given != "" and taken == "")


@pytest.mark.parametrize(
    ("row", "day"),
    [({}, None), ({"HiredDate": "2024-05-06"}, dt.date(2024, 5, 6)), ({"HiredDate": "soon"}, None)],
)
def test_day(row: dict[str, Any], day: dt.date | None) -> None:
    assert Fitting(row).day("HiredDate", label="hire date") == day


def test_an_address_of_any_shape() -> None:
    row = {"BillAddr": {"Line1": "12 Elm", "Line3": "Rear", "City": "M" * 120, "PostalCode": 53703}}
    fitting = Fitting(row)

    assert fitting.street() == ["12 Elm", "Rear"]
    assert fitting.town() == {"city": "M" * 100, "state": "", "postal_code": "53703"}
    assert Fitting({"BillAddr": "not an object"}).street() == []
