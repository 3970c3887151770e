"""What templates need beyond Django's own tags."""

from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.defaultfilters import linebreaksbr
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from smmware.core.display import counted, hours, money, pill, plural, rate, yes_no
from smmware.core.extensions import LiveCheck, Panel

register = template.Library()
register.filter("money", money)
register.filter("rate", rate)
register.filter("hours", hours)
register.filter("yes_no", yes_no)
register.filter("counted", counted)
register.filter("plural", plural)
register.simple_tag(pill, name="pill")


@register.filter
def lines(value: Any) -> Any:
    """Text with its line breaks; a date or figure as Django writes it."""
    return linebreaksbr(value) if isinstance(value, str) else value


@register.simple_tag(takes_context=True)
def render_panel(context: Context, panel: Panel) -> str:
    """The panel's own template, with the page's context and the panel's on top of it."""
    inner = context.template.engine.get_template(panel.template)  # type: ignore[union-attr]
    with context.push(**panel.context):
        return inner.render(context)


@register.inclusion_tag("core/live_check.html")
def live_check(field: BoundField) -> dict[str, Any]:
    """What is checked while somebody types into this field of a record's form; nothing for most."""
    check: LiveCheck | None = getattr(field.form, "live_checks", {}).get(field.name)
    read = [field.form[name] for name in check.reads if name in field.form.fields] if check else []
    return {"check": check, "field": field, "read": read, "is_filled": any(each.value() for each in read)}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture from static/icons.svg. It decorates: the words beside it say what it means."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)
