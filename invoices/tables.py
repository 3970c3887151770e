"""The tables on an invoice's page."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from invoices.models import InvoiceLine
from smmware.core.display import money
from smmware.core.tables import DayColumn, FigureColumn, MoneyColumn, OfficeTable

CENTS = Decimal("0.01")


class RateColumn(FigureColumn):
    """Dollars to the cent, or to a tenth of a cent where the rate has it (miles)."""

    @staticmethod
    def written(rate: Decimal) -> str:
        return money(rate) if rate == rate.quantize(CENTS) else f"${rate}"


class LineTable(OfficeTable):
    """The lines that are printed."""

    description = tables.Column()
    date = DayColumn(accessor="source__date", linkify=lambda record: record.source.get_absolute_url())
    associate = tables.Column(accessor="source__associate", verbose_name="Person")
    quantity = FigureColumn()
    rate = RateColumn()
    amount = MoneyColumn(total=True)
    actions = tables.Column(empty_values=(), verbose_name="Change")

    class Meta(OfficeTable.Meta):
        model = InvoiceLine
        fields = ("description", "date", "associate", "quantity", "rate", "amount", "actions")
        sequence = fields

    def __init__(self, *args: Any, editable: bool, **kwargs: Any) -> None:
        withheld = self._meta.exclude if editable else (*self._meta.exclude, "actions")
        super().__init__(*args, exclude=withheld, orderable=False, **kwargs)

    def render_actions(self, record: InvoiceLine) -> SafeString:
        return format_html(
            '<span><a href="{}" aria-label="Edit line {}">Edit</a> · '
            '<a href="{}" aria-label="Remove line {}">Remove</a></span>',
            reverse("invoices:edit_line", args=[record.pk]), record.position,
            reverse("invoices:remove_line", args=[record.pk]), record.position,
        )  # fmt: skip


class CoveredTable(LineTable):
    """The entries that a flat amount covers."""

    class Meta(LineTable.Meta):
        exclude = ("amount",)
