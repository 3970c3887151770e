"""Where a document at QuickBooks differs from ours, in its total or its number: said on the step, never hidden."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from qbo_sync.models import Entity, Step

Body: TypeAlias = Mapping[str, Any]
WITH_TOTAL = (Entity.INVOICE, Entity.CREDIT_MEMO, Entity.PURCHASE)
NUMBERED = (Entity.INVOICE, Entity.CREDIT_MEMO)
TAXED = "QuickBooks added ${tax:,} of sales tax: its total is ${kept:,} there and ${sent:,} here."
OTHER_TOTAL = "Its total is ${kept:,} at QuickBooks and ${sent:,} here: look at it there."
OTHER_NUMBER = "QuickBooks gave it the number {kept}."
WITHOUT_LINKS = (
    "QuickBooks did not take the links with its hours. They are set to not billable there instead, so that nobody "
    "bills them a second time."
)


def note_differences(made: Sequence[tuple[Step, Body]], bodies: Mapping[int, Body]) -> None:
    """Say on each step how what was made differs from what was sent, in one statement for all."""
    words = {step.pk: found for step, row in made if (found := difference(step, bodies[step.pk], row))}
    if words:
        cases = (When(pk=pk, then=Value(found)) for pk, found in words.items())
        Step.objects.filter(pk__in=words).update(message=Case(*cases))


def difference(step: Step, sent: Body, row: Body) -> str:
    """What a person should know of `row`, as QuickBooks keeps it, against the body `sent`; "" for nothing."""
    found = [_of_totals(sent, row)] if step.entity in WITH_TOTAL else []
    if step.entity in NUMBERED and row.get("DocNumber", "") != sent.get("DocNumber", ""):
        found.append(OTHER_NUMBER.format(kept=row.get("DocNumber") or "“none”"))
    if step.without_links:
        found.append(WITHOUT_LINKS)
    return " ".join(filter(None, found))


def _of_totals(sent: Body, row: Body) -> str:
    ours = _sum(line["Amount"] for line in sent["Line"])
    kept, tax = _money(row.get("TotalAmt", 0)), _money(row.get("TxnTaxDetail", {}).get("TotalTax", 0))
    if kept == ours:
        return ""
    return (TAXED if kept - tax == ours else OTHER_TOTAL).format(kept=kept, sent=ours, tax=tax)


def _sum(amounts: Iterable[Any]) -> Decimal:
    return sum(map(_money, amounts), Decimal("0.00"))


def _money(number: Any) -> Decimal:
    """A JSON number in cents."""
    return Decimal(str(number)).quantize(Decimal("0.01"))


def note(steps: QuerySet[Step], words: str) -> None:
    """Add a sentence to what these steps say."""
    added = Concat(F("message"), Value(f" {words}"), output_field=TextField())
    steps.update(message=Case(When(message="", then=Value(words, output_field=TextField())), default=added))
