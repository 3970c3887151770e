"""Looking at steps once more just before they are sent: what goes into the batch, and what does not and why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from typing import Any

from qbo_sync.api.batch import Item
from qbo_sync.api.body import body_of
from qbo_sync.entities import COPIED, Context, Key, Obstacle
from qbo_sync.models import Attempt, Kind, Link, Run, Step
from qbo_sync.models.states import AttemptState
from qbo_sync.push.context import Mappings, context_for, links_of

CHANGED = "It was changed after the plan was shown, so it was left out. Look at it and copy it again."
GONE = "It was deleted after the plan was shown."
ELSEWHERE = (
    "Another run sent it and could not find out whether it arrived. Answer its question there, then try this again."
)


@dataclass
class Prepared:
    """Steps looked at once more just before sending: what goes into the batch, and what does not and why."""

    items: list[tuple[Step, Item]] = field(default_factory=list)
    linked: list[Step] = field(default_factory=list)
    elsewhere: list[Step] = field(default_factory=list)  # reserved by a request of which will be known what became
    asked: list[Step] = field(default_factory=list)  # reserved until a person says what became of the request
    left_out: list[tuple[Step, str]] = field(default_factory=list)
    in_the_way: list[tuple[Step, Obstacle]] = field(default_factory=list)

    @property
    def unsent(self) -> bool:
        """Whether there is anything that is not to be sent."""
        return bool(self.linked or self.elsewhere or self.asked or self.left_out or self.in_the_way)


def prepare(run: Run, steps: Sequence[Step], mappings: Mappings) -> Prepared:
    """Read the records as they are now and build the bodies of those that may go.

    Args:
        mappings: the company's choices, as they were when the run began or went on.
    """
    records = records_of(steps)
    references = {
        key for step in steps if (record := records.get(key_of(step))) for key in _copied(step).refers_to(record)
    }
    links = links_of(run.connection, [*references, *map(key_of, steps)])
    context = context_for(run.connection, links, mappings)
    prepared = Prepared()
    for step in steps:
        _sort(prepared, step, records.get(key_of(step)), links.get(key_of(step)), context)
    if prepared.elsewhere:
        _set_apart_what_is_asked(prepared, links)
    return prepared


def _set_apart_what_is_asked(prepared: Prepared, links: MappingType[Key, Link]) -> None:
    """A lost answer is looked for until it is known, or until nobody but a person can tell."""
    requests = {pk for step in prepared.elsewhere if (pk := links[key_of(step)].attempt_id)}
    under_way = Attempt.objects.filter(pk__in=requests, state__in=(AttemptState.SENT, AttemptState.UNKNOWN))
    open_requests = set(under_way.values_list("pk", flat=True))
    prepared.asked = [step for step in prepared.elsewhere if links[key_of(step)].attempt_id not in open_requests]
    prepared.elsewhere = [step for step in prepared.elsewhere if step not in prepared.asked]


def _copied(step: Step) -> Any:
    return COPIED[Kind(step.kind)]


def key_of(step: Step) -> Key:
    """Which record a step is about."""
    return Kind(step.kind), step.record_id


def records_of(steps: Iterable[Step]) -> dict[Key, Any]:
    """The records of these steps as they are now, without those deleted since: one query per kind."""
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for step in steps:
        by_kind[Kind(step.kind)].append(step.record_id)
    return {
        (kind, record.pk): record
        for kind, ids in by_kind.items()
        for record in COPIED[kind].records().filter(pk__in=ids)
    }


def _sort(prepared: Prepared, step: Step, record: Any, link: Link | None, context: Context) -> None:
    copied = _copied(step)
    if link is not None:
        (prepared.elsewhere if link.is_reserved else prepared.linked).append(step)
    elif record is None:
        prepared.left_out.append((step, GONE))
    elif record.version != step.version_seen:
        prepared.left_out.append((step, CHANGED))
    elif never := copied.never(record, context):
        prepared.in_the_way.append((step, never))
    elif obstacle := copied.obstacle(record, context):
        prepared.in_the_way.append((step, obstacle))
    else:
        given = replace(context, links_hours=not step.without_links)
        item = Item(str(step.pk), step.entity, body_of(copied.body(record, given)), file=copied.file(record))
        prepared.items.append((step, item))
