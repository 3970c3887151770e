"""RecurringTransaction: what is to be made again and again; a template, which posts nothing."""

from dataclasses import replace

from qbo_simulator.effects import documents
from qbo_simulator.engine.kinds import Choice, Day, Flag, Text, Whole
from qbo_simulator.engine.objects import Composite
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.bill import BILL, PURCHASE_ORDER, VENDOR_CREDIT
from qbo_simulator.entities.creditmemo import CREDIT_MEMO
from qbo_simulator.entities.estimate import ESTIMATE
from qbo_simulator.entities.invoice import INVOICE
from qbo_simulator.entities.moves import DEPOSIT, JOURNAL_ENTRY, TRANSFER
from qbo_simulator.entities.purchase import PURCHASE
from qbo_simulator.entities.refundreceipt import REFUND_RECEIPT
from qbo_simulator.entities.salesreceipt import SALES_RECEIPT

NAME = "RecurringTransaction"
SCHEDULE = Composite(
    {
        "StartDate": Day(),
        "EndDate": Day(),
        "NextDate": Day(),
        "PreviousDate": Day(),
        "MaxOccurrences": Whole(),
        "DaysBefore": Whole(),
        "RemindDays": Whole(),
        "IntervalType": Choice(("Daily", "Weekly", "Monthly", "Yearly")),
        "NumInterval": Whole(),
        "DayOfMonth": Whole(),
        "DayOfWeek": Text(),
        "MonthOfYear": Text(),
        "WeekOfMonth": Whole(),
    }
)
INFO = Composite(
    {
        "Name": Text(100),
        "RecurType": Choice(("Automated", "Reminder", "UnScheduled")),
        "Active": Flag(),
        "ScheduleInfo": SCHEDULE,
    },
    required=("Name", "RecurType"),
)
TEMPLATES = (
    INVOICE, BILL, PURCHASE, CREDIT_MEMO, DEPOSIT, ESTIMATE, JOURNAL_ENTRY, PURCHASE_ORDER, REFUND_RECEIPT,
    SALES_RECEIPT, TRANSFER, VENDOR_CREDIT,
)  # fmt: skip


def template(base: Entity) -> Entity:
    """The declaration of templates of a document: the same properties, with when to make it, and no consequences."""
    fields = [replace(each, query=False, index=False) if each else None for each in base.fields]
    sort = Field("Type", Text(), server=True, default=base.name, query=True, index=True)
    return replace(
        base,
        name=NAME,
        label="Type",
        order="id",
        operations=frozenset({"create", "update", "delete", "query"}),
        fields=(sort, Field("RecurringInfo", INFO, required=True), *fields),
        guards=(),
        prepare=tuple(rule for rule in base.prepare if rule is not documents.number_document),
        effects=(),
        shown=(),
    )


VARIANTS = {base.name: template(base) for base in TEMPLATES}
RECURRING_TRANSACTION = Entity(
    name=NAME,
    sequence="Transactions",
    label="Type",
    fields=(Field("Type", Text(), server=True, query=True, index=True), None),
    variants=VARIANTS,
)
