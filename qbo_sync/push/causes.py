"""Why records of a run did not arrive, by cause: how many, what waits for them, and what it comes to.

Asked of the database by what the steps say, not step by step: two queries for a run of any size.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from qbo_sync.faults import LINKED_OTHERWISE, sentence_for
from qbo_sync.models import Reason, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.prepare import CHANGED, ELSEWHERE

# What a person has to look at comes first, then what was asked for, then what was brought along.
URGENT = (StepState.NEEDS_CHOICE, StepState.REFUSED, StepState.UNKNOWN, StepState.IN_THE_WAY, StepState.LEFT_OUT)
PROBLEM = Q(state__in=URGENT) | Q(state=StepState.BLOCKED, message=ELSEWHERE)
# What a person may have tried again. Not what may be at QuickBooks: an answer that is lost, one that somebody left out
# after it was lost, and one whose record another of ours was matched with.
AGAIN = (
    (Q(state=StepState.REFUSED) & ~Q(fault_code=LINKED_OTHERWISE))
    | Q(state=StepState.IN_THE_WAY)
    | Q(state=StepState.LEFT_OUT, message=CHANGED)
    | Q(state=StepState.BLOCKED, message=ELSEWHERE)
)
LOST = str(sentence_for("600"))
COMPARED = 20  # so many sentences show which of their words are alike
GAP = "…"
OF_ONE_RECORD = re.compile(r"“[^“”]*”|‘[^’]*’|\d+")
FIRST_SENTENCE = re.compile(r"((?:“[^“”]*”|[^“”])*?[.…])\s+(.*)")  # names may have full stops in them
ITS_WORDS = "Its words: "  # in front of what QuickBooks says: there only names and numbers are of one record


def may_go_again(run: Run) -> QuerySet[Step]:
    """The steps of a run that a person may have tried again; none of a plan, and none of what was cancelled."""
    if run.type != Run.Type.PUSH or run.state in (RunState.PLANNED, RunState.CANCELLED):
        return run.steps.none()
    return run.steps.filter(AGAIN)


def goes_again(run: Run, step: Step) -> bool:
    """Whether a person may have this step of the run tried again: `may_go_again`, of a step that was read."""
    if run.type != Run.Type.PUSH or run.state in (RunState.PLANNED, RunState.CANCELLED):
        return False
    return _goes_again(step.state, step.fault_code, step.message)


def _goes_again(state: str, code: str, message: str) -> bool:
    if state == StepState.REFUSED:
        return code != LINKED_OTHERWISE
    own_words = {StepState.LEFT_OUT: CHANGED, StepState.BLOCKED: ELSEWHERE}
    return state == StepState.IN_THE_WAY or own_words.get(StepState(state)) == message


@dataclass
class Cause:
    """One cause, with what it keeps from QuickBooks.

    Args:
        records: how many records meet with it.
        held_up: how many more wait for these.
        again: whether trying again can help, once somebody has mended what it says.
    """

    key: str
    state: StepState
    reason: str
    mend: str
    again: bool
    messages: list[str] = field(default_factory=list)
    records: int = 0
    held_up: int = 0
    amount: Decimal = Decimal(0)
    minutes: int = 0

    @property
    def title(self) -> str:
        """What is in the way, in short; "" where its state says it."""
        return str(Reason(self.reason).label) if self.reason else ""

    @property
    def sentence(self) -> str:
        """What its records say: where they say different things, what they have in common."""
        return in_common(self.messages) or (LOST if self.state == StepState.UNKNOWN else "")

    @property
    def parts(self) -> tuple[str, str]:
        """What happened, in short, and the rest, which says what to do."""
        if self.title:
            return f"{self.title}.", self.sentence
        found = FIRST_SENTENCE.fullmatch(self.sentence)
        return (found[1], found[2]) if found else (self.sentence, "")

    @property
    def steps(self) -> Q:
        """Which steps of the run meet with it."""
        return Q(state=self.state, reason=self.reason, mend=self.mend, message__in=self.messages)


def causes(run: Run) -> list[Cause]:
    """What kept records of a run from QuickBooks, the weightiest first, in two queries."""
    found: dict[str, Cause] = {}
    by_message: dict[str, Cause] = {}
    columns = ("state", "reason", "fault_code", "mend", "message")
    for row in _sums(run.steps.filter(PROBLEM), *columns):
        cause = _of(row)
        by_message[row["message"]] = each = found.setdefault(cause.key, cause)
        each.messages.append(row["message"])
        each.records += row["count"]
        _add(each, row)
    if found:
        for row in _sums(run.steps.filter(state=StepState.BLOCKED).exclude(message=ELSEWHERE), "message"):
            if root := next(
                (by_message[said] for said in _what_it_waits_for(row["message"]) if said in by_message), None
            ):
                root.held_up += row["count"]
                _add(root, row)
    return sorted(found.values(), key=lambda each: (-each.records - each.held_up, each.key))


def cause_of(run: Run, key: str) -> Q:
    """The steps of the run that meet with the cause of this key; none where there is no such cause any more."""
    return next((cause.steps for cause in causes(run) if cause.key == key), Q(pk__in=()))


def _sums(steps: QuerySet[Step], *columns: str) -> QuerySet[Step, dict[str, Any]]:
    sums = {"count": Count("pk"), "amount_sum": Sum("amount"), "minutes_sum": Sum("minutes")}
    return steps.order_by(*columns).values(*columns).annotate(**sums)


def _add(cause: Cause, row: dict[str, Any]) -> None:
    cause.amount += row["amount_sum"] or 0
    cause.minutes += row["minutes_sum"] or 0


def _of(row: dict[str, Any]) -> Cause:
    state, reason, code, mend = StepState(row["state"]), row["reason"], row["fault_code"], row["mend"]
    said = row["message"] if reason == Reason.MAPPING else reason or alike(row["message"])
    digest = hashlib.sha256("\n".join((state, reason, mend, said)).encode()).hexdigest()
    return Cause(digest[:12], state, reason, mend, _goes_again(state, code, row["message"]))


def alike(message: str) -> str:
    """A message without what it says of one record alone: names in quotation marks, numbers."""
    ours, its_words, theirs = message.partition(ITS_WORDS)
    return OF_ONE_RECORD.sub(GAP, ours) + its_words + OF_ONE_RECORD.sub(GAP, theirs.strip("“"))


def in_common(messages: Sequence[str]) -> str:
    """What sentences have in common, word by word, with a gap wherever they differ."""
    kept = messages[0].split() if messages else []
    for message in messages[1:COMPARED]:
        kept = _common(kept, message.split())
    return " ".join(kept)


def _common(one: list[str], other: list[str]) -> list[str]:
    kept: list[str] = []
    for tag, start, end, *_ in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        kept += one[start:end] if tag == "equal" else [GAP] * (kept[-1:] != [GAP])
    return kept


def _what_it_waits_for(message: str) -> Iterator[str]:
    """What the record that is waited for may say, which stands behind its name (blocking.waits_for)."""
    yield from (message[found.end() :] for found in re.finditer(r"”\. ?", message))
