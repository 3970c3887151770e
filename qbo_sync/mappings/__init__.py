"""Choosing what at QuickBooks our lines stand for: what may be chosen for which purpose, what is likely meant, what is
missing. A proposal is never saved by itself: a person looks at it first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.db import transaction

from clients.models import JobCode
from hours.models import ExpenseCategory, FlatFeePreset
from qbo_sync.models import Account, Class, Connection, Department, Item, Purpose
from qbo_sync.models import Mapping as MappingRow
from qbo_sync.models.mapping import FALLBACKS, OWNERS, TARGETS

ITEM_TYPES = frozenset({"Service", "NonInventory", "Inventory"})  # a category or bundle fits no line (qbo-api.md §8.5)
EXPENSE_TYPES = frozenset({"Expense", "Other Expense", "Cost of Goods Sold"})
# What a purchase may be paid from, by its payment type (qbo-api.md §8.8).
ACCOUNT_TYPES: dict[Purpose, frozenset[str]] = {
    Purpose.MILEAGE_ACCOUNT: EXPENSE_TYPES,
    Purpose.CATEGORY_ACCOUNT: EXPENSE_TYPES,
    Purpose.PAID_FROM_BANK: frozenset({"Bank"}),
    Purpose.PAID_FROM_CARD: frozenset({"Credit Card"}),
    Purpose.PAID_FROM_CASH: frozenset({"Bank", "Other Current Asset"}),
    Purpose.PAID_FROM_ASSOCIATE: frozenset({"Other Current Asset"}),
    Purpose.DEPOSIT_ACCOUNT: frozenset({"Bank", "Other Current Asset"}),  # §8.10
}

USED_FOR: dict[Purpose, str] = {
    Purpose.HOURS_ITEM: "Hours of associates, and their lines on invoices.",
    Purpose.MILEAGE_ITEM: "Lines on invoices that bill mileage.",
    Purpose.EXPENSES_ITEM: "Lines on invoices that bill expenses.",
    Purpose.FLAT_FEES_ITEM: "Lines on invoices that bill flat fees, and lines typed in by hand.",
    Purpose.FLAT_INVOICES_ITEM: "The one line of an invoice over a flat amount.",
    Purpose.ADJUSTMENT_ITEM: "The adjustment of an invoice, up or down.",
    Purpose.JOB_CODE_ITEM: "Hours of a job code, and their lines on invoices.",
    Purpose.CATEGORY_ITEM: "Lines on invoices that bill expenses of a category.",
    Purpose.PRESET_ITEM: "Lines on invoices that bill flat fees of a preset.",
    Purpose.MILEAGE_ACCOUNT: "The cost of miles that are paid back to associates.",
    Purpose.CATEGORY_ACCOUNT: "The cost of expenses of this category.",
    Purpose.PAID_FROM_BANK: "The bank account that the money leaves.",
    Purpose.PAID_FROM_CARD: "The credit card that is charged.",
    Purpose.PAID_FROM_CASH: "The petty cash that the money is taken from.",
    Purpose.PAID_FROM_ASSOCIATE: (
        "A clearing account, such as “Due to associates”, for expenses that an associate paid and for mileage. No bank "
        "account is offered: the money has not left yours. Until you choose one, these records are not copied."
    ),
    Purpose.DEPOSIT_ACCOUNT: "Where the money of copied payments goes. Nothing chosen: QuickBooks' Undeposited Funds.",
    Purpose.DEFAULT_CLASS: "Put on all that is copied, where classes are tracked at QuickBooks.",
    Purpose.DEFAULT_LOCATION: "Put on all that is copied, where locations are tracked at QuickBooks.",
}

# What the name of an item or account contains that is probably meant, the likeliest first.
_HINTS: dict[Purpose, tuple[str, ...]] = {
    Purpose.HOURS_ITEM: (r"^hours$", r"hour", r"labor", r"^services$"),
    Purpose.MILEAGE_ITEM: (r"mile", r"travel"),
    Purpose.EXPENSES_ITEM: (r"reimburs", r"expense"),
    Purpose.FLAT_FEES_ITEM: (r"flat fee", r"\bfees?\b", r"material", r"^services$"),
    Purpose.FLAT_INVOICES_ITEM: (r"flat", r"move management", r"^services$"),
    Purpose.ADJUSTMENT_ITEM: (r"adjust", r"discount"),
    Purpose.MILEAGE_ACCOUNT: (r"mile", r"^automobile$", r"auto|vehicle|travel"),
    Purpose.PAID_FROM_BANK: (r"^checking$", r"checking", r""),
    Purpose.PAID_FROM_CARD: (r"business|company", r""),
    Purpose.PAID_FROM_CASH: (r"petty cash", r"\bcash\b"),
}

Choice: TypeAlias = Item | Account | Class | Department


@dataclass(frozen=True, order=True)
class Slot:
    """Something to choose for: a purpose, and where it is chosen one by one, the category, job code or preset."""

    purpose: Purpose
    owner_id: int | None = None
    owner: str = ""

    @property
    def name(self) -> str:
        """Its name in a form."""
        return f"{self.purpose.value}-{self.owner_id}" if self.owner_id else self.purpose.value

    @property
    def label(self) -> str:
        return self.owner or self.purpose.label

    @property
    def key(self) -> tuple[Purpose, int | None]:
        """What tells it apart from the others."""
        return self.purpose, self.owner_id


class Mappings:
    """A connection's choices, with what there is to choose from: eight queries, however many slots there are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pools: dict[str, list[Choice]] = {
            target: list(model._default_manager.filter(connection=connection)) for target, model in _MODELS.items()
        }
        slots = _slots()
        # A company without classes or locations is not asked for them.
        self.slots = [slot for slot in slots if self._pool(slot) or not slot.purpose.is_optional]
        self._rows = {_key(row): row for row in MappingRow.objects.filter(connection=connection)}
        self._chosen = {slot: self._target_of(slot) for slot in self.slots}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose from yet: neither list was imported."""
        return not (self._pools["item"] or self._pools["account"])

    def chosen(self, slot: Slot) -> Choice | None:
        """What a person chose."""
        return next((choice for choice in self._pool(slot) if choice.pk == self._chosen[slot]), None)

    def choices(self, slot: Slot) -> list[Choice]:
        """What may be chosen: active and of a fitting type; what is chosen already stays among it, fitting or not."""
        return [each for each in self._pool(slot) if _fits(slot, each) or each.pk == self._chosen[slot]]

    def missing(self) -> list[Slot]:
        """The slots that nobody has chosen for, and that something cannot be copied without."""
        return [slot for slot in self.slots if self._chosen[slot] is None and not slot.purpose.is_optional]

    def unfit(self) -> list[Slot]:
        """The slots whose choice is not usable any more: inactive at QuickBooks, or of another type now."""
        return [slot for slot in self.slots if (choice := self.chosen(slot)) and not _fits(slot, choice)]

    def proposal(self, slot: Slot) -> Choice | None:
        """What is probably meant, by name and type. Never for an associate's own money: that needs a decision.

        An item for one job code, category or preset is proposed only where it bears the very name: else the usual one
        is good.
        """
        fitting = [each for each in self._pool(slot) if _fits(slot, each)]
        if slot.purpose in FALLBACKS:
            return next((each for each in fitting if _stems(each.name) == _stems(slot.owner)), None)
        if slot.owner:
            return _alike(slot.owner, fitting)
        return next((each for hint in _HINTS.get(slot.purpose, ()) for each in fitting if _matches(hint, each)), None)

    def save(self, chosen: Mapping[Slot, int | None]) -> None:
        """Replace the choices by these ids of items and accounts; what is None is not mapped any more."""
        rows = [self._row(slot, pk) for slot, pk in chosen.items() if pk is not None]
        asked = {slot.key for slot in self.slots}
        with transaction.atomic():
            # What is not asked for now, such as the item of a job code that is out of use, stays.
            Connection.objects.select_for_update().get(pk=self._connection.pk)  # two people save at the same moment
            stored = MappingRow.objects.filter(connection=self._connection)
            stored.filter(pk__in=[row.pk for row in stored if _key(row) in asked]).delete()
            MappingRow.objects.bulk_create(rows)

    def accept(self, chosen: Mapping[Slot, int]) -> int:
        """Add choices where nobody has chosen yet, leaving every other as it is. Returns how many were added."""
        open_slots = self.missing()
        rows = [
            self._row(slot, pk)
            for slot, pk in chosen.items()
            if slot in open_slots and any(choice.pk == pk for choice in self.choices(slot))
        ]
        MappingRow.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)

    @property
    def chosen_keys(self) -> set[tuple[Purpose, int | None]]:
        """What somebody has chosen for."""
        return set(self._rows)

    def _target_of(self, slot: Slot) -> int | None:
        row = self._rows.get(slot.key)
        return _target_id(row) if row else None

    def _pool(self, slot: Slot) -> Sequence[Choice]:
        return self._pools[slot.purpose.takes]

    def _row(self, slot: Slot, pk: int) -> MappingRow:
        values = {f"{slot.purpose.takes}_id": pk}
        if slot.owner_id:
            values[f"{slot.purpose.owner}_id"] = slot.owner_id
        return MappingRow(connection=self._connection, purpose=slot.purpose, **values)


_MODELS: dict[str, type[Choice]] = {"item": Item, "account": Account, "klass": Class, "department": Department}


def _target_id(row: MappingRow) -> int | None:
    return next((pk for target in TARGETS if (pk := getattr(row, f"{target}_id"))), None)


def _key(row: MappingRow) -> tuple[Purpose, int | None]:
    owner_id = next((pk for owner in OWNERS if (pk := getattr(row, f"{owner}_id"))), None)
    return Purpose(row.purpose), owner_id


def _slots() -> list[Slot]:
    owners = {
        "category": ExpenseCategory.objects.values_list("pk", "name"),
        "job_code": JobCode.objects.filter(is_active=True).values_list("pk", "label"),
        "preset": FlatFeePreset.objects.values_list("pk", "label"),
    }
    named = {owner: list(rows) for owner, rows in owners.items()}
    plain = [Slot(purpose) for purpose in Purpose if not purpose.owner]
    return plain + [
        Slot(purpose, pk, name) for owner, rows in named.items() for purpose in OWNERS[owner] for pk, name in rows
    ]


def types_for(purpose: Purpose) -> frozenset[str]:
    """The types of items or accounts that may be chosen; classes and locations have none."""
    return ITEM_TYPES if purpose.takes_item else ACCOUNT_TYPES.get(purpose, frozenset({""}))


def _fits(slot: Slot, choice: Choice) -> bool:
    return choice.is_active and choice.type in types_for(slot.purpose)


def _matches(hint: str, choice: Choice) -> bool:
    return re.search(hint, choice.name, re.IGNORECASE) is not None


def _alike(category: str, accounts: Sequence[Choice]) -> Choice | None:
    """The account that shares most words with a category's name, one with fewer other words before others."""
    wanted = _stems(category)
    scored = [(len(wanted & stems), -len(stems), -each.pk, each) for each in accounts if (stems := _stems(each.name))]
    best = max(scored, key=lambda entry: entry[:3], default=None)
    return best[3] if best and best[0] else None


def _stems(name: str) -> set[str]:
    words = re.findall(r"[a-z]+", name.lower())
    return {word.rstrip("s") for word in words if len(word) > 2 and word not in ("and", "the", "for", "other")}
