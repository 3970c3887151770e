"""“Void here and at QuickBooks”: an invoice that is copied is voided in both places, or in none.

First there, then here, in the transaction that records QuickBooks' answer. Until then nobody may move the invoice
(`why_it_waits`), so that nothing stands in the way of the second half. Killed in between, or without an answer, the
invoice is read, and the second half follows where the first is done.
"""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from associates.models import Associate
from invoices import voiding as here
from invoices.models import Invoice
from qbo_sync.api.batch import Item
from qbo_sync.entities import COPIED, Key
from qbo_sync.models import Attempt, Entity, Kind, Link, Run, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.comparing import Body, differing, fields_of, in_words, is_voided
from qbo_sync.push.rewriting import Decision, Rewriting, key_of
from qbo_sync.push.updating import sent_before
from qbo_sync.runs import moves
from smmware.core.history import acting

GONE_THERE = "It is not at QuickBooks any more. Unlink it on its page; then void it here."
PAID = (
    "It has payments at QuickBooks, and what is paid is not voided. Take the payments off it there first, if they were "
    "none; then void it again. Nothing was changed, here or there."
)
EDITED = (
    "Somebody edited it at QuickBooks after it was copied: {fields}. Nothing was voided, here or there. Look at it at "
    "QuickBooks; to void it all the same, void it again."
)
BEING_VOIDED = "{invoice} is being voided here and at QuickBooks. Wait until that is settled."
STAYED_HERE = "It is voided at QuickBooks, but not here: {why} Then void it on its page, and it is so in both places."


def plan_void(*, link: Link, invoice: Invoice, reason: str, actor: Associate) -> Run:
    """Plan voiding one copied invoice; nothing is asked of QuickBooks yet."""
    copied = COPIED[Kind.INVOICE]
    record = copied.records().get(pk=invoice.pk)
    with transaction.atomic(durable=True):
        run = Run.objects.create(
            connection=link.connection, type=Run.Type.VOID, title=f"Void: {invoice}", asked_by=actor, reason=reason,
            back_url=invoice.get_absolute_url(), created_at=timezone.now(), size=1,
        )  # fmt: skip
        Step.objects.create(
            run=run, position=0, kind=Kind.INVOICE, record_id=invoice.pk, entity=link.entity,
            label=copied.label(record)[:300], version_seen=record.version, amount=copied.amount(record),
            state=StepState.READY,
        )  # fmt: skip
    return run


def why_it_waits(invoice: Invoice) -> str:
    """Why nobody may move this invoice now, in a sentence: it is being voided, or may be already; else ""."""
    about_to = Q(state=StepState.READY, run__state__in=moves.OPEN_RUNS)
    on_its_way = Q(state__in=(StepState.SENDING, StepState.UNKNOWN))
    steps = Step.objects.filter(about_to | on_its_way, kind=Kind.INVOICE, record_id=invoice.pk)
    return BEING_VOIDED.format(invoice=invoice) if steps.filter(run__type=Run.Type.VOID).exists() else ""


class Voiding(Rewriting):
    """One run of “Void here and at QuickBooks”."""

    def decide(self, steps: Sequence[Step], links: Mapping[Key, Link], rows: Mapping[str, Body]) -> list[Decision]:
        return [self._decide(step, links[key_of(step)], rows) for step in steps]

    def _decide(self, step: Step, link: Link, rows: Mapping[str, Body]) -> Decision:
        row = rows.get(str(link.qbo_id))
        if row is None:
            return _not(GONE_THERE)
        if problem := _why_not(step, row):
            return _not(problem)
        if is_voided(row):
            return Decision(state=StepState.LINKED, then=lambda: self._void_here(step, link, row))
        if edited := _edited(step, link, row):
            return _not(EDITED.format(fields=", ".join(edited)), seen_token=row["SyncToken"])
        body = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
        return Decision(item=Item(str(step.pk), step.entity, body, "void"))

    def landed(self, step: Step, link: Link, sent: Body, row: Body, attempt: Attempt) -> None:
        self._void_here(step, link, row)

    def arrived(self, sent: Body, row: Body | None) -> bool:
        return row is not None and is_voided(row)

    def _void_here(self, step: Step, link: Link, row: Body) -> None:
        """The second half. The link goes on, and says that both are as they should be."""
        invoice = Invoice.objects.get(pk=step.record_id)
        if invoice.status != Invoice.Status.VOIDED:
            try:
                with acting(lambda: self.run.actor):
                    invoice = here.void(invoice=invoice, reason=self.run.reason, by=self.run.actor)
            except ValidationError as error:  # somebody was faster than the veto
                Step.objects.filter(pk=step.pk).update(message=STAYED_HERE.format(why=" ".join(error.messages)))
                return
        Link.objects.filter(pk=link.pk).update(
            sync_token=row.get("SyncToken", ""), source_version=invoice.version, compared_version=invoice.version,
            source_hash="",
        )  # fmt: skip


def _why_not(step: Step, row: Body) -> str:
    """Why this invoice is voided in neither place, "" where nothing is against it."""
    if is_paid(row):
        return PAID
    invoice = Invoice.objects.get(pk=step.record_id)
    if invoice.status == Invoice.Status.VOIDED:
        return ""
    return here.why_not(invoice)


def _edited(step: Step, link: Link, row: Body) -> list[str]:
    """What somebody edited at QuickBooks of what was sent, in words; nothing where a person was told of it before."""
    if row["SyncToken"] == link.sync_token:
        return []
    told = Step.objects.filter(run__type=Run.Type.VOID, kind=step.kind, record_id=step.record_id)
    if told.filter(run__connection=link.connection_id, seen_token=row["SyncToken"]).exclude(pk=step.pk).exists():
        return []
    before = sent_before(Kind.INVOICE, [link]).get(link.pk, {}).get("before", {})
    return list(dict.fromkeys(map(in_words, differing(before, row, fields_of(before)))))


def is_paid(row: Body) -> bool:
    """Whether something was paid on an invoice at QuickBooks, in money or by a credit."""
    linked = any(each.get("TxnType") == Entity.PAYMENT for each in row.get("LinkedTxn", ()))
    return linked or row.get("Balance", row.get("TotalAmt")) != row.get("TotalAmt")


def _not(problem: str, **values: str) -> Decision:
    return Decision(state=StepState.IN_THE_WAY, values={"message": problem, "mend": "open", **values})
