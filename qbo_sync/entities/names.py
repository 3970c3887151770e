"""Names, phones and addresses as QuickBooks takes them (qbo-api.md §8.1–§8.3)."""

import re

from quickbooks.objects.base import Address, EmailAddress, PhoneNumber

BETWEEN = " – "
DISPLAY_NAME_LENGTH = 100  # the reference says 500; QuickBooks' own pages and many clients still cut at 100


def clean_name(name: str) -> str:
    """A name without colon, tab and newline, which QuickBooks refuses, and without blanks to spare."""
    return re.sub(r"[:\s]+", " ", name).strip()[:DISPLAY_NAME_LENGTH].rstrip()


def job_name(client: str, job: str) -> str:
    """The name of a job's sub-customer: its client's in front, cut so that the job's own stays whole."""
    own = clean_name(job)
    room = DISPLAY_NAME_LENGTH - len(own) - len(BETWEEN)
    return f"{clean_name(client)[:room].rstrip()}{BETWEEN}{own}" if room > 0 else own


def phone(number: str, length: int = 30) -> PhoneNumber | None:
    """A phone number, None where there is none."""
    if not number:
        return None
    value = PhoneNumber()
    value.FreeFormNumber = number[:length]
    return value


def email(address: str) -> EmailAddress | None:
    """An e-mail address, None where there is none."""
    if not address:
        return None
    value = EmailAddress()
    value.Address = address
    return value


def address(line1: str, line2: str, city: str, state: str, postal_code: str) -> Address | None:
    """A postal address, None where there is no line of it."""
    if not any((line1, line2, city, state, postal_code)):
        return None
    value = Address()
    value.Line1, value.Line2, value.City = line1, line2, city
    value.CountrySubDivisionCode, value.PostalCode = state, postal_code[:30]
    return value
