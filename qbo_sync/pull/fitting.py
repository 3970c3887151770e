"""Making what QuickBooks holds fit our columns: shortened or left blank with a note, never a crash."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from qbo_sync.directory.keys import DELETED
from qbo_sync.directory.rows import Row, address, text


def unmarked(name: str) -> str:
    """A name without the mark that QuickBooks gives inactive ones (qbo-api.md §2.3); never without anything."""
    return DELETED.sub("", name) or name


class Fitting:
    """The values of one row, with notes on what did not fit."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._notes: list[str] = []

    @property
    def note(self) -> str:
        """What did not fit, in words; "" where all did."""
        return " ".join(self._notes)

    def text(self, *path: str, label: str, length: int) -> str:
        """The text at `path`, cut to `length` characters. NUL, which no database takes, is left out."""
        return self.cut(text(self._row, *path), label=label, length=length)

    def display_name(self, length: int) -> str:
        """What the row is called, as a record here is called that is not inactive."""
        return self.cut(unmarked(text(self._row, "DisplayName")), label="name", length=length)

    def cut(self, value: str, *, label: str, length: int) -> str:
        clean = value.replace("\x00", "").strip()
        if len(clean) > length:
            self._notes.append(f"Shortened to {length} characters: {label}.")
        return clean[:length].rstrip()

    def email(self, length: int = 100) -> str:
        """The first e-mail address (QuickBooks takes several with commas between), blank where it is none."""
        given = text(self._row, "PrimaryEmailAddr", "Address")
        first = given.split(",")[0].strip()
        try:
            validate_email(first or "nobody@example.com")
        except ValidationError:
            return self._left_blank("e-mail address", given)
        if len(first) > length:
            return self._left_blank("e-mail address", given)
        if first != given:
            self._notes.append(f"Of the e-mail addresses “{given}” the first was taken.")
        return first

    def website(self, length: int = 500) -> str:
        """The web address, blank where it is none."""
        given = text(self._row, "WebAddr", "URI")
        address_ = given if "://" in given or not given else f"https://{given}"
        try:
            URLValidator(schemes=["http", "https"])(address_ or "https://example.com")
        except ValidationError:
            return self._left_blank("website", given)
        return address_ if len(address_) <= length else self._left_blank("website", given)

    def day(self, name: str, *, label: str) -> dt.date | None:
        """A date, None where there is none."""
        given = text(self._row, name)
        try:
            return dt.date.fromisoformat(given[:10]) if given else None
        except ValueError:
            self._left_blank(label, given)
            return None

    def street(self) -> list[str]:
        """The lines of the postal address above the town, those that are filled in."""
        found = address(self._row)
        return [line for number in range(1, 6) if (line := text(found, f"Line{number}"))]

    def town(self) -> dict[str, str]:
        """City, state and ZIP code, under the names that all our records give them."""
        found = address(self._row)
        return {
            "city": self.cut(text(found, "City"), label="city", length=100),
            "state": self.cut(text(found, "CountrySubDivisionCode"), label="state", length=50),
            "postal_code": self.cut(text(found, "PostalCode"), label="ZIP code", length=20),
        }

    def _left_blank(self, label: str, given: str) -> str:
        self._notes.append(f"“{given[:100]}” is not a usable {label} and was left out.")
        return ""
