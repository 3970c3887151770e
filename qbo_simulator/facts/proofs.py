"""Which test proves which fact, read from the tests' source, so that nothing has to be run or imported for it."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2] / "tests" / "contract"
MARKER = "fact"


@cache
def proofs(folder: Path = TESTS) -> dict[str, list[str]]:
    """Fact id → the tests that carry it, as `file.py::test`; empty where the tests are not at hand.

    folder: where the tests are.  A test carries a fact by `@fact("id", …)`, or by `marks=fact("id")` of one of its
    parameters.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("test_*.py")):
        statements = ast.parse(path.read_text(encoding="utf-8")).body
        tables = dict(assigned(statements))
        for node in statements:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for id in dict.fromkeys(named(node, tables)):
                    found.setdefault(id, []).append(f"{path.name}::{node.name}")
    return found


def assigned(statements: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """The names that a module assigns, such as a table of parameters."""
    for statement in statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield statement.targets[0].id, statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            yield statement.target.id, statement.value


def named(test: ast.FunctionDef, tables: Mapping[str, ast.expr]) -> Iterator[str]:
    """The fact ids in a test's decorators, and in the tables of parameters that these name."""
    for decorator in test.decorator_list:
        yield from facts_in(decorator)
        for node in ast.walk(decorator):
            if isinstance(node, ast.Name) and node.id in tables:
                yield from facts_in(tables[node.id])


def facts_in(tree: ast.expr) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == MARKER:
            yield from (
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )
