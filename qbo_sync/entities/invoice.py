"""Invoice → Invoice, or where its total is below zero → CreditMemo (qbo-api.md §8.9, §9)."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from django.db.models import F, Prefetch, QuerySet
from quickbooks.objects.base import CustomerMemo, LinkedTxn
from quickbooks.objects.creditmemo import CreditMemo
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice as QboInvoice
from quickbooks.objects.tax import TxnTaxDetail

from hours.models import HourEntry, to_cents
from invoices.models import Invoice, InvoiceLine
from qbo_sync.entities.base import Context, Copied, Key, Obstacle, customers_of, jobs, missing, of_an_inquiry, ref
from qbo_sync.entities.names import email
from qbo_sync.entities.outline import give_many, outlines
from qbo_sync.entities.time_activity import is_billable
from qbo_sync.models import Connection, Entity, Kind, Purpose, Reason

DESCRIPTION_LENGTH = 4000
MEMO_LENGTH = 1000
STATUSES = Invoice.Status.values  # in order
ENTRIES = {"hour_entry": Kind.HOUR_ENTRY, "mileage_entry": Kind.MILEAGE_ENTRY, "expense_entry": Kind.EXPENSE_ENTRY}
ITEMS = {
    "hour_entry": Purpose.HOURS_ITEM,
    "mileage_entry": Purpose.MILEAGE_ITEM,
    "expense_entry": Purpose.EXPENSES_ITEM,
    "flat_fee": Purpose.FLAT_FEES_ITEM,
}
VOIDED = Obstacle("It is voided: nothing is asked for any more.", Reason.VOIDED)
LINES = Prefetch(
    "lines",
    InvoiceLine.objects.select_related("hour_entry__job__client")
    .annotate(category_id=F("expense_entry__category"), preset_id=F("flat_fee__preset"))
    .order_by("position"),
)


def copied_statuses(company: Connection) -> list[str]:
    """The statuses in which invoices are copied, by what was chosen for the company."""
    first = STATUSES.index(company.copied_from_status)
    return [status for status in STATUSES[first:] if status != Invoice.Status.VOIDED]


class CopiedInvoice(Copied):
    kind = Kind.INVOICE
    shared = {"job": jobs}

    def records(self) -> QuerySet[Invoice]:
        return Invoice.objects.select_related("job__client", "term").prefetch_related(LINES)

    def outline(self, ids: Collection[int]) -> list[Invoice]:
        rows = Invoice.objects.filter(pk__in=ids)
        invoices = outlines(rows, "id", "version", "number", "status", "kind", "date", "adjustment", "job_id")
        lines = InvoiceLine.objects.filter(invoice__in=ids).order_by("position")
        sources = (f"{name}_id" for name in ITEMS)
        give_many(
            invoices, "lines", outlines(lines, "id", "invoice_id", "amount", "covered", *sources), column="invoice_id"
        )
        for invoice in invoices:
            invoice.total_amount = invoice.total  # asked for again and again: summed once
        return invoices

    def entity(self, record: Invoice) -> Entity:
        return Entity.CREDIT_MEMO if record.total < 0 else Entity.INVOICE

    def never(self, record: Invoice, context: Context) -> Obstacle | None:
        if record.status == Invoice.Status.VOIDED:
            return VOIDED
        if record.status == Invoice.Status.PRELIMINARY:
            return Obstacle("A preliminary invoice is a draft. Finalize it first.", Reason.NOT_APPROVED)
        if STATUSES.index(record.status) < STATUSES.index(context.company.copied_from_status):
            first = Invoice.Status(context.company.copied_from_status).label
            what = f"Its status is “{record.get_status_display()}”; invoices are copied from “{first}” on."
            return Obstacle(what, Reason.NOT_APPROVED)
        own = Obstacle("Our own company is not invoiced.", Reason.NOT_COPIED)
        return context.too_early(record.date) or (own if record.job.client.is_own_company else None)

    def obstacle(self, record: Invoice, context: Context) -> Obstacle | None:
        if record.status == Invoice.Status.VOIDED:
            return VOIDED
        if found := of_an_inquiry(record.job.client) or context.closed(record.date):
            return found
        if record.total == 0:
            what = "Its total is zero: nothing is asked for, nothing given back. Change its lines or its adjustment."
            return Obstacle(what, Reason.NO_TOTAL)
        return missing(context, *dict.fromkeys(_purposes(record)))

    def needs(self, record: Invoice) -> Sequence[Key]:
        entries = [
            (kind, entry_id)
            for line in record.lines.all()
            for name, kind in ENTRIES.items()
            if (entry_id := getattr(line, f"{name}_id"))
        ]
        return (*customers_of(record.job), *entries)

    def refers_to(self, record: Invoice) -> Sequence[Key]:
        term = ((Kind.TERM, record.term_id),) if record.term_id else ()
        return (*self.needs(record), *term)

    def label(self, record: Invoice) -> str:
        what = "Credit memo" if self.entity(record) == Entity.CREDIT_MEMO else "Invoice"
        return f"{what} {record.number} · {record.job.client}"

    def amount(self, record: Invoice) -> Decimal:
        return record.total

    def body(self, record: Invoice, context: Context) -> QboInvoice | CreditMemo:
        return _credit_memo(record, context) if self.entity(record) == Entity.CREDIT_MEMO else _invoice(record, context)


def _invoice(record: Invoice, context: Context) -> QboInvoice:
    invoice = QboInvoice()
    _fill(invoice, record, context)
    invoice.DueDate = record.due_date.isoformat() if record.due_date else ""
    if term := context.qbo_id(Kind.TERM, record.term_id):
        invoice.SalesTermRef = ref(term)
    invoice.Line = [_line(line, record, context) for line in _printed(record)]
    if record.adjustment:
        invoice.Line.append(_adjustment(record, context))
    invoice.LinkedTxn = [linked for line in invoice.Line for linked in line.LinkedTxn]
    return invoice


def _credit_memo(record: Invoice, context: Context) -> CreditMemo:
    """What is given back is positive there. Amounts go alone: a quantity times a rate is never below zero."""
    memo = CreditMemo()
    _fill(memo, record, context)
    sold = [_line(line, record, context) for line in _printed(record)]
    memo.Line = [*sold, _adjustment(record, context)] if record.adjustment else sold
    for line in memo.Line:
        line.Amount, line.LinkedTxn = -line.Amount, []
        line.SalesItemLineDetail.Qty = line.SalesItemLineDetail.UnitPrice = 0
    return memo


def _fill(document: QboInvoice | CreditMemo, record: Invoice, context: Context) -> None:
    """What an invoice and a credit memo have in common, but for their lines."""
    document.CustomerRef = ref(str(context.customer_of(record.job)))
    document.DocNumber = _number(record, context)
    document.TxnDate = record.date.isoformat()
    document.PrivateNote = record.internal_note
    document.BillEmail = email(record.job.client.email)
    if record.public_note:
        document.CustomerMemo = CustomerMemo()
        document.CustomerMemo.value = record.public_note[:MEMO_LENGTH]
    document.ClassRef = context.class_ref(Connection.ClassTracking.DOCUMENT)
    document.DepartmentRef = context.location_ref()
    document.TxnTaxDetail = _tax(record, context)


def _number(record: Invoice, context: Context) -> str:
    """Our number, "" where QuickBooks is to number and does so by itself (qbo-api.md §8.9, CustomTxnNumbers)."""
    theirs = context.company.invoice_numbers == Connection.Numbers.QUICKBOOKS
    return "" if theirs and context.company.numbers_itself else record.number


def _tax(record: Invoice, context: Context) -> TxnTaxDetail | None:
    """The company's own tax code for taxable lines. With automated sales tax QuickBooks finds it by itself (§8.9)."""
    company = context.company
    if not company.tax_code or not company.uses_sales_tax or company.automated_tax:
        return None
    if not any(line.taxable for line in _printed(record)):
        return None
    detail = TxnTaxDetail()
    detail.TxnTaxCodeRef = ref(company.tax_code)
    return detail


def _printed(record: Invoice) -> list[InvoiceLine]:
    return [line for line in record.lines.all() if not line.covered]


def _purpose(line: InvoiceLine, record: Invoice) -> Purpose:
    """Which item a line is sold as: by what it bills, a line without an entry by the kind of its invoice."""
    for name, purpose in ITEMS.items():
        if getattr(line, f"{name}_id"):
            return purpose
    return Purpose.FLAT_INVOICES_ITEM if record.kind == Invoice.Kind.FLAT else Purpose.FLAT_FEES_ITEM


def _purposes(record: Invoice) -> list[Purpose]:
    adjustment = [Purpose.ADJUSTMENT_ITEM] if record.adjustment else []
    return [_purpose(line, record) for line in _printed(record)] + adjustment


def _line(line: InvoiceLine, record: Invoice, context: Context) -> SalesItemLine:
    detail = _detail(_item(line, record, context), context, taxable=line.taxable)
    # Where the amount is not the rounded product, QuickBooks wants the amount alone (qbo-api.md §7.2, 6070).
    if line.quantity and line.rate is not None and to_cents(line.quantity * line.rate) == line.amount:
        detail.Qty, detail.UnitPrice = line.quantity, line.rate
    sold = _sales_line(line.amount, line.description, detail)
    sold.LinkedTxn = _hours(line, context)
    return sold


def _hours(line: InvoiceLine, context: Context) -> list[LinkedTxn]:
    """The time activity that this line bills: it becomes HasBeenBilled by this link, on header and line (§9)."""
    activity = context.qbo_id(Kind.HOUR_ENTRY, line.hour_entry_id)
    if not (context.links_hours and activity and line.hour_entry and _bills(line, line.hour_entry, context)):
        return []
    linked = LinkedTxn()
    linked.TxnId, linked.TxnType = activity, Entity.TIME_ACTIVITY.value
    return [linked]


def _bills(line: InvoiceLine, entry: HourEntry, context: Context) -> bool:
    entry.line = line  # known already: is_billable must not ask the database for it
    return is_billable(entry, context)


def _adjustment(record: Invoice, context: Context) -> SalesItemLine:
    return _sales_line(
        record.adjustment, "Adjustment", _detail(context.item_for(Purpose.ADJUSTMENT_ITEM), context, taxable=False)
    )


def _item(line: InvoiceLine, record: Invoice, context: Context) -> str:
    """The QBO ID of the item that a line is sold as: that of its job code, expense category or preset goes first."""
    purpose = _purpose(line, record)
    if purpose == Purpose.HOURS_ITEM and line.hour_entry:
        return context.item_for(purpose, Purpose.JOB_CODE_ITEM, line.hour_entry.job_code_id)
    if purpose == Purpose.EXPENSES_ITEM:
        return context.item_for(purpose, Purpose.CATEGORY_ITEM, line.category_id)  # type: ignore[attr-defined]
    if purpose == Purpose.FLAT_FEES_ITEM:
        return context.item_for(purpose, Purpose.PRESET_ITEM, line.preset_id)  # type: ignore[attr-defined]
    return context.item_for(purpose)


def _detail(item: str, context: Context, *, taxable: bool) -> SalesItemLineDetail:
    """TAX and NON are what a US company takes on a line (qbo-api.md §7.2, 6100)."""
    detail = SalesItemLineDetail()
    detail.ItemRef = ref(item)
    detail.TaxCodeRef = ref("TAX" if taxable else "NON")
    detail.ClassRef = context.class_ref(Connection.ClassTracking.LINE)
    return detail


def _sales_line(amount: Decimal, description: str, detail: SalesItemLineDetail) -> SalesItemLine:
    sold = SalesItemLine()
    sold.Amount = amount
    sold.Description = description[:DESCRIPTION_LENGTH]
    sold.SalesItemLineDetail = detail
    return sold
