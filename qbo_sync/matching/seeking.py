"""One of our records as it is looked for at QuickBooks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from associates.models import Associate
from clients.models import Client, Job
from organizations.models import Organization
from qbo_sync.directory.blocks import contact_keys, name_keys, telling_words
from qbo_sync.directory.keys import name_key
from qbo_sync.entities.names import clean_name, job_name
from qbo_sync.matching.nicknames import other_forms
from qbo_sync.models import Entity


@dataclass(frozen=True)
class Sought:
    """A record of ours that may already be at QuickBooks.

    Args:
        entity: what it becomes there; a record of another list can be pointed out, not linked.
        names: how it may be called there; the first one is how it would be copied.
        is_job: a sub-customer of another customer.
        email: its e-mail address, "" where none is known.
        phones: its numbers as they are written here.
        company: which of the names is that of the company somebody belongs to, "" where none is.
        addresses: its postal addresses, each in one line.
    """

    entity: Entity
    names: tuple[str, ...]
    is_job: bool = False
    email: str = ""
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    company: str = ""


def sought(record: Client | Job | Organization | Associate) -> Sought:
    """What to look for, for one of our people, organizations or jobs. Raises TypeError for any other record.

    A client's addresses are compared where they were read with it (`COPIED[Kind.CLIENT].records()`).
    """
    if isinstance(record, Client):
        names = _names(record.name, f"{record.first_name} {record.last_name}", record.company_name)
        phones = _filled(record.phone, record.mobile)
        addresses, company = _addresses(record), clean_name(record.company_name)
        return Sought(Entity.CUSTOMER, names, email=record.email, phones=phones, addresses=addresses, company=company)
    if isinstance(record, Job):
        return Sought(Entity.CUSTOMER, (job_name(record.client.name, record.name),), is_job=True)
    if isinstance(record, Organization):
        return Sought(Entity.VENDOR, _names(record.name), **_contacts(record))
    if isinstance(record, Associate):
        entity = Entity.VENDOR if record.kind == Associate.Kind.CONTRACTOR else Entity.EMPLOYEE
        names = _names(record.name, f"{record.first_name} {record.last_name}")
        return Sought(entity, names, **_contacts(record))
    raise TypeError(f"A {type(record).__name__} is not looked for by name.")


def keys_of(seekers: Iterable[Sought]) -> set[str]:
    """Every match key to look up in the directory for these records (`qbo_sync.directory.by_match_key`)."""
    return {key for seeker in seekers for key in match_keys(seeker)}


def match_keys(seeker: Sought) -> set[str]:
    """The keys of one record, those of its names' other forms among them: QuickBooks' side has one form of each.

    A job is looked for by its whole name alone: its client's name and address would find its client.
    """
    names = [telling_words(name) for name in seeker.names]
    if seeker.is_job:
        return {key for name in names for key in name_keys(name) if key.startswith("n:")}
    forms = [form for name in names for form in _forms(name)]
    keys = {key for form in forms for key in name_keys(form)}
    return keys | contact_keys(seeker.email, seeker.phones, seeker.addresses)


def is_nameless(seeker: Sought) -> bool:
    """Whether no name of it has letters or digits."""
    return not any(name_key(name) for name in seeker.names)


def _forms(name: list[str]) -> list[list[str]]:
    return [
        name,
        *([*name[:at], other, *name[at + 1 :]] for at, word in enumerate(name) for other in other_forms(word)),
    ]


def _contacts(record: Organization | Associate) -> dict[str, Any]:
    return {
        "email": record.email,
        "phones": _filled(record.phone),
        "addresses": _filled(record.postal_address),
    }


def _addresses(client: Client) -> tuple[str, ...]:
    read = getattr(client, "current_addresses", ())
    return tuple(f"{each.line1}, {each.city}, {each.state} {each.postal_code}" for each in read)


def _filled(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cleaned for name in names if (cleaned := clean_name(name))))
