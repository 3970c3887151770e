"""python-quickbooks' objects to compact JSON.

Its own ``to_json`` writes every default that its classes come with (``Balance: 0``, ``DueDate: ""`` …), Decimals as
strings, and with ``indent=4``, which is four times slower (design.md §7).
"""

import datetime
import json
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

# Sent even where they are what the library's class begins with: QuickBooks demands both on every line.
_ALWAYS = frozenset({"Amount", "DetailType"})
_BLANK: tuple[Any, ...] = (None, "", [], {})
_DEFAULTS: dict[type, Mapping[str, Any]] = {}  # what each class of python-quickbooks begins with


def body_of(obj: Any, *, keep: Collection[str] = ()) -> dict[str, Any]:
    """The fields of a ``quickbooks.objects`` object that say something, as a dict for `to_json`.

    Left out, at every depth: what is blank (None, "", an empty list or object), and what still is what the class of
    python-quickbooks begins with (``Balance`` 0, ``SyncToken`` 0, ``sparse`` False, ``ExchangeRate`` 1, ``PrintStatus``
    "NotSet" …): the library put it there, not we, and sent along it would overwrite what QuickBooks chooses itself.
    Hence a field set on purpose to the very value that the class begins with is left out too: on a create QuickBooks'
    own default does the same, on an update name it in `keep` (``Active`` to reactivate, "" to clear a text: qbo-api.md
    §2.3). ``Amount`` and ``DetailType`` of a line always stay, and a dict is sent as it was written (``{"value": ""}``
    clears a reference).

    Arguments:
        keep: fields of the outermost object to send whatever their value; None is left out even then, as QuickBooks
            ignores null.

    Errors: TypeError for a float (money is Decimal) and for anything else that JSON has no form for.
    """
    return _fields(obj, frozenset(keep) - {name for name, value in vars(obj).items() if value is None})


def _fields(obj: object, keep: frozenset[str]) -> dict[str, Any]:
    defaults = _defaults(type(obj))
    fields = {}
    for name, value in vars(obj).items():
        if name in keep:
            fields[name] = _plain(value)
        elif (
            not name.startswith("_")
            and not _untouched(name, value, defaults)
            and (plain := _plain(value)) not in _BLANK
        ):
            fields[name] = plain
    return fields


def _defaults(kind: type) -> Mapping[str, Any]:
    if kind not in _DEFAULTS:
        _DEFAULTS[kind] = vars(kind())
    return _DEFAULTS[kind]


def _untouched(name: str, value: Any, defaults: Mapping[str, Any]) -> bool:
    return value is None or (name not in _ALWAYS and name in defaults and _same(value, defaults[name]))


def _same(value: Any, default: Any) -> bool:
    """Equal, and both booleans or neither: for Python 1 == True."""
    return value == default and isinstance(value, bool) == isinstance(default, bool)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | Decimal):
        return value
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if not type(value).__module__.startswith("quickbooks."):
        raise TypeError(f"{value!r} has no place in a body for QuickBooks: money is Decimal, a time is text.")
    return _fields(value, frozenset())


def to_json(body: Mapping[str, Any]) -> str:
    """`body` as compact JSON with its keys in order, so that the same record always gives the same text.

    ASCII only, so that no encoding between us and Intuit matters.

    Errors: TypeError as in `body_of`; ValueError for a Decimal that JSON cannot carry exactly.
    """
    return json.dumps(body, separators=(",", ":"), sort_keys=True, allow_nan=False, default=_exact_number)


def _exact_number(value: Any) -> float:
    """A Decimal as the number that json writes with the very same value.

    json's encoder has no form for Decimal, and its fast one no hook to give it one. What it writes for a float is the
    shortest text that reads back to it, which up to 15 digits is the Decimal's own value: looked at here each time.
    """
    if not isinstance(value, Decimal):
        raise TypeError(f"{value!r} has no form in JSON.")
    number = float(value)
    if Decimal(repr(number)) != value:
        raise ValueError(f"{value} has more digits than a JSON number carries exactly.")
    return number
