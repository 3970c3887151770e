"""Whose turn it is: the shortest piece of work first, batch by batch (design.md §4, “engine”).

A piece is an import, an update, a reversal or a void, each alone, or all copies together: the engine sends those side
by side, the short ones first. Its length is counted in requests. Whoever is at work asks between two of its own
whether a shorter piece waits, and makes way for it: nobody's single record waits for somebody else's thousand.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from qbo_sync.api.batch import MAX_ITEMS
from qbo_sync.api.query import MAX_RESULTS
from qbo_sync.models import Attempt, Connection, Run, Step
from qbo_sync.models.states import AttemptState, StepState
from qbo_sync.runs.moves import OPEN_RUNS

COPIES = 0  # the key of all copies together
MakesWay: TypeAlias = Callable[[], bool]


def stays() -> bool:
    """Makes way for nobody."""
    return False


@dataclass(frozen=True, order=True)
class Piece:
    """Some work of a connection. The shortest comes first; of equals imports, then the copies, then the oldest.

    What an import links need not be asked when it is copied.

    Args:
        left: how many requests there are to go; of the copies those of the shortest.
        key: the id of its run, or COPIES.
    """

    left: int
    is_no_import: bool
    key: int


def pieces(connection: Connection, but: Collection[int] = ()) -> list[Piece]:
    """The work that waits or goes on, the shortest first, without the pieces of these keys: one query."""
    found: dict[int, Piece] = {}
    for run in _open(connection):
        key = COPIES if run.type == Run.Type.PUSH else run.pk
        piece = Piece(_left(run), run.type != Run.Type.IMPORT, key)
        found[piece.key] = min(piece, found.get(piece.key, piece))
    return sorted(piece for piece in found.values() if piece.key not in but)


def _open(connection: Connection) -> QuerySet[Run]:
    """Open runs, and those with a lost answer, cancelled and stopped ones too: each with its `ready` steps."""
    ready = Step.objects.filter(run=OuterRef("pk"), state=StepState.READY).order_by().values("run")
    counted = Subquery(ready.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
    lost = Exists(Attempt.objects.filter(run=OuterRef("pk"), state=AttemptState.UNKNOWN))
    is_open = Q(state__in=OPEN_RUNS) | (Q(lost) & ~Q(type=Run.Type.PUSH))
    runs = Run.objects.filter(is_open, connection=connection)
    return runs.annotate(ready=Coalesce(counted, 0))


def _left(run: Run) -> int:
    if run.type == Run.Type.IMPORT:
        return ceil(max(run.size - run.progress, 1) / MAX_RESULTS)
    return ceil(run.ready / MAX_ITEMS)  # type: ignore[attr-defined]


class Way:
    """Whether the piece `key` is to make way for a shorter one. Asked between two requests of its own.

    Args:
        but: keys of pieces that had their turn and wait for something else, kept up by whoever gives the turns.
        every: seconds between two looks, where it is asked more often than that.

    `made` says afterwards whether it was told to.
    """

    def __init__(self, connection: Connection, key: int, but: Collection[int], *, every: float = 0) -> None:
        self.made = False
        self._connection, self._key, self._but, self._every = connection, key, but, every
        self._look_at = time.monotonic() + every

    def __call__(self) -> bool:
        """True where it is to stop now and go on later."""
        if not self.made and time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + self._every
            self.made = self._others_wait() and self._a_shorter_one_waits()
        return self.made

    def _others_wait(self) -> bool:
        """The usual answer, no, for one small query."""
        own = Q(type=Run.Type.PUSH) if self._key == COPIES else Q(pk=self._key)
        return Run.objects.filter(connection=self._connection, state__in=OPEN_RUNS).exclude(own).exists()

    def _a_shorter_one_waits(self) -> bool:
        waiting = pieces(self._connection)
        own = next((piece.left for piece in waiting if piece.key == self._key), 0)
        others = (piece.left for piece in waiting if piece.key not in (self._key, *self._but))
        return any(0 < left < own for left in others)
