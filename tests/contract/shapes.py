"""Compare an answer with a captured one: same keys, same types, the values that the server fills in.

A shape is written like the answer itself.  Where the value may be any of a type, the type stands in its place
(`str`, `bool`, `dict`, `Number`); a compiled pattern is matched; `Maybe(shape)` may be left out; `[shape, ...]` is a
list of any length whose elements all look so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00")
MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[78]:00")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
DIGITS = re.compile(r"\d+")
Number = (int, float, Decimal)


@dataclass(frozen=True)
class Maybe:
    """A property that may be left out."""

    shape: Any


def first_difference(shape: Any, found: Any, path: str = "") -> str | None:
    """The first path at which an answer differs from its shape, and how; None where it fits."""
    return next(differences(shape, found, path), None)


def check(shape: Any, found: Any, path: str = "") -> None:
    """Raises AssertionError with the first path that differs."""
    difference = first_difference(shape, found, path)
    assert difference is None, difference


def differences(shape: Any, found: Any, path: str) -> Iterator[str]:
    if isinstance(shape, dict):
        yield from object_differences(shape, found, path)
    elif isinstance(shape, list):
        yield from list_differences(shape, found, path)
    elif not fits(shape, found):
        yield f"{path or 'the answer'}: {in_words(shape)} expected, {found!r} found"


def object_differences(shape: dict[str, Any], found: Any, path: str) -> Iterator[str]:
    if not isinstance(found, dict):
        yield f"{path or 'the answer'}: an object expected, {found!r} found"
        return
    for name, part in shape.items():
        below = f"{path}.{name}" if path else name
        optional = isinstance(part, Maybe)
        if name in found:
            yield from differences(part.shape if optional else part, found[name], below)
        elif not optional:
            yield f"{below}: missing"
    for name in found:
        if name not in shape:
            yield f"{path}.{name}: not in the captured answer, here {found[name]!r}"


def list_differences(shape: list[Any], found: Any, path: str) -> Iterator[str]:
    if not isinstance(found, list):
        yield f"{path}: a list expected, {found!r} found"
        return
    each = shape[:1] * len(found) if len(shape) == 2 and shape[1] is ... else shape
    if len(each) != len(found):
        yield f"{path}: {len(each)} elements expected, {len(found)} found"
    for place, (part, element) in enumerate(zip(each, found, strict=False)):
        yield from differences(part, element, f"{path}[{place}]")


def fits(shape: Any, found: Any) -> bool:
    if isinstance(shape, re.Pattern):
        return isinstance(found, str) and shape.fullmatch(found) is not None
    if shape is Number:
        return isinstance(found, Number) and not isinstance(found, bool)
    if isinstance(shape, type):
        return isinstance(found, shape) and (shape is bool or not isinstance(found, bool))
    return bool(type(shape) is type(found) and shape == found)


def in_words(shape: Any) -> str:
    if shape is Number:
        return "a number"
    if isinstance(shape, re.Pattern):
        return f"text like {shape.pattern}"
    return {str: "text", bool: "true or false", dict: "an object"}.get(shape, repr(shape))
