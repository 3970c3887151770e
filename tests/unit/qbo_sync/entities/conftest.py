"""What bodies are built from in these tests: everything mapped, and links that are named, not saved."""

from typing import Any

from hours.models import ExpenseCategory
from qbo_sync.api.body import body_of
from qbo_sync.entities import COPIED, Context, Obstacle
from qbo_sync.models import Connection, Entity, Kind, Link, Purpose

ITEMS = {
    Purpose.HOURS_ITEM: "2",
    Purpose.MILEAGE_ITEM: "31",
    Purpose.EXPENSES_ITEM: "32",
    Purpose.FLAT_FEES_ITEM: "33",
    Purpose.FLAT_INVOICES_ITEM: "34",
    Purpose.ADJUSTMENT_ITEM: "35",
}
ACCOUNTS = {
    Purpose.MILEAGE_ACCOUNT: "71",
    Purpose.PAID_FROM_BANK: "81",
    Purpose.PAID_FROM_CARD: "82",
    Purpose.PAID_FROM_CASH: "83",
    Purpose.PAID_FROM_ASSOCIATE: "84",
}
CATEGORY_ACCOUNT = "91"


def context(*linked: tuple[Any, Entity, str], without: tuple[Any, ...] = (), **company: Any) -> Context:
    """Everything mapped but for what is named in `without`; `linked` are records with their entity and QBO ID.

    company: the settings of the company.
    """
    categories = {
        (Purpose.CATEGORY_ACCOUNT, pk): CATEGORY_ACCOUNT for pk in ExpenseCategory.objects.values_list("pk", flat=True)
    }
    mappings: dict[Any, str] = {**ITEMS, **ACCOUNTS, **categories}
    links = {(Kind.of(record), record.pk): Link(entity=entity, qbo_id=qbo_id) for record, entity, qbo_id in linked}
    return Context({key: value for key, value in mappings.items() if key not in without}, links, Connection(**company))


def loaded(record: Any) -> Any:
    """The record as the plan and the engine read it: with all that the entity asks of it."""
    return COPIED[Kind.of(record)].records().get(pk=record.pk)


def words(found: Obstacle | None) -> str:
    """What is in the way, as a sentence, or ""."""
    return found.what if found else ""


def body(record: Any, given: Context) -> dict[str, Any]:
    """The fields that go to QuickBooks."""
    return body_of(COPIED[Kind.of(record)].body(loaded(record), given))
