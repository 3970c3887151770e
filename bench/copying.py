"""A copy by this engine, measured: as the worker does it, without the worker."""

import sys
import time
from dataclasses import dataclass
from typing import Any

from bench import office
from bench.measure import Cost, measured
from qbo_sync.models import Attempt, Connection, Kind, Run
from qbo_sync.models.states import RunState
from qbo_sync.push import plan
from qbo_sync.runs import moves
from qbo_sync.serve import serve

READ = "read"


@dataclass
class Copy(Cost):
    """What a copy took; `plan_s`: from the button to its plan, steps committed."""

    plan_s: float = 0.0


def copy(connection: Connection) -> tuple[Run, Copy]:
    """Press the button, press “Next”, and serve until it is done, in a process that has planned something before."""
    asked = office.asked()
    _plan(connection, {kind: set(sorted(ids)[:1]) for kind, ids in asked.items()})
    with measured(Copy()) as cost:
        pressed = time.monotonic()
        run = _plan(connection, asked)
        cost.plan_s = time.monotonic() - pressed
        moves.queue(run)
        while serve(connection.pk):
            pass
    return Run.objects.get(pk=run.pk), cost


def _plan(connection: Connection, asked: dict[Kind, set[int]]) -> Run:
    return plan.build(connection=connection, asked=asked, title="Bench", actor=connection.connected_by)


def check(run: Run) -> None:
    """Nothing refused, nothing left over."""
    if run.state != RunState.DONE or run.steps.exclude(state="done").exists():
        left = set(run.steps.exclude(state="done").values_list("state", "message")[:3])
        sys.exit(f"The run is {run.state} ({run.message}); left: {left}")


def figures(run: Run, cost: Copy, requests: list[dict[str, Any]], size: office.Size) -> dict[str, Any]:
    """What a copy took, for the report."""
    writes = sum(each["kind"] != READ for each in requests)
    first = Attempt.objects.filter(run=run).order_by("answered_at").values_list("answered_at", flat=True)[0]
    assert first
    return {
        "records": size.records,
        "requests": len(requests),
        "writes": writes,
        "reads": len(requests) - writes,
        "fewest_writes": size.fewest_writes,
        "wall_s": round(cost.wall_s, 2),
        "cpu_ms_per_record": round(cost.cpu_s / size.records * 1000, 3),
        "queries_per_record": round(cost.queries / size.records, 3),
        "peak_kb": cost.peak_kb,
        "plan_s": round(cost.plan_s, 2),
        "first_progress_s": round((first - run.queued_at).total_seconds(), 2),
    }


def floor_and_last(run: Run, *, batches_a_minute: int) -> tuple[float, float]:
    """When the limits alone let the last batch start, and when it did, in seconds after the first."""
    sent = list(run.attempts.order_by("sent_at").values_list("sent_at", flat=True))
    return 60.0 * ((len(sent) - 1) // batches_a_minute), (sent[-1] - sent[0]).total_seconds()
