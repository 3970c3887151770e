"""The tables on an invoice's page."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from invoices.models import InvoiceLine, Payment
from smmware.core.display import rate
from smmware.core.tables import DayColumn, FigureColumn, MoneyColumn, OfficeTable


class RateColumn(FigureColumn):
    """Dollars an hour or a mile."""

    written = staticmethod(rate)


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


class PaymentTable(OfficeTable):
    """What has been received for an invoice."""

    date = DayColumn()
    method = tables.Column()
    reference = tables.Column(verbose_name="Check or reference number")
    amount = MoneyColumn(total=True)
    actions = tables.Column(empty_values=(), verbose_name="Change")

    class Meta(OfficeTable.Meta):
        model = Payment
        fields = ("date", "method", "reference", "amount", "actions")
        sequence = fields

    def __init__(self, *args: Any, editable: bool, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if editable else ("actions",), orderable=False, **kwargs)

    def render_actions(self, record: Payment) -> SafeString:
        return format_html(
            '<span><a href="{}" aria-label="Edit {}">Edit</a> · <a href="{}" aria-label="Remove {}">Remove</a></span>',
            reverse("invoices:edit_payment", args=[record.pk]), record,
            reverse("invoices:remove_payment", args=[record.pk]), record,
        )  # fmt: skip
