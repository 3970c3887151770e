"""Draw the states of runs, steps and attempts from their tables into docs/states.md."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from django.db.models import TextChoices

from qbo_sync.models.states import ATTEMPT_MOVES, RUN_MOVES, STEP_MOVES, AttemptState, RunState, StepState

PAGE = Path(__file__).resolve().parents[1] / "docs" / "states.md"
Moves: TypeAlias = Mapping[str, frozenset[str]]
PICTURES: tuple[tuple[str, str, type[TextChoices], Moves], ...] = (
    ("A run", "Everything that one press of a button copies, changes or takes back.", RunState, RUN_MOVES),
    ("A step", "One record of a run.", StepState, STEP_MOVES),
    ("An attempt", "One writing request, kept with its exact body before it is sent.", AttemptState, ATTEMPT_MOVES),
)
PREFACE = """# The states of a copy

Drawn by `make state-pictures` from the tables of `qbo_sync/models/states.py`; a state changes only along an arrow,
by one conditional UPDATE (`qbo_sync/runs/moves.py`).
"""


def diagram(states: type[TextChoices], moves: Moves) -> str:
    """A Mermaid state diagram: every state under the words that the screens have for it, every move an arrow.

    The first state is where it begins; states from which nothing leads on are where it ends.
    """
    first, *_ = states
    lines = ["stateDiagram-v2", *(f'    state "{state.label}" as {state.value}' for state in states)]
    lines.append(f"    [*] --> {first.value}")
    for state in states:
        targets = [target for target in states if target in moves[state]]
        lines += [f"    {state.value} --> {target.value}" for target in targets] or [f"    {state.value} --> [*]"]
    return "\n".join(lines)


def page() -> str:
    """docs/states.md, whole."""
    parts = [PREFACE]
    for title, what, states, moves in PICTURES:
        parts.append(f"## {title}\n\n{what}\n\n```mermaid\n{diagram(states, moves)}\n```\n")
    return "\n".join(parts)


def write() -> None:
    """Bring docs/states.md up to date."""
    PAGE.write_text(page(), encoding="utf-8")
