"""The base of the tables in listings, and the columns that figures and states need."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django_tables2.columns import BoundColumn

from smmware.core.display import day, dial, hours, moment, money, pill
from smmware.core.extensions import Panel

NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}, "tf": {"class": "number"}}


class OfficeTable(tables.Table):
    """A listing's table. Columns of a subclass that end up in the CSV must not be merely invisible: leave them out."""

    class Meta:
        attrs = {"class": "table"}


class FigureColumn(tables.Column):
    """A figure, right-aligned; with `total=True` the sum of the page stands under it. The CSV has the bare number."""

    written: Callable[[Any], str] = staticmethod(str)

    def __init__(self, *args: Any, total: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", NUMBER)
        super().__init__(*args, footer=self._page_total if total else None, **kwargs)

    def render(self, value: Any) -> str:
        return self.written(value)

    def value(self, value: Any) -> Any:
        return value

    def _page_total(self, bound_column: BoundColumn, table: tables.Table) -> str:
        figures = (bound_column.accessor.resolve(row.record, quiet=True) for row in table.paginated_rows)
        return self.written(sum(figure for figure in figures if figure is not None))


class MoneyColumn(FigureColumn):
    """Dollars (Decimal)."""

    written = staticmethod(money)

    def value(self, value: Decimal) -> Decimal:
        return value.quantize(Decimal("0.01"))


class HoursColumn(FigureColumn):
    """Whole minutes, shown and exported as hours."""

    written = staticmethod(hours)

    def value(self, value: int) -> Decimal:
        return (Decimal(value) / 60).quantize(Decimal("0.01"))


class PillColumn(tables.Column):
    """A field with choices, as a soft pill. `tones` says which stored value has which tone (core.display.TONES)."""

    def __init__(self, *args: Any, tones: Mapping[Any, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tones = tones

    def render(self, value: Any, record: Any, bound_column: BoundColumn) -> SafeString:
        stored = bound_column.accessor.resolve(record)
        return pill(str(value), self.tones.get(stored, "neutral"))

    def value(self, value: Any) -> Any:
        return value


class ActiveColumn(PillColumn):
    """Whether a record is in use, as a pill."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, verbose_name="Active", tones={True: "good"}, **kwargs)

    def render(self, value: bool, record: Any, bound_column: BoundColumn) -> SafeString:
        return super().render("Yes" if value else "No", record, bound_column)

    def value(self, value: bool) -> str:
        return "Yes" if value else "No"


class YesNoColumn(tables.Column):
    """A flag in words."""

    def render(self, value: bool) -> str:
        return "Yes" if value else "No"


class DayColumn(tables.Column):
    """A date, as the trade writes it; the CSV has it as spreadsheets read it everywhere (ISO 8601)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "day"}})
        super().__init__(*args, **kwargs)

    def render(self, value: dt.date) -> str:
        return day(value)

    def value(self, value: dt.date) -> str:
        return value.isoformat()


class MomentColumn(tables.Column):
    """A date with its time, as the trade writes it; the CSV has it as spreadsheets read it everywhere (ISO 8601)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "day"}})
        super().__init__(*args, **kwargs)

    def render(self, value: dt.datetime) -> str:
        return moment(value)

    def value(self, value: dt.datetime) -> str:
        return localtime(value).isoformat(sep=" ", timespec="minutes")[:16]


class PhoneColumn(tables.Column):
    """A phone number, which is read and dialled in one piece."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "phone"}})
        super().__init__(*args, **kwargs)

    def render(self, value: str) -> SafeString | str:
        return dial(value)

    def value(self, value: str) -> str:
        return value


def table_panel(title: str, table: tables.Table, empty: str) -> Panel:
    """A card with a table, or the sentence `empty` where it has no row. Make the table with `orderable=False`."""
    return Panel(title, "core/table_panel.html", {"table": table, "empty": empty})
