"""The receipt of an expense → Attachable with its file, attached to the purchase and offered in the expense's plan."""

import mimetypes
from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePath

from django.db.models import QuerySet
from quickbooks.objects.attachable import Attachable
from quickbooks.objects.base import AttachableRef

from hours.models import ExpenseEntry
from qbo_sync.entities.base import Context, Copied, Key, Obstacle, ref
from qbo_sync.models import Entity, Kind, Reason

UNKNOWN_TYPE = "application/octet-stream"


class CopiedReceipt(Copied):
    """Its record is the expense entry itself: the file is part of it."""

    kind = Kind.RECEIPT
    follows = Kind.EXPENSE_ENTRY
    goes_alone = True  # a file is uploaded, not sent in a batch

    def is_on(self, context: Context) -> bool:
        return context.company.receipts_are_copied

    def behind(self, parents: Collection[int]) -> Iterable[int]:
        return ExpenseEntry.objects.filter(pk__in=parents).exclude(receipt="").values_list("pk", flat=True)

    def records(self) -> QuerySet[ExpenseEntry]:
        return ExpenseEntry.objects.select_related("category")

    def entity(self, record: ExpenseEntry) -> Entity:
        return Entity.ATTACHABLE

    def never(self, record: ExpenseEntry, context: Context) -> Obstacle | None:
        if not self.is_on(context):
            return Obstacle("Receipts stay here: the QuickBooks settings say so.", Reason.NOT_COPIED)
        return context.too_early(record.date)

    def obstacle(self, record: ExpenseEntry, context: Context) -> Obstacle | None:
        if not record.receipt:
            return Obstacle("The expense has no receipt any more.", Reason.NO_FILE)
        if not record.receipt.storage.exists(self.file(record)):
            return Obstacle("The file of the receipt is missing here. Attach it to the expense again.", Reason.NO_FILE)
        return None

    def needs(self, record: ExpenseEntry) -> Sequence[Key]:
        return ((Kind.EXPENSE_ENTRY, record.pk),)

    def file(self, record: ExpenseEntry) -> str:
        return str(record.receipt.name)

    def label(self, record: ExpenseEntry) -> str:
        return f"Receipt: {record}"

    def body(self, record: ExpenseEntry, context: Context) -> Attachable:
        attachable = Attachable()
        attachable.FileName = file_name(record)
        attachable.ContentType = mimetypes.guess_type(attachable.FileName)[0] or UNKNOWN_TYPE
        attachable.Category = "Receipt"
        attached = AttachableRef()
        attached.EntityRef = ref(str(context.qbo_id(Kind.EXPENSE_ENTRY, record.pk)), Entity.PURCHASE)
        attachable.AttachableRef = [attached]
        return attachable


def file_name(record: ExpenseEntry) -> str:
    """How the file is called at QuickBooks: with our own number, so that a lost answer can be looked for."""
    return f"SMM-E{record.pk} {PurePath(str(record.receipt.name)).name}"
