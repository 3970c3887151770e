"""The first steps with a company's books, in the manual's order (“Enable the Integration” to “Copying Items to QBO”).

How far each is follows from what is there: the connection, its imports, mappings and links. Nobody ticks anything off.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from django.db.models import Count, TextChoices
from django.utils.formats import date_format

from qbo_sync.mappings import Mappings, Slot
from qbo_sync.mappings.uses import Uses
from qbo_sync.models import Connection, ImportList, ImportRow, Kind, Link, Outcome, Run, Step
from qbo_sync.models.states import RunState
from qbo_sync.runs.moves import OPEN_RUNS
from smmware.core.display import plural

LISTS = (ImportList.ACCOUNTS, ImportList.ITEMS, ImportList.PAYMENT_METHODS, ImportList.TERMS)
WHERE_TRACKED = (ImportList.CLASSES, ImportList.LOCATIONS)  # not every company has them
PEOPLE = (ImportList.CLIENTS, ImportList.VENDORS, ImportList.ASSOCIATES)
OVER = (RunState.DONE, RunState.CANCELLED, RunState.FAILED)


class Standing(TextChoices):
    """How far a step is."""

    DONE = "done", "Done"
    TO_DO = "to_do", "To do"
    WAITING = "waiting", "Waiting"


class Stage(Enum):
    """The steps: their value is their heading."""

    CONNECT = "Connect to QuickBooks"
    LISTS = "Import your lists"
    MAPPINGS = "Choose items and accounts"
    PEOPLE = "Import and match people"
    GO_LIVE = "Say from which day on"
    TEST = "Copy one invoice as a test"

    @property
    def key(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class GuideStep:
    """A step and how far it is.

    Args:
        words: what is still to be done, or what was done, in a sentence; what it waits for, where it waits.
        run: the run that it waits for, None for none.
    """

    stage: Stage
    standing: Standing
    words: str
    run: Run | None = None


class Guide:
    """How far a company is. As many queries for a large company as for a small one; those of a step when it is asked.

    Args:
        connection: the company, None where none is connected.
    """

    def __init__(self, connection: Connection | None) -> None:
        self.connection = connection

    @cached_property
    def steps(self) -> list[GuideStep]:
        if self.connection is None or not self.connection.is_connected:
            return [self._connect(), *(_waits(stage, Stage.CONNECT) for stage in Stage if stage != Stage.CONNECT)]
        return [self._connect(), *self._of_the_connection(self.connection)]

    @property
    def done(self) -> int:
        return sum(step.standing == Standing.DONE for step in self.steps)

    @property
    def is_finished(self) -> bool:
        return self.done == len(self.steps)

    @property
    def next(self) -> GuideStep | None:
        """The step that somebody can do something about now."""
        return next((step for step in self.steps if step.standing == Standing.TO_DO), None)

    def standing(self, stage: Stage) -> Standing:
        return next(step.standing for step in self.steps if step.stage == stage)

    @cached_property
    def mappings(self) -> Mappings | None:
        return Mappings(self.connection) if self.connection else None

    @property
    def proposals(self) -> list[tuple[Slot, str, int]]:
        """What is proposed where nobody has chosen: the slot, the name and the key of what is probably meant."""
        if self.mappings is None:
            return []
        likely = [(slot, self.mappings.proposal(slot)) for slot in self.mappings.missing()]
        return [(slot, str(choice), choice.pk) for slot, choice in likely if choice]

    @property
    def unproposed(self) -> int:
        """For how many choices nothing is proposed."""
        return len(self.mappings.missing()) - len(self.proposals) if self.mappings else 0

    @cached_property
    def imports(self) -> list[Run]:
        """The imports that ended well or have not ended yet, the oldest first, without their reports."""
        runs = Run.objects.filter(connection=self.connection, type=Run.Type.IMPORT)
        counting = runs.exclude(state__in=(RunState.CANCELLED, RunState.FAILED))
        return list(counting.only("import_list", "state", "title", "type").order_by("pk"))

    @property
    def imported(self) -> set[str]:
        """The lists that were read to their end."""
        return {run.import_list for run in self.imports if run.state == RunState.DONE}

    @property
    def importing(self) -> dict[str, Run]:
        """The import of each list that has not ended yet."""
        return {run.import_list: run for run in self.imports if not run.is_over}

    @property
    def is_reading(self) -> bool:
        """Whether an import is going on now, as opposed to a plan that waits for somebody."""
        return any(run.state in OPEN_RUNS for run in self.importing.values())

    @cached_property
    def undecided(self) -> dict[str, int]:
        """How many rows of each list of people still need a choice, by its last import that ended well."""
        last = {run.import_list: run.pk for run in self.imports if run.state == RunState.DONE}
        rows = ImportRow.objects.filter(run__in=[last[which] for which in PEOPLE if which in last])
        rows = rows.filter(outcome=Outcome.CHOICE).order_by()
        return dict(rows.values_list("run__import_list").annotate(Count("pk")))

    def _connect(self) -> GuideStep:
        if self.connection is None:
            return GuideStep(Stage.CONNECT, Standing.TO_DO, "You sign in at Intuit's own page and choose your company.")
        if not self.connection.is_connected:
            words = f"QuickBooks no longer accepts our authorization for {self.connection}. Connect again."
            return GuideStep(Stage.CONNECT, Standing.TO_DO, words)
        return GuideStep(Stage.CONNECT, Standing.DONE, f"You are connected to {self.connection}.")

    def _of_the_connection(self, connection: Connection) -> Iterator[GuideStep]:
        yield self._of_lists(Stage.LISTS, LISTS)
        yield self._mapped
        yield self._people()
        yield _go_live(connection)
        yield self._tested(connection)

    def _of_lists(self, stage: Stage, lists: tuple[ImportList, ...]) -> GuideStep:
        left = [which for which in lists if which not in self.imported]
        if not left:
            return GuideStep(stage, Standing.DONE, f"{_enumerated(lists)} were read.")
        not_begun = [which for which in left if which not in self.importing]
        if not_begun:
            return GuideStep(stage, Standing.TO_DO, f"Still to be imported: {_enumerated(not_begun)}.")
        return GuideStep(stage, Standing.WAITING, f"Not finished yet: {_enumerated(left)}.")

    def _people(self) -> GuideStep:
        step = self._of_lists(Stage.PEOPLE, PEOPLE)
        left = [which for which in PEOPLE if self.undecided.get(which)]
        if step.standing != Standing.DONE or not left:
            return step
        waits = all(which in self.importing for which in left)
        records = plural(sum(self.undecided.values()), "record")
        words = f"Your choice is still needed for {records}. Import again: {_enumerated(left)}."
        return GuideStep(Stage.PEOPLE, Standing.WAITING if waits else Standing.TO_DO, words)

    @cached_property
    def _mapped(self) -> GuideStep:
        if self.mappings is None or self.mappings.is_empty:
            return _waits(Stage.MAPPINGS, Stage.LISTS)
        missing, unfit = self.mappings.missing(), self.mappings.unfit()
        needed = self._needed(missing)
        if self.mappings.chosen_keys and not (needed or unfit):
            rest = f"{_still_open(len(missing))}, and no record needs one." if missing else "Everything is chosen."
            return GuideStep(Stage.MAPPINGS, Standing.DONE, rest)
        words = [_open_choices(len(missing), len(needed))] if missing else []
        words += [f"“{slot.label}” is inactive at QuickBooks now, or of another type." for slot in unfit]
        return GuideStep(Stage.MAPPINGS, Standing.TO_DO, " ".join(words))

    def _needed(self, missing: list[Slot]) -> list[Slot]:
        """Those that records wait for."""
        if not missing or self.connection is None or self.mappings is None:
            return []
        uses = Uses(self.connection, self.mappings.chosen_keys)
        return [slot for slot in missing if uses.of(slot.key)]

    def _tested(self, connection: Connection) -> GuideStep:
        there = Link.objects.filter(connection=connection, invoice__isnull=False, qbo_id__isnull=False)
        if there.filter(origin=Link.Origin.PUSHED).exists():  # an old one that was linked was copied by nobody
            return GuideStep(Stage.TEST, Standing.DONE, "An invoice is at QuickBooks. Look at it there.")
        if self._mapped.standing != Standing.DONE:
            return _waits(Stage.TEST, Stage.MAPPINGS)
        copying = Step.objects.filter(kind=Kind.INVOICE, run__connection=connection, run__type=Run.Type.PUSH)
        run = Run.objects.filter(pk__in=copying.values("run")).exclude(state__in=OVER).order_by("-pk").first()
        if run:
            return GuideStep(Stage.TEST, Standing.WAITING, f"{run}: {run.get_state_display().lower()}.", run)
        return GuideStep(
            Stage.TEST, Standing.TO_DO, "Choose one. You see what it brings along before anything is sent."
        )


def _still_open(number: int) -> str:
    return f"{plural(number, 'choice')} {'is' if number == 1 else 'are'} still open"


def _open_choices(number: int, needed: int) -> str:
    if not needed:
        return f"{_still_open(number)}."
    waited_for = f"{needed} of them" if needed < number else "it" if number == 1 else "each of them"
    return f"{_still_open(number)}; records wait for {waited_for}."


def _go_live(connection: Connection) -> GuideStep:
    if connection.go_live_date:
        words = f"Nothing dated before {date_format(connection.go_live_date, 'DATE_FORMAT')} is copied."
        return GuideStep(Stage.GO_LIVE, Standing.DONE, words)
    if connection.copies_everything:
        return GuideStep(Stage.GO_LIVE, Standing.DONE, "Everything may be copied, however old.")
    words = "Your books have the past already: say from which day on records are copied."
    return GuideStep(Stage.GO_LIVE, Standing.TO_DO, words)


def _enumerated(lists: Iterable[ImportList]) -> str:
    return ", ".join(which.label for which in lists)


def _waits(stage: Stage, other: Stage) -> GuideStep:
    return GuideStep(stage, Standing.WAITING, f"Waits for “{other.value}”.")
