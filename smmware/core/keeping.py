"""What somebody typed and could not send: shown again to be copied, or put back into its form.

Passwords are never shown nor kept; what was only chosen is put back, but not shown: its number would tell nobody much.
"""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.forms import BaseForm, BooleanField, ChoiceField, Field, ModelChoiceField, PasswordInput
from django.forms.utils import pretty_name
from django.http import HttpRequest, QueryDict

NOT_TYPED = ("csrfmiddlewaretoken", "seen_version", "seen", "then")
SESSION_KEY = "typed_before"
FIELD = "typed_before"
SALT = "smmware.keeping"
MOST_CHARACTERS = 50_000

Kept = dict[str, Any]  # {"path": where it was sent, "values": {name: [each value]}}


def typed(post: QueryDict, form_class: type[BaseForm] | None) -> list[tuple[str, str]]:
    """Label and text of each field that was typed into; what was chosen, and passwords, are left out."""
    known = getattr(form_class, "base_fields", {})
    texts = [(known.get(name), name, str(value).strip()) for name, value in post.items() if _may_be_kept(name, known)]
    return [
        (pretty_name(name) if field is None or not field.label else str(field.label), value)
        for field, name, value in texts
        if value and name not in NOT_TYPED and _takes_text(field)
    ]


def form_class_of(request: HttpRequest) -> type[BaseForm] | None:
    """The form of the page that was asked for; None where it has none."""
    view: Any = request.resolver_match and request.resolver_match.func
    given = getattr(view, "view_initkwargs", {})
    return given.get("form_class") or getattr(getattr(view, "view_class", None), "form_class", None)


def typed_into(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into the form of a page that refuses it; nothing for a page without one."""
    form_class = form_class_of(request)
    return typed(request.POST, form_class) if form_class else []


def sealed(request: HttpRequest) -> str:
    """What was sent, signed, to be carried through signing in; "" where nothing was typed, or too much."""
    form_class = form_class_of(request)
    if not typed_into(request):
        return ""
    known = getattr(form_class, "base_fields", {})
    values = {name: each for name, each in request.POST.lists() if _may_be_kept(name, known)}
    text = signing.dumps({"path": request.path, "values": values}, salt=SALT, compress=True)
    return text if len(text) <= MOST_CHARACTERS else ""


def keep(request: HttpRequest, text: str) -> None:
    """Keep what `sealed` answered for the form that it was sent to. What was not signed here is left out."""
    try:
        request.session[SESSION_KEY] = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return


def take(request: HttpRequest) -> Kept | None:
    """What is kept for this page, once: None where there is nothing."""
    kept = request.session.get(SESSION_KEY)
    if request.method != "GET" or not kept or kept["path"] != request.path:
        return None
    return request.session.pop(SESSION_KEY)


def as_initial(kept: Kept, form_class: Any) -> Mapping[str, Any]:
    """What is kept as a form's initial values: what is missing among them was not ticked."""
    known = form_class.base_fields
    unticked = {name: False for name, field in known.items() if type(field) is BooleanField}
    of_many = [name for name, field in known.items() if getattr(field.widget, "allow_multiple_selected", False)]
    many: dict[str, list[str]] = {name: [] for name in of_many}
    values = {name: each if name in many else each[-1] for name, each in kept["values"].items() if each}
    ticked = {name: True for name in unticked if name in values}
    return {**unticked, **many, **values, **ticked}


def _may_be_kept(name: str, known: Mapping[str, Field]) -> bool:
    """Passwords are not, nor the token of a form that is gone."""
    field = known.get(name)
    return not (name == "csrfmiddlewaretoken" or "password" in name or (field and _hides(field)))


def _hides(field: Field) -> bool:
    return isinstance(field.widget, PasswordInput)


def _takes_text(field: Field | None) -> bool:
    """Whether people write into such a field; one that is not known may be a custom field of clients."""
    if field is None:
        return True
    is_chosen = isinstance(field, ChoiceField | BooleanField | ModelChoiceField)
    return not (is_chosen or field.widget.is_hidden or _hides(field))
