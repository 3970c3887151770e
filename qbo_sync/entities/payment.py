"""Payment → Payment that settles its invoice (qbo-api.md §8.10), offered in the plan of the invoice."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from django.db.models import QuerySet
from quickbooks.objects.base import LinkedTxn
from quickbooks.objects.payment import Payment as QboPayment
from quickbooks.objects.payment import PaymentLine

from invoices.models import Payment
from qbo_sync.entities.base import Context, Copied, Key, Obstacle, ref
from qbo_sync.models import Entity, Kind, Link, Purpose, Reason


class CopiedPayment(Copied):
    kind = Kind.PAYMENT
    follows = Kind.INVOICE

    def is_on(self, context: Context) -> bool:
        return context.payments_here

    def behind(self, parents: Collection[int]) -> Iterable[int]:
        return Payment.objects.filter(invoice__in=parents).values_list("pk", flat=True)

    def records(self) -> QuerySet[Payment]:
        return Payment.objects.select_related("invoice__job__client", "method")

    def entity(self, record: Payment) -> Entity:
        return Entity.PAYMENT

    def never(self, record: Payment, context: Context) -> Obstacle | None:
        if not self.is_on(context):
            what = "Payments are recorded in QuickBooks: “4) Invoices and Terms” in Settings says so."
            return Obstacle(what, Reason.NOT_COPIED)
        return context.too_early(record.date)

    def obstacle(self, record: Payment, context: Context) -> Obstacle | None:
        link = context.links.get((Kind.INVOICE, record.invoice_id))
        if link and link.entity == Entity.CREDIT_MEMO:
            what = f"{record.invoice} is a credit memo at QuickBooks: nothing can be paid on it."
            return Obstacle(what, Reason.NOT_COPIED)
        if link and _is_recorded_there(record, link, context):
            what = (
                f"{record.invoice} was made in QuickBooks and linked later: payments up to then are recorded there. "
                "Record this one there, if it is missing."
            )
            return Obstacle(what, Reason.NOT_COPIED)
        return context.closed(record.date)

    def needs(self, record: Payment) -> Sequence[Key]:
        return ((Kind.INVOICE, record.invoice_id),)

    def refers_to(self, record: Payment) -> Sequence[Key]:
        job = record.invoice.job
        method = ((Kind.PAYMENT_METHOD, record.method_id),) if record.method_id else ()
        return (*self.needs(record), (Kind.CLIENT, job.client_id), (Kind.JOB, job.pk), *method)

    def label(self, record: Payment) -> str:
        return f"{record} · {record.invoice.job.client}"

    def amount(self, record: Payment) -> Decimal:
        return record.amount

    def body(self, record: Payment, context: Context) -> QboPayment:
        payment = QboPayment()
        payment.CustomerRef = ref(str(context.customer_of(record.invoice.job)))
        payment.TotalAmt = record.amount
        payment.TxnDate = record.date.isoformat()
        # One of the two is our own number, so that a lost answer can be looked for (design.md §4).
        own_number = f"SMM-P{record.pk}"
        payment.PaymentRefNum = record.reference or own_number
        payment.PrivateNote = own_number if record.reference else ""
        if method := context.qbo_id(Kind.PAYMENT_METHOD, record.method_id):
            payment.PaymentMethodRef = ref(method)
        if account := context.mappings.get(Purpose.DEPOSIT_ACCOUNT):
            payment.DepositToAccountRef = ref(account)
        payment.Line = [_settled(record, str(context.qbo_id(Kind.INVOICE, record.invoice_id)))]
        return payment


def _is_recorded_there(record: Payment, link: Link, context: Context) -> bool:
    """Whether it may have been recorded by hand already, on an invoice that was made by hand: never paid twice."""
    return link.origin == Link.Origin.MATCHED and record.date < link.linked_at.astimezone(context.zone).date()


def _settled(record: Payment, invoice: str) -> PaymentLine:
    linked = LinkedTxn()
    linked.TxnId, linked.TxnType = invoice, Entity.INVOICE.value
    line = PaymentLine()
    line.Amount, line.LinkedTxn = record.amount, [linked]
    return line
