"""Approval, invoices and payments: through `hours.recording` and `invoices.billing`, as the screens do it."""

import datetime as dt
from decimal import ROUND_CEILING, Decimal
from zoneinfo import ZoneInfo

from associates.models import Associate
from hours.models import Entry, to_cents
from hours.recording import approve
from invoices.billing import bill_entries, bill_flat
from invoices.models import Invoice, InvoiceSettings, Payment, PaymentMethod, Term
from invoices.moves import move
from smmware.office.demo import cast
from smmware.office.demo.calendar import Stretch
from smmware.office.demo.lot import Lot, workday

Status = Invoice.Status
FIRST_NUMBER = 1001
# An invoice younger than so many days has one of these statuses
AGES: tuple[tuple[int, tuple[Status, ...]], ...] = (
    (15, (Status.PRELIMINARY,)),
    (24, (Status.PRELIMINARY, Status.FINALIZED, Status.TL_APPROVED)),
    (34, (Status.FINALIZED, Status.TL_APPROVED, Status.SENT, Status.SENT)),
    (55, (Status.SENT, Status.SENT, Status.SENT, Status.PAID)),
)
PATIENCE_DAYS = 25  # so long after its due date an invoice is called overdue
PATHS = {
    Status.PRELIMINARY: (),
    Status.FINALIZED: (Status.FINALIZED,),
    Status.TL_APPROVED: (Status.FINALIZED, Status.TL_APPROVED),
    Status.SENT: (Status.FINALIZED, Status.TL_APPROVED, Status.SENT),
    Status.OVERDUE: (Status.FINALIZED, Status.TL_APPROVED, Status.SENT, Status.OVERDUE),
    Status.PAID: (Status.FINALIZED, Status.TL_APPROVED, Status.SENT, Status.PAID),
}
ADJUSTMENTS = (
    (Decimal("-75.00"), "Goodwill: the movers were late."),
    (Decimal("-50.00"), "Referral thank-you."),
    (Decimal("-25.50"), "One crew member left early."),
    (Decimal("60.00"), "Weekend supplement, agreed by telephone."),
)
PUBLIC_NOTES = (
    "Thank you for trusting us with your move.",
    "Please make checks payable to Gentle Transitions of Evanston.",
)
UNAPPROVED_DAYS = 9  # what was recorded in the last days nobody has looked at yet


class Desk:
    """Who approves, and what invoices are made with."""

    def __init__(self, lot: Lot, associates: list[Associate]) -> None:
        self.lot = lot
        self.approvers = [associate for associate in associates if associate.username in ("lead", "manager")]
        self.terms = [Term.objects.create(name=name, due_days=days) for name, days in cast.TERMS]
        self.methods = [PaymentMethod.objects.create(name=name) for name in cast.PAYMENT_METHODS]
        InvoiceSettings.objects.create(term=self.terms[cast.USUAL_TERM], **cast.INVOICE_SETTINGS)

    def approve_old(self, entries: list[Entry]) -> None:
        """Approve what is on no invoice and was recorded some days ago."""
        by_month: dict[dt.date, list[Entry]] = {}
        for entry in entries:
            if (cast.LAST_DAY - entry.date).days > UNAPPROVED_DAYS:
                by_month.setdefault(entry.date.replace(day=28), []).append(entry)
        for day, recorded in by_month.items():
            self._approve(recorded, max([day, *(entry.date for entry in recorded)]))

    def bill(self, stretches: list[Stretch]) -> None:
        """One invoice for each stretch, numbered by date, moved along as far as its age lets expect."""
        stretches = sorted(stretches, key=lambda stretch: (stretch.invoiced_on or cast.LAST_DAY, stretch.job.pk))
        for place, stretch in enumerate(stretches):
            invoice = self._invoice(stretch, number=str(FIRST_NUMBER + place))
            status = self._status(invoice)
            if status != Status.PRELIMINARY or self.lot.one_in(2):
                self._approve(stretch.entries, invoice.date)
            for target in PATHS[status]:
                move(invoice=invoice, to=target)
            self._receive(invoice, status)

    def _invoice(self, stretch: Stretch, number: str) -> Invoice:
        day = stretch.invoiced_on or cast.LAST_DAY
        term = self.lot.random.choices(self.terms, weights=(1, 4, 6))[0]
        note = self.lot.random.choice(PUBLIC_NOTES) if self.lot.one_in(4) else ""
        if self.lot.one_in(7):
            return self._flat(stretch, day, number, term, note)
        adjustment, reason = self.lot.random.choice(ADJUSTMENTS) if self.lot.one_in(10) else (Decimal(0), "")
        return bill_entries(
            job=stretch.job,
            entries=stretch.entries,
            date=day,
            number=number,
            term=term,
            adjustment=adjustment,
            public_note=note,
            internal_note=reason,
        )

    def _flat(self, stretch: Stretch, day: dt.date, number: str, term: Term, note: str) -> Invoice:
        return bill_flat(
            job=stretch.job,
            amount=_rounded_up(sum((entry.charge_amount for entry in stretch.entries), Decimal(0))),
            description=f"{stretch.job.name}, as agreed in our proposal",
            date=day,
            entries=stretch.entries,
            number=number,
            term=term,
            public_note=note,
        )

    def _status(self, invoice: Invoice) -> Status:
        """How far an invoice of this age has come."""
        age = (cast.LAST_DAY - invoice.date).days
        usual = next((statuses for days, statuses in AGES if age < days), (Status.PAID,) * 11 + (Status.OVERDUE,))
        status = self.lot.random.choice(usual)
        late = (cast.LAST_DAY - (invoice.due_date or invoice.date)).days > PATIENCE_DAYS
        return Status.OVERDUE if status == Status.SENT and late else status

    def _approve(self, entries: list[Entry], day: dt.date) -> None:
        at = dt.datetime.combine(day, dt.time(17, 30), tzinfo=ZoneInfo(cast.TIME_ZONE))
        approve(entries=entries, by=self.lot.random.choice(self.approvers), at=at)

    def _receive(self, invoice: Invoice, status: str) -> None:
        total = to_cents(Invoice.objects.with_total().get(pk=invoice.pk).total)
        part = to_cents(total * 2 / 5)
        amounts: list[Decimal] = []
        if status == Status.PAID:
            amounts = [part, total - part] if self.lot.one_in(6) else [total]
        elif status == Status.OVERDUE and self.lot.one_in(2):
            amounts = [part]
        for i, amount in enumerate(amounts):
            self._pay(invoice, amount, invoice.date + dt.timedelta(days=self.lot.random.randint(4, 14) + 10 * i))

    def _pay(self, invoice: Invoice, amount: Decimal, day: dt.date) -> None:
        method = self.lot.random.choices(self.methods, weights=(6, 3, 1, 2))[0]
        reference = str(self.lot.random.randint(1100, 9800)) if method.name == "Check" else ""
        Payment.objects.create(
            invoice=invoice, date=min(workday(day), cast.LAST_DAY), amount=amount, method=method, reference=reference
        )


def _rounded_up(amount: Decimal) -> Decimal:
    """The next fifty dollars: a flat price is a round one."""
    return (amount / 50).quantize(Decimal(1), rounding=ROUND_CEILING) * 50
