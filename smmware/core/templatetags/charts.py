"""Charts in templates."""

from collections.abc import Sequence
from typing import Any

from django import template

from smmware.core.charts import GROUND, HEIGHT, Value, bars

register = template.Library()


@register.inclusion_tag("core/bar_chart.html")
def bar_chart(title: str, values: Sequence[Value]) -> dict[str, Any]:
    """Bars over a ground line, with a label under each and the figure above it; `title` is read out first."""
    return {"title": title, "bars": bars(values), "ground": GROUND, "height": HEIGHT}
