"""A query as text → what it asks for."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from qbo_simulator import faults
from qbo_simulator.faults import Fault

PAGE, LARGEST_PAGE, FURTHEST = 100, 1000, 10**12


@dataclass(frozen=True)
class Condition:
    """A property compared with values.  operator: =, <, >, <=, >=, LIKE or IN."""

    name: str
    operator: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Statement:
    """What a query asks for.

    columns: the properties named, None for all.  order: (property, descending).  first: position from 1.
    """

    entity: str
    columns: tuple[str, ...] | None
    count: bool
    conditions: tuple[Condition, ...]
    order: tuple[tuple[str, bool], ...]
    first: int
    most: int


@lru_cache(maxsize=1)
def grammar() -> Lark:
    """The grammar, built at the first query, so that the simulator starts at once."""
    text = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", maybe_placeholders=False)


@lru_cache(maxsize=512)
def parse(text: str) -> Statement:
    """Read a query.  Raises 4000 for what is no query, 4001 for a page that cannot be."""
    try:
        tree = grammar().parse(text)
    except UnexpectedInput as error:
        raise unreadable(error) from None
    return Statement(
        entity=str(next(part for part in tree.children if isinstance(part, Token) and part.type == "NAME")),
        columns=columns(tree),
        count=any(tree.find_data("count")),
        conditions=tuple(condition(part) for part in subtrees(tree, "comparison", "like", "within")),
        order=tuple(key(part) for order in subtrees(tree, "order") for part in subtrees(order, "key")),
        first=page(tree, "first", 1),
        most=min(page(tree, "most", PAGE), LARGEST_PAGE),
    )


def unreadable(error: UnexpectedInput) -> Fault:
    """In the words of Intuit's parser, which is a Java one."""
    where = f"at line {error.line}, column {error.column}"
    if isinstance(error, UnexpectedToken):
        token = error.token
        met = '"<EOF>"' if token.type == "$END" else f'" <{token.type}> "{token} ""'
        expected = ", ".join(sorted(error.accepts or error.expected)).replace("$END", "<EOF>")
        return faults.query_unreadable(f"Encountered {met} {where}. Was expecting one of: {expected}")
    met = error.char if isinstance(error, UnexpectedCharacters) else ""
    return faults.query_unreadable(f'Lexical error {where}. Encountered: "{met}"')


def subtrees(tree: Tree, *names: str) -> list[Tree]:
    return [part for part in tree.children if isinstance(part, Tree) and part.data in names]


def names(tree: Tree) -> list[str]:
    return [str(part) for part in tree.children if isinstance(part, Token) and part.type == "NAME"]


def columns(tree: Tree) -> tuple[str, ...] | None:
    some = subtrees(tree, "some")
    return tuple(names(some[0])) if some else None


def condition(tree: Tree) -> Condition:
    name = str(tree.children[0])
    values = tuple(value(part) for part in subtrees(tree, "text", "number", "yes", "no"))
    if tree.data == "like":
        return Condition(name, "LIKE", (unquoted(str(tree.children[2])),))
    return Condition(name, "IN" if tree.data == "within" else str(tree.children[1]), values)


def value(tree: Tree) -> Any:
    if tree.data in ("yes", "no"):
        return tree.data == "yes"
    text = str(tree.children[0])
    return unquoted(text) if tree.data == "text" else text


def unquoted(text: str) -> str:
    """The text between the quotes; a backslash takes the next character as it is."""
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def key(tree: Tree) -> tuple[str, bool]:
    words = [part.type for part in tree.children if isinstance(part, Token)]
    return str(tree.children[0]), "DESC" in words


def page(tree: Tree, name: str, default: int) -> int:
    """A number of the page.  Raises 4001 below 1."""
    found = [int(str(part.children[1])) for part in subtrees(tree, name)]
    if found and found[-1] < 1:
        raise faults.query_invalid(f"value {found[-1]} is too small. Min allowed value is 1")
    return min(found[-1], FURTHEST) if found else default
