"""What a run's page says: sums per kind and state, and one row per record with its QBO ID or what happened instead."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Case, Count, QuerySet, Sum, Value, When
from django.urls import reverse

from qbo_sync.connection.environment import record_url
from qbo_sync.entities import BOTTOM_UP, Key
from qbo_sync.faults import Mend
from qbo_sync.models import Kind, Link, Run, Step
from qbo_sync.models.mapping import Purpose
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.causes import LOST, URGENT, goes_again
from qbo_sync.push.context import links_of

CSV_CHUNK = 1000
MANY_NEED = "need your choice"
HOPEFUL = (StepState.READY, StepState.SENDING)
MOVED = (StepState.DONE, StepState.LINKED)

URGENCY = Case(*(When(state=state, then=Value(rank)) for rank, state in enumerate(URGENT)), default=Value(len(URGENT)))

RUN_TONES = {
    RunState.DONE: "good",
    RunState.QUEUED: "info",
    RunState.RUNNING: "info",
    RunState.PAUSED: "warn",
    RunState.FAILED: "bad",
}


@dataclass(frozen=True)
class Words:
    """How the page of a run calls what it does."""

    will: str
    nothing: str
    goes_on: str
    still: str
    states: Mapping[str, str] = field(default_factory=dict)

    def state(self, state: str) -> str:
        """The label of a step's state in such a run."""
        return self.states.get(state) or str(StepState(state).label)


WORDS = {
    Run.Type.PUSH: Words("will be copied to", "There is nothing to copy.", "the copying goes on", "to be copied"),
    Run.Type.UPDATE: Words(
        "will be changed at", "There is nothing to change.", "the changing goes on", "to be changed",
        {"ready": "To be changed", "sending": "Being changed", "done": "Changed", "linked": "As it is here"},
    ),
    Run.Type.REVERSE: Words(
        "will be taken back at", "There is nothing to take back.", "the taking back goes on", "to be taken back",
        {"ready": "To be taken back", "sending": "Being taken back", "done": "Taken back", "linked": "Gone already",
         "in_the_way": "Stays there"},
    ),
    Run.Type.MATCH: Words(
        "will be looked for at", "There is nothing to look for.", "the search goes on", "to be looked for",
        {"ready": "To be looked for", "linked": "Linked", "left_out": "Not linked"},
    ),
    Run.Type.VOID: Words(
        "will be voided here and at", "There is nothing to void.", "the voiding goes on", "to be voided",
        {"ready": "To be voided", "sending": "Being voided", "done": "Voided", "linked": "Voided there already",
         "in_the_way": "Not voided"},
    ),
}  # fmt: skip


def state_label(step: Step) -> str:
    """The state of a step in words that fit what its run does."""
    return WORDS[Run.Type(step.run.type)].state(step.state)


@dataclass
class KindSum:
    """How many records of a kind are in which state, with their money and time."""

    kind: Kind
    by_state: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    brought_along: int = 0
    amount: Decimal = Decimal(0)
    minutes: int = 0

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


@dataclass
class Summary:
    """A run in figures."""

    kinds: list[KindSum]
    words: Words = WORDS[Run.Type.PUSH]

    def count(self, *states: str) -> int:
        return sum(kind.by_state[state] for kind in self.kinds for state in states)

    @property
    def total(self) -> int:
        return sum(kind.total for kind in self.kinds)

    @property
    def to_copy(self) -> int:
        return self.count(*HOPEFUL)

    @property
    def settled(self) -> int:
        return self.total - self.count(*HOPEFUL, StepState.UNKNOWN)

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """Value, label and count of every state that occurs."""
        counted = [(state.value, self.words.state(state), self.count(state)) for state in StepState]
        return [row for row in counted if row[2]]

    @property
    def in_words(self) -> str:
        """The states in a line: “3 copied, 2 refused by QuickBooks, 5 need your choice”; "" for no records."""
        return ", ".join(f"{count:,} {_in_a_sentence(state, label, count)}" for state, label, count in self.states)


def _in_a_sentence(state: str, label: str, count: int) -> str:
    return MANY_NEED if state == StepState.NEEDS_CHOICE and count != 1 else f"{label[:1].lower()}{label[1:]}"


def summary(run: Run) -> Summary:
    """The sums of a run, in one query."""
    rows = run.steps.order_by().values("kind", "state", "brought_along").annotate(
        count=Count("pk"), amount_sum=Sum("amount"), minutes_sum=Sum("minutes")
    )  # fmt: skip
    kinds: dict[str, KindSum] = {}
    for row in rows:
        each = kinds.setdefault(row["kind"], KindSum(Kind(row["kind"])))
        each.by_state[row["state"]] += row["count"]
        each.brought_along += row["count"] if row["brought_along"] else 0
        if row["state"] in (*HOPEFUL, *MOVED, StepState.UNKNOWN):
            each.amount += row["amount_sum"] or 0
            each.minutes += row["minutes_sum"] or 0
    return Summary([kinds[kind] for kind in BOTTOM_UP if kind in kinds], WORDS[Run.Type(run.type)])


CSV_HEADER = (
    "Kind",
    "Record",
    "Brought along",
    "QBO ID",
    "State",
    "In the way",
    "Minutes",
    "Amount",
    "Message",
)


def csv_rows(run: Run, steps: QuerySet[Step]) -> Iterator[tuple[Any, ...]]:
    """The records of a run with their QBO IDs, a thousand at a time."""
    yield CSV_HEADER
    rows = steps.iterator(chunk_size=CSV_CHUNK)
    while chunk := list(islice(rows, CSV_CHUNK)):
        links = links_of(run.connection, [(Kind(step.kind), step.record_id) for step in chunk])
        for step in chunk:
            link = links.get((Kind(step.kind), step.record_id))
            yield (
                step.get_kind_display(), step.label, "yes" if step.brought_along else "", link and link.qbo_id,
                state_label(step), step.get_reason_display(), step.minutes, step.amount, said(step),
            )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One record as the page shows it.

    Args:
        again: whether it may be tried again.
        mend_label, mend_url: the button that mends what is wrong with it.
    """

    step: Step
    url: str
    qbo_id: str
    qbo_url: str
    again: bool
    mend_label: str
    mend_url: str

    @property
    def says(self) -> str:
        """What happened to it, and what to do."""
        return said(self.step)


def said(step: Step) -> str:
    """What a step says; while an answer is lost, that it is."""
    return step.message or (LOST if step.state == StepState.UNKNOWN else "")


def rows(run: Run, steps: Sequence[Step]) -> list[Row]:
    """The rows of a page of steps: one query per kind on it, however many steps."""
    records = records_of(steps)
    links = links_of(run.connection, [(Kind(step.kind), step.record_id) for step in steps])
    return [_row(run, step, records, links) for step in steps]


def records_of(steps: Sequence[Step]) -> dict[Key, Any]:
    """The records of these steps as far as they are still here: one query per kind."""
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for step in steps:
        by_kind[Kind(step.kind)].append(step.record_id)
    loaded = ((kind, kind.model._default_manager.in_bulk(ids)) for kind, ids in by_kind.items())
    return {(kind, pk): record for kind, records in loaded for pk, record in records.items()}


def _row(run: Run, step: Step, records: dict[Key, Any], links: dict[Key, Link]) -> Row:
    key = (Kind(step.kind), step.record_id)
    record, link = records.get(key), links.get(key)
    qbo_id = link.qbo_id or "" if link else ""
    qbo_url = record_url(run.connection, link.entity, qbo_id) if link and qbo_id else ""
    url = record.get_absolute_url() if record else ""
    return Row(step, url, qbo_id, qbo_url, goes_again(run, step), *_mend(step, url))


def _mend(step: Step, url: str) -> tuple[str, str]:
    """Label and address of the button that mends a step, empty where there is none."""
    if step.state == StepState.NEEDS_CHOICE and step.mend == "compare":
        return "Compare", reverse("qbo:compare", args=[step.run_id, step.pk])
    if step.state == StepState.NEEDS_CHOICE or (step.mend == "match" and step.state == StepState.REFUSED):
        return "Choose", reverse("qbo:choices", args=[step.run_id, step.pk])
    if step.mend == Mend.NUMBER and step.state == StepState.REFUSED:
        return "Give another number", reverse("qbo:renumber", args=[step.run_id, step.pk])
    if step.mend == "open" and url:
        return "Open the record", url
    return mend_of_all(step.mend)


def mend_of_all(mend: str) -> tuple[str, str]:
    """Label and address of the button that mends this for all records at once, empty where there is none."""
    if mend in Purpose.values:
        return "Choose it", f"{reverse('qbo:mappings')}#purpose-{mend}"
    if mend == "mappings":
        return "Open the settings", reverse("qbo:mappings")
    if mend == "connect":
        return "Connect again", reverse("qbo:connect")
    return "", ""
