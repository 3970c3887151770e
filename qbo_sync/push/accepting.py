"""“Accept all exact”: many records are linked in one go, by the rules of a single choice, and nothing is guessed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError

from associates.models import Associate
from qbo_sync.entities import COPIED
from qbo_sync.entities.base import as_it_is_now
from qbo_sync.models import Connection, Kind, Link, Run
from qbo_sync.models.states import StepState
from qbo_sync.push.blocking import go_on, let_linked_follow, open_questions, recompute
from qbo_sync.push.choices import answering, client_is_missing, matched
from qbo_sync.push.context import context_for, links_of, mappings_of
from qbo_sync.push.waiting import Waiting, waiting_records
from qbo_sync.runs.moves import move_steps

AT_ONCE = 500  # so many are shown and accepted together: a form has no more fields than Django takes
SAME_MOMENT = "Somebody linked one of them at the same moment. Nothing was linked: look again."


@dataclass(frozen=True)
class Accepted:
    """What became of it.

    Args:
        linked: how many records are linked now.
        left: how many of those that were shown fit no more, and wait as before.
        problem: why nothing was done, "" where something was.
    """

    linked: int = 0
    left: int = 0
    problem: str = ""


def acceptable(connection: Connection, run: Run | None = None) -> list[Waiting]:
    """What may be accepted together: of all copies, or of one."""
    return [each for each in waiting_records(connection, run) if each.may_be_accepted]


def accept(connection: Connection, pairs: Collection[str], *, actor: Associate) -> Accepted:
    """Link the pairs that were shown (`Waiting.pair`) as far as each is still exact and can be nothing else.

    The queries do not grow with the pairs. Nothing is written at QuickBooks.
    """
    chosen = [each for each in acceptable(connection) if each.pair in pairs]
    try:
        linked = _link(connection, chosen, actor)
    except IntegrityError:
        return Accepted(problem=SAME_MOMENT)
    return Accepted(linked, len(set(pairs)) - linked)


def _link(connection: Connection, chosen: Sequence[Waiting], actor: Associate) -> int:
    """Link what is still asked, in one transaction; answers how many."""
    links = _links(connection, chosen, actor)
    with answering(connection.pk):
        asked = open_questions(connection).filter(pk__in=[each.step.pk for each in chosen])
        still_open = {step.pk: step for step in asked.select_related("run") if step.pk in links}
        Link.objects.bulk_create([links[pk] for pk in still_open])
        move_steps(still_open, StepState.LINKED, message="", mend="", fault_code="")
        billing = {step.run_id for step in still_open.values() if step.kind == Kind.INVOICE}
        for run in {step.run_id: step.run for step in still_open.values()}.values():
            recompute(run)
            go_on(run, look=run.pk in billing)  # the hours that an invoice bills are not billable any more
        let_linked_follow(connection)
    return len(still_open)


def _links(connection: Connection, chosen: Sequence[Waiting], actor: Associate) -> dict[int, Link]:
    """The link of each by its step, not saved, as its record is now: a query per kind, and one for what they name."""
    by_kind: dict[Kind, dict[int, Waiting]] = defaultdict(dict)
    for each in chosen:
        by_kind[each.key[0]][each.key[1]] = each
    links: dict[int, Link] = {}
    mappings = mappings_of(connection)
    for kind, of_kind in by_kind.items():
        copied = COPIED[kind]
        records = list(copied.records().filter(pk__in=of_kind))
        named = links_of(connection, [key for record in records for key in copied.refers_to(record)])
        context = context_for(connection, named, mappings)
        for record in records:
            each = of_kind[record.pk]
            if client_is_missing(kind, record, context):
                continue
            assert each.best is not None  # noqa: S101 - nothing else may be accepted
            fields = matched(connection.pk, kind, record, each.best.record, actor)
            links[each.step.pk] = Link(**fields, **as_it_is_now(copied, record, context))
    return links
