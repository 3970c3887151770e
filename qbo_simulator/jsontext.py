"""JSON as text and back: one place, so that what is read can always be written again."""

import codecs
from collections.abc import Iterable
from typing import Any

import orjson

DEEPEST = 100


def read(text: bytes | str) -> Any:
    """The value of a JSON text.

    Raises ValueError for what is no JSON: also NaN, half a surrogate pair, and more than DEEPEST levels, which no
    record has and which could not be written again.  A byte order mark, as some clients send, is passed over.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    value = orjson.loads(data.removeprefix(codecs.BOM_UTF8))
    if data.count(b"[") + data.count(b"{") > DEEPEST and deeper_than(value, DEEPEST):
        raise ValueError(f"nested deeper than {DEEPEST} levels")
    return value


def deeper_than(value: Any, levels: int) -> bool:
    """Whether lists and objects stand in each other more than so many levels deep."""
    level = [value]
    for _ in range(levels):
        level = [part for each in level for part in parts(each)]
    return any(isinstance(each, (dict, list)) for each in level)


def parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def written(value: Any) -> bytes:
    """The compact JSON text of a value, in UTF-8."""
    return orjson.dumps(value)
