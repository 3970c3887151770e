"""The states of runs, steps and attempts, and which may follow which: one table each (design.md §3, §4)."""

from collections.abc import Mapping

from django.db import models


class RunState(models.TextChoices):
    PLANNED = "planned", "Planned"
    QUEUED = "queued", "Waiting for its turn"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    DONE = "done", "Finished"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Stopped"


class StepState(models.TextChoices):
    READY = "ready", "To be copied"
    NEEDS_CHOICE = "needs_choice", "Needs your choice"
    IN_THE_WAY = "in_the_way", "In the way"
    SENDING = "sending", "Being copied"
    DONE = "done", "Copied"
    LINKED = "linked", "Already at QuickBooks"
    REFUSED = "refused", "Refused by QuickBooks"
    BLOCKED = "blocked", "Held up"
    LEFT_OUT = "left_out", "Left out"
    UNKNOWN = "unknown", "Not known yet"
    CANCELLED = "cancelled", "Cancelled"


class AttemptState(models.TextChoices):
    SENT = "sent", "Sent"
    ANSWERED = "answered", "Answered"
    NOT_DONE = "not_done", "Certainly not carried out"
    UNKNOWN = "unknown", "Answer lost"
    SETTLED = "settled", "Settled by looking"


RUN_MOVES: Mapping[str, frozenset[str]] = {
    RunState.PLANNED: frozenset({RunState.QUEUED, RunState.CANCELLED}),
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.PAUSED, RunState.CANCELLED, RunState.FAILED}),
    RunState.RUNNING: frozenset(
        {
            RunState.QUEUED, RunState.PAUSED, RunState.DONE, RunState.CANCELLED, RunState.FAILED,
            RunState.PLANNED,  # an import has read what it is to do, and shows it
        }
    ),
    RunState.PAUSED: frozenset({RunState.QUEUED, RunState.CANCELLED}),
    RunState.DONE: frozenset({RunState.QUEUED}),  # a choice was made since: what waited for it goes on
    RunState.CANCELLED: frozenset(),
    RunState.FAILED: frozenset({RunState.QUEUED}),
}  # fmt: skip

STEP_MOVES: Mapping[str, frozenset[str]] = {
    StepState.READY: frozenset(
        {
            StepState.SENDING, StepState.LINKED, StepState.NEEDS_CHOICE, StepState.IN_THE_WAY,
            StepState.BLOCKED, StepState.LEFT_OUT, StepState.CANCELLED,
        }
    ),
    StepState.NEEDS_CHOICE: frozenset(
        {StepState.READY, StepState.LINKED, StepState.BLOCKED, StepState.LEFT_OUT, StepState.CANCELLED}
    ),
    StepState.SENDING: frozenset({StepState.DONE, StepState.REFUSED, StepState.UNKNOWN, StepState.READY}),
    StepState.UNKNOWN: frozenset(
        {StepState.DONE, StepState.READY, StepState.NEEDS_CHOICE, StepState.REFUSED}
    ),
    StepState.BLOCKED: frozenset({StepState.READY}),
    StepState.IN_THE_WAY: frozenset({StepState.READY}),
    StepState.DONE: frozenset(),
    StepState.LINKED: frozenset(),
    StepState.REFUSED: frozenset({StepState.READY, StepState.LINKED, StepState.LEFT_OUT}),  # a person's answer
    StepState.LEFT_OUT: frozenset({StepState.READY}),  # changed since it was shown, and a person looked at it
    StepState.CANCELLED: frozenset(),
}  # fmt: skip

ATTEMPT_MOVES: Mapping[str, frozenset[str]] = {
    AttemptState.SENT: frozenset({AttemptState.ANSWERED, AttemptState.NOT_DONE, AttemptState.UNKNOWN}),
    AttemptState.UNKNOWN: frozenset({AttemptState.SENT, AttemptState.ANSWERED, AttemptState.SETTLED}),
    AttemptState.NOT_DONE: frozenset(),
    AttemptState.ANSWERED: frozenset(),
    AttemptState.SETTLED: frozenset(),
}  # fmt: skip


def origins(moves: Mapping[str, frozenset[str]], target: str) -> list[str]:
    """The states from which `target` may follow: what a conditional UPDATE filters on."""
    return [state for state, targets in moves.items() if target in targets]
