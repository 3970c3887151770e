"""All records that need a person's choice, each with its likeliest match, and which matches may be accepted together.

Accepted together is only what is exact and can be nothing else: one record at QuickBooks that fits one of ours.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.formats import date_format

from qbo_sync.directory.keys import plain_name
from qbo_sync.entities import Key
from qbo_sync.matching import Candidate, Sure
from qbo_sync.models import Connection, Entity, FoundDocument, Kind, Run, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.blocking import open_questions
from qbo_sync.push.candidates import NAME_KINDS, AtQbo, Choice, candidates_of
from qbo_sync.push.choices import documents_of
from qbo_sync.push.context import links_of
from smmware.core.display import money

TWO_THERE = "QuickBooks has more than one that fits exactly."
TWO_HERE = "More than one record here fits it exactly."
NAMESAKE = "Another record here bears the same name."
LOST = "An answer about it was lost: look at it by itself."
# Names, and invoices of which no request was ever lost.
LISTED = Q(kind__in=NAME_KINDS) | Q(kind=Kind.INVOICE, attempt__isnull=True)
# What each kind is called by, for its namesakes here.
CALLED = {
    Kind.CLIENT: ("name",), Kind.ORGANIZATION: ("name",), Kind.ASSOCIATE: ("first_name", "middle_name", "last_name"),
    Kind.JOB: ("client__name", "name"),
}  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """A record that needs a choice.

    Args:
        step: its question; of several runs that ask about it, the newest one's.
        best: its likeliest match, None where none is known any more.
        others: how many more there are.
        hindrance: why an exact match is not accepted together with others, "" where it is.
    """

    step: Step
    best: Choice | None
    others: int
    hindrance: str = ""

    @property
    def key(self) -> Key:
        return Kind(self.step.kind), self.step.record_id

    @property
    def is_exact(self) -> bool:
        return self.best is not None and self.best.candidate.sure

    @property
    def may_be_accepted(self) -> bool:
        """Whether it may be accepted together with others."""
        return self.is_exact and not self.hindrance

    @property
    def pair(self) -> str:
        """Which record here and which there, as a form says it."""
        kind, record_id = self.key
        return ":".join((kind.value, str(record_id), *self.best.at_qbo)) if self.best else ""


def waiting_records(connection: Connection, run: Run | None = None) -> list[Waiting]:
    """Names that need a choice, and invoices that may have been made by hand, each once, the surest first.

    Args:
        run: only those of this run. What hinders their acceptance is looked for in all runs.

    The queries do not grow with the records.
    """
    questions = _questions(connection, run)
    invoices = [step for step in questions if step.kind == Kind.INVOICE]
    names = [step for step in questions if step.kind != Kind.INVOICE]
    offered = [*candidates_of(connection, names), *_invoices(connection, invoices)]
    found = [_waiting(step, choices) for step, choices in offered]
    judged = _hindered(connection, found)
    if run is not None:
        judged = [each for each in judged if each.step.run_id == run.pk]
    return sorted(judged, key=_surest_first)


def waiting_documents(connection: Connection, run: Run | None = None) -> list[Step]:
    """The questions about documents whose answer was lost, or whose number is taken, in their order."""
    questions = open_questions(connection).exclude(LISTED).select_related("run")
    return list((questions.filter(run=run) if run else questions).order_by("run", "position"))


def count(connection: Connection) -> int:
    """How many records need a choice, in one query."""
    return open_questions(connection).order_by().values("kind", "record_id").distinct().count()


def _questions(connection: Connection, run: Run | None) -> list[Step]:
    """One open question per record, which nobody has answered by linking it; of the given run, where it asks."""
    steps: dict[Key, Step] = {}
    for step in open_questions(connection).filter(LISTED).select_related("run").order_by("pk"):
        key = (Kind(step.kind), step.record_id)
        if run is None or key not in steps or steps[key].run_id != run.pk:
            steps[key] = step
    links = links_of(connection, steps)
    return [step for key, step in steps.items() if key not in links or links[key].is_reserved]


def _invoices(connection: Connection, steps: Sequence[Step]) -> Iterator[tuple[Step, list[Choice]]]:
    offered = documents_of(connection, steps)
    for step in steps:
        yield step, [Choice(_candidate(each), each) for each in offered[step.pk] if each.how_sure]


def _candidate(document: FoundDocument) -> Candidate:
    date = f" · {date_format(document.date, 'DATE_FORMAT')}" if document.date else ""
    return Candidate(
        entity=Entity(document.entity),
        qbo_id=document.qbo_id,
        name=f"{document.number or 'No number'}{date} · {money(document.amount)} · {document.person}",
        why=document.why,
        how_sure=Sure(document.how_sure),
        linkable=True,
        is_active=True,
        differs=document.differs,
    )


def _waiting(step: Step, offered: Sequence[Choice]) -> Waiting:
    exact = [each for each in offered if each.candidate.how_sure == Sure.EXACT]
    best = next(iter(offered), None)
    return Waiting(step, best, max(len(offered) - 1, 0), _own_hindrance(step, exact))


def _own_hindrance(step: Step, exact: Sequence[Choice]) -> str:
    """What speaks against accepting a record together with others that is seen in it alone."""
    if exact and step.attempt_id and step.state == StepState.NEEDS_CHOICE:
        return LOST
    return TWO_THERE if len(exact) > 1 else ""


def _hindered(connection: Connection, found: Iterable[Waiting]) -> list[Waiting]:
    """The same, with what speaks against accepting them that is not seen in one of them alone."""
    found = list(found)
    wanted = Counter(each.best.at_qbo for each in found if each.best and each.is_exact)
    namesakes = _namesakes(connection, {each.key[0] for each in found if each.may_be_accepted} & CALLED.keys())
    return [replace(each, hindrance=each.hindrance or _hindrance(each, wanted, namesakes)) for each in found]


def _hindrance(waiting: Waiting, wanted: Mapping[AtQbo, int], namesakes: Collection[Key]) -> str:
    if not waiting.best or not waiting.is_exact:
        return ""
    if wanted[waiting.best.at_qbo] > 1:
        return TWO_HERE
    return NAMESAKE if waiting.key in namesakes else ""


def _namesakes(connection: Connection, kinds: Iterable[Kind]) -> set[Key]:
    """The records of these kinds, not linked yet, that share their name with another such: a query per kind."""
    found: set[Key] = set()
    for kind in kinds:
        rows = kind.model._default_manager.exclude(qbo_links__connection=connection).values_list("pk", *CALLED[kind])
        by_name: dict[str, list[int]] = defaultdict(list)
        for pk, *name in rows.iterator():
            by_name[plain_name(" ".join(name))].append(pk)
        found |= {(kind, pk) for of_name in by_name.values() if len(of_name) > 1 for pk in of_name}
    return found


def _surest_first(waiting: Waiting) -> tuple[int, str, int]:
    sureness = list(Sure).index(waiting.best.candidate.how_sure) if waiting.best else len(Sure)
    return (sureness, waiting.step.label.casefold(), waiting.step.pk)
