"""Templates, the stylesheet and the one small script, which keeps a page up to date and does nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response

from qbo_simulator.clock import PACIFIC
from qbo_simulator.pages.kinds.declared import name_of

HERE = Path(__file__).parent
# the sign-in needs no script, and its forms lead back to the app's own address
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
OWN_POLICY = f"{POLICY}; script-src 'self'; connect-src 'self'; form-action 'self'"
ASSETS = {"style.css": "text/css", "live.js": "text/javascript"}


def money(value: Any) -> str:
    """`1,234.50`; a value that is absent counts as nothing."""
    return f"{Decimal(str(value or 0)):,.2f}"


def day(value: Any) -> str:
    """A date as a US company's QuickBooks shows it: `08/16/2026`."""
    try:
        return date.fromisoformat(str(value)).strftime("%m/%d/%Y")
    except ValueError:
        return str(value)


def moment(value: Any) -> str:
    """A MetaData time, or seconds since 1970, as people read it, in Pacific time."""
    when = datetime.fromtimestamp(value, PACIFIC) if isinstance(value, (int, float)) else datetime.fromisoformat(value)
    return when.astimezone(PACIFIC).strftime("%m/%d/%Y %H:%M:%S")


def quantity(value: Any) -> str:
    """A number without needless zeros; text as it is."""
    return str(value) if isinstance(value, str) else f"{Decimal(str(value)):f}"


def address(value: Any) -> list[str]:
    """The lines of an address."""
    if not isinstance(value, Mapping):
        return []
    place = " ".join(
        part
        for part in (
            ", ".join(value[name] for name in ("City", "CountrySubDivisionCode") if value.get(name)),
            value.get("PostalCode", ""),
        )
        if part
    )
    lines = [value.get(f"Line{number}") for number in range(1, 6)]
    return [line for line in (*lines, place, value.get("Country")) if line]


def plain(value: Any) -> str:
    """Any value as a short text."""
    if isinstance(value, Mapping):
        return name_of(value)
    return "Yes" if value is True else "No" if value is False else str(value)


def operations(found: Iterable[Mapping[str, str]]) -> str:
    """`3 × create Invoice, 1 × query Item`."""
    counted = Counter(f"{one['operation']} {one['entity']}".strip() for one in found)
    return ", ".join(f"{count} × {name}" for name, count in counted.items())


@lru_cache(maxsize=1)
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    for each in (money, day, moment, quantity, address, plain, operations):
        made.filters[each.__name__] = each
    return made


def rendered(template: str, values: Mapping[str, Any], status: int, policy: str) -> Response:
    response = Response(environment().get_template(template).render(**values), status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page of the sign-in."""
    return rendered(template, values, status, POLICY)


def own_page(template: str, status: int = 200, **values: Any) -> Response:
    """A page of the simulator's own, which may run the one script and posts to the simulator alone."""
    return rendered(template, values, status, OWN_POLICY)


def asset(name: str) -> Response:
    """The stylesheet or the script."""
    response = Response((HERE / "assets" / name).read_bytes(), mimetype=ASSETS[name])
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
