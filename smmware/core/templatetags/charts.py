"""Charts in templates."""

from collections.abc import Sequence
from typing import Any

from django import template

from smmware.core.charts import GROUND, HEIGHT, Value, bars, rows

register = template.Library()


@register.inclusion_tag("core/bar_chart.html")
def bar_chart(title: str, values: Sequence[Value]) -> dict[str, Any]:
    """Bars over a ground line, with a label under each and the figure above it; `title` is read out first."""
    return {"title": title, "bars": bars(values), "ground": GROUND, "height": HEIGHT}


@register.inclusion_tag("core/row_chart.html")
def row_chart(title: str, values: Sequence[Value]) -> dict[str, Any]:
    """Bars below each other, each under its label: for labels that would not fit below a bar, such as names."""
    drawn, height = rows(values)
    return {"title": title, "rows": drawn, "height": height}
