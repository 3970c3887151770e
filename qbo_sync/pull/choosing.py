"""What a person says to a plan: whom a row is linked with, what it becomes, that it is left out, what is taken in."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When

from qbo_sync.matching import Sure
from qbo_sync.models import ImportList, ImportRow, Kind, Outcome, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull import answers, report
from qbo_sync.pull.catalog import PEOPLE
from qbo_sync.pull.planning import LIKELY, YOU_LEFT_IT_OUT, not_wanted, taken_in, words_of
from qbo_sync.runs.moves import has_expired

NOT_PLANNED = "This plan is not open any more. Import again."
NOT_OFFERED = "“{row}”: that is not one of the choices."
TWICE = "“{name}” would be linked twice: with “{row}” and with “{other}”. Choose otherwise for one of them first."
CHOOSE = "Choose…"
LEAVE_OUT = "Leave it out"
POSSIBLE = "Perhaps it is somebody who is here. Choose, or it is left alone."
SOMEBODY_NEW = "You said that it is somebody new."
BATCH = 500


@dataclass(frozen=True)
class Option:
    """One answer that a row may be given, and how it is offered."""

    answer: str
    label: str
    is_chosen: bool = False


def is_open(run: Run) -> bool:
    """Whether a person may still choose in this plan."""
    return run.state == RunState.PLANNED and not has_expired(run)


def options(row: ImportRow, run: Run) -> list[Option]:
    """The answers that a row may be given; none where there is nothing to choose."""
    if not row.is_open:
        return []
    found = {"": CHOOSE} if row.answer == "" else {}
    found |= {
        answers.link(each["kind"], each["pk"]): f"Link with {each['name']}"
        for each in row.candidates if not each["obstacle"]
    }  # fmt: skip
    found |= new_ones(run, is_job=row.is_job) | {answers.LEAVE_OUT: LEAVE_OUT}
    return [Option(answer, label, answer == row.answer) for answer, label in found.items()]


def new_ones(run: Run, *, is_job: bool = False) -> dict[str, str]:
    """What a row may become anew: the answer, and how it is offered."""
    if is_job:
        return {answers.new(Kind.JOB): "New job"}
    return {answers.new(kind): label for kind, label in PEOPLE[ImportList(run.import_list)].new.items()}


def choose(run: Run, given: Mapping[int, str]) -> list[str]:
    """Take these answers, by the rows' primary keys. Returns what is wrong, in sentences; the rest is taken."""
    with _plan(run) as is_planned:
        if not is_planned:
            return [NOT_PLANNED]
        rows = list(run.rows.filter(pk__in=given, is_open=True).order_by("pk"))
        changed = [row for row in rows if row.answer != given[row.pk]]
        links = [given[row.pk] for row in changed if answers.is_link(given[row.pk])]
        linked = {row.answer: row for row in run.rows.filter(answer__in=links).exclude(pk__in=given)}
        linked |= {row.answer: row for row in rows if row.answer == given[row.pk]}
        problems = [problem for row in changed if (problem := _answer(run, row, given[row.pk], linked))]
        ImportRow.objects.bulk_update(changed, ["answer", "outcome", "note"])
        return problems


def choose_for_all(run: Run, outcome: str, answer: str) -> int | None:
    """Give all open rows of this outcome one answer; how many there were, None where that is not possible.

    Sub-customers become jobs and nothing else.
    """
    with _plan(run) as is_planned:
        if not is_planned or answer not in {*new_ones(run), answers.LEAVE_OUT}:
            return None
        rows = run.rows.filter(is_open=True, outcome=outcome)
        if answer == answers.LEAVE_OUT:
            return rows.update(answer=answer, outcome=Outcome.LEFT, note=YOU_LEFT_IT_OUT)
        note = Case(When(candidates=[], then=Value("")), default=Value(SOMEBODY_NEW))
        return rows.filter(is_job=False).update(answer=answer, outcome=Outcome.NEW, note=note)


def alike(run: Run) -> QuerySet[ImportRow]:
    """The new ones who resemble somebody here, too little to hold them up: nobody has said yet that they are new.

    One of a couple, somebody by a short form that we do not know, a name after a marriage: most are somebody else, and
    who is not would be here twice.
    """
    return run.rows.filter(is_open=True, is_job=False, outcome=Outcome.NEW, note="").exclude(candidates=[])


def ask_about_alike(run: Run) -> int | None:
    """Let each of them wait for a choice; how many there were, None where the plan is not open any more."""
    with _plan(run) as is_planned:
        return alike(run).update(answer="", outcome=Outcome.CHOICE, note=POSSIBLE) if is_planned else None


def link_the_likely(run: Run) -> tuple[int, int] | None:
    """Link each open row with the one record of ours that it may be; rows that compete for one stay open, as do those
    that may be one of several. Returns how many are to be linked now and how many still need a choice; None where the
    plan is not open any more.
    """
    with _plan(run) as is_planned:
        if not is_planned:
            return None
        rows = list(run.rows.filter(is_open=True, outcome=Outcome.CHOICE, answer="").order_by("pk"))
        found = {row: only for row in rows if (only := _the_only_one(row))}
        often = Counter(_link_with(each) for each in found.values())
        taken = set(run.rows.filter(answer__in=often).values_list("answer", flat=True))
        linked = [row for row, each in found.items() if often[_link_with(each)] == 1 and _link_with(each) not in taken]
        for row in linked:
            row.answer, row.note = _link_with(found[row]), words_of(found[row])
            taken_in(row, run)
        ImportRow.objects.bulk_update(linked, ["answer", "outcome", "note"], batch_size=BATCH)
        return len(linked), len(rows) - len(linked)


def _the_only_one(row: ImportRow) -> Mapping[str, Any] | None:
    """The record of ours that a row may be, where there is only one and nothing is in the way."""
    likely = [each for each in row.candidates if each["sure"] != Sure.POSSIBLE]
    return likely[0] if len(likely) == 1 and not likely[0]["obstacle"] else None


def _link_with(found: Mapping[str, Any]) -> str:
    return answers.link(found["kind"], found["pk"])


def take_in(run: Run, *, jobs: bool, inactive: bool) -> bool:
    """Whether sub-customers and inactive ones are taken in. False where the plan is not open any more."""
    with _plan(run) as is_planned:
        if is_planned:
            run.with_jobs, run.with_inactive = jobs, inactive
            Run.objects.filter(pk=run.pk).update(with_jobs=jobs, with_inactive=inactive)
            rows = run.rows.filter(is_open=True)
            rows.update(outcome=answers.OUTCOME_OF_ANSWER)
            rows.filter(not_wanted(run)).update(outcome=Outcome.LEFT)
        return is_planned


@contextmanager
def _plan(run: Run) -> Iterator[bool]:
    """Whether the plan is still open, kept from others meanwhile; its counts are brought up to date afterwards."""
    with transaction.atomic():
        held = Run.objects.select_for_update().get(pk=run.pk)
        is_planned = is_open(held)
        yield is_planned
        if is_planned:
            _count(run)


def _count(run: Run) -> None:
    counted = report.counts(run)
    waiting = run.rows.filter(is_open=True, outcome__in=(Outcome.NEW, Outcome.LINKED)).count()
    run.report, run.progress = report.stored(counted), run.size - waiting
    Run.objects.filter(pk=run.pk).update(report=run.report, progress=run.progress)


def _answer(run: Run, row: ImportRow, answer: str, linked: dict[str, ImportRow]) -> str:
    """Take an answer; "" or what is wrong with it.  linked: which row is linked by which answer, kept up here."""
    if answer not in {option.answer for option in options(row, run)}:
        return NOT_OFFERED.format(row=row.name)
    found = next((each for each in row.candidates if answers.link(each["kind"], each["pk"]) == answer), None)
    if found and linked.setdefault(answer, row) is not row:
        return TWICE.format(name=found["name"], row=row.name, other=linked[answer].name)
    row.answer, row.note = answer, _note(row, answer, found)
    taken_in(row, run)
    return ""


def _note(row: ImportRow, answer: str, found: Mapping[str, str] | None) -> str:
    if found:
        return words_of(found)
    if row.is_job:
        return row.note
    new = SOMEBODY_NEW if row.candidates else ""
    return {"": LIKELY, answers.LEAVE_OUT: YOU_LEFT_IT_OUT}.get(answer, new)
