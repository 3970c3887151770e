"""Expenses and mileage → Purchase (qbo-api.md §8.8).

Always NotBillable: what a client is charged for stands on our own invoices, and must not be offered to the bookkeeper a
second time. The DocNumber is our own, so that a lost answer can be looked for (design.md §4).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import ClassVar, Generic, TypeVar

from django.db.models import QuerySet
from quickbooks.objects.detailline import AccountBasedExpenseLine, AccountBasedExpenseLineDetail
from quickbooks.objects.purchase import Purchase

from associates.models import Associate
from hours.models import Entry, ExpenseCategory, ExpenseEntry, MileageEntry, PaidFrom
from qbo_sync.entities.base import Context, Copied, Key, Obstacle, customers_of, jobs, missing, of_an_inquiry, ref
from qbo_sync.entities.outline import outlines
from qbo_sync.models import Entity, Kind, Purpose, Reason
from qbo_sync.models.mapping import PAID_FROM_PURPOSES

E = TypeVar("E", bound=Entry)
DESCRIPTION_LENGTH = 4000
PAYMENT_TYPES = {PaidFrom.CREDIT_CARD: "CreditCard"}  # all else is "Cash": money that left, or is owed, without a check


class _CopiedPurchase(Copied, Generic[E]):
    """What expenses and mileage share."""

    shared: ClassVar[Mapping[str, Callable[[], QuerySet]]] = {"job": jobs, "associate": Associate.objects.all}

    def entity(self, record: E) -> Entity:
        return Entity.PURCHASE

    def obstacle(self, record: E, context: Context) -> Obstacle | None:
        inquiry = of_an_inquiry(record.job.client)
        return inquiry or context.closed(record.date) or self.missing_account(record, context)

    def missing_account(self, record: E, context: Context) -> Obstacle | None:
        """The first account that nobody has chosen yet."""
        raise NotImplementedError(type(self))

    def payee(self, record: E) -> Key | None:
        """Whom the money went to."""
        return None if record.associate.is_vehicle else (Kind.ASSOCIATE, record.associate_id)

    def needs(self, record: E) -> Sequence[Key]:
        payee = self.payee(record)
        return (payee, *customers_of(record.job)) if payee else customers_of(record.job)


class CopiedExpense(_CopiedPurchase[ExpenseEntry]):
    kind = Kind.EXPENSE_ENTRY
    shared = {**_CopiedPurchase.shared, "category": ExpenseCategory.objects.all}

    def records(self) -> QuerySet[ExpenseEntry]:
        return ExpenseEntry.objects.select_related("job__client", "associate", "vendor", "category")

    def outline(self, ids: Collection[int]) -> list[ExpenseEntry]:
        return outlines(ExpenseEntry.objects.filter(pk__in=ids))

    def never(self, record: ExpenseEntry, context: Context) -> Obstacle | None:
        return context.too_early(record.date)

    def missing_account(self, record: ExpenseEntry, context: Context) -> Obstacle | None:
        if (Purpose.CATEGORY_ACCOUNT, record.category_id) not in context.mappings:
            what = f"No account is chosen yet for the expense category “{record.category}”."
            return Obstacle(what, Reason.MAPPING, Purpose.CATEGORY_ACCOUNT)
        return missing(context, PAID_FROM_PURPOSES[PaidFrom(record.paid_from)])

    def payee(self, record: ExpenseEntry) -> Key | None:
        return (Kind.ORGANIZATION, record.vendor_id) if record.vendor_id else super().payee(record)

    def amount(self, record: ExpenseEntry) -> Decimal:
        return record.amount

    def body(self, record: ExpenseEntry, context: Context) -> Purchase:
        paid_from = PaidFrom(record.paid_from)
        purchase = _purchase(record, context, self.payee(record))
        purchase.DocNumber = f"SMM-E{record.pk}"
        purchase.PaymentType = PAYMENT_TYPES.get(paid_from, "Cash")
        purchase.AccountRef = ref(context.mappings[PAID_FROM_PURPOSES[paid_from]])
        account = context.mappings[Purpose.CATEGORY_ACCOUNT, record.category_id]
        purchase.Line = [_line(record, record.amount, account, context)]
        return purchase


class CopiedMileage(_CopiedPurchase[MileageEntry]):
    """What an associate is paid back for miles: their own money until then."""

    kind = Kind.MILEAGE_ENTRY

    def records(self) -> QuerySet[MileageEntry]:
        return MileageEntry.objects.select_related("job__client", "associate")

    def outline(self, ids: Collection[int]) -> list[MileageEntry]:
        return outlines(MileageEntry.objects.filter(pk__in=ids))

    def never(self, record: MileageEntry, context: Context) -> Obstacle | None:
        if record.associate.is_vehicle:
            return Obstacle("The miles of a vehicle are paid back to nobody.", Reason.NOT_COPIED)
        if not record.pay_amount:
            return Obstacle("Nothing is paid back for these miles.", Reason.NO_TOTAL)
        return context.too_early(record.date)

    def missing_account(self, record: MileageEntry, context: Context) -> Obstacle | None:
        return missing(context, Purpose.MILEAGE_ACCOUNT, Purpose.PAID_FROM_ASSOCIATE)

    def amount(self, record: MileageEntry) -> Decimal:
        return record.pay_amount

    def body(self, record: MileageEntry, context: Context) -> Purchase:
        purchase = _purchase(record, context, self.payee(record))
        purchase.DocNumber = f"SMM-M{record.pk}"
        purchase.PaymentType = "Cash"
        purchase.AccountRef = ref(context.mappings[Purpose.PAID_FROM_ASSOCIATE])
        account = context.mappings[Purpose.MILEAGE_ACCOUNT]
        purchase.Line = [_line(record, record.pay_amount, account, context)]
        return purchase


def _purchase(record: Entry, context: Context, payee: Key | None) -> Purchase:
    purchase = Purchase()
    purchase.TxnDate = record.date.isoformat()
    purchase.DepartmentRef = context.location_ref()
    purchase.PrivateNote = record.description[:DESCRIPTION_LENGTH]
    if payee:
        link = context.links[payee]
        purchase.EntityRef = ref(str(link.qbo_id), link.entity)
    return purchase


def _line(record: Entry, amount: Decimal, account: str, context: Context) -> AccountBasedExpenseLine:
    line = AccountBasedExpenseLine()
    line.Amount = amount
    line.Description = record.description[:DESCRIPTION_LENGTH]
    line.AccountBasedExpenseLineDetail = detail = AccountBasedExpenseLineDetail()
    detail.AccountRef = ref(account)
    detail.BillableStatus = "NotBillable"
    detail.ClassRef = context.class_ref()
    if customer := context.customer_of(record.job):
        detail.CustomerRef = ref(customer)
    return line
