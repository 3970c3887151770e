"""The “?” of a screen."""

from django import template
from django.template import Context

from smmware.office.manual import Page, help_for

register = template.Library()


@register.simple_tag(takes_context=True)
def help_page(context: Context) -> Page | None:
    """The page of the manual that explains the screen that is shown; None where there is none, as on an error."""
    request = context.get("request")
    match = request.resolver_match if request else None
    return help_for(match.view_name) if match else None
