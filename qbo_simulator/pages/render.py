"""Templates and the one stylesheet; no script anywhere."""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"


@lru_cache(maxsize=1)
def environment() -> Environment:
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    made.filters["money"] = lambda value: f"{float(value or 0):,.2f}"
    made.filters["operations"] = lambda found: Counter(f"{one['operation']} {one['entity']}" for one in found).items()
    return made


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page from a template."""
    response = Response(environment().get_template(template).render(**values), status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def stylesheet() -> Response:
    return Response((HERE / "simulator.css").read_bytes(), mimetype="text/css")
