"""One round of imports: undisturbed, then again while workers are struck; both must end alike to the last field."""

import time
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from django.utils import timezone

from associates.models import Associate
from bench.served import Simulator
from clients.models import Client
from organizations.models import Organization
from qbo_sync.models import ImportList, ImportRow, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull import answers, choosing
from qbo_sync.pull.begin import begin_import
from qbo_sync.runs import moves
from qbo_sync.tasks import ring
from tests.browser.books_of_years import create, known
from tests.faults.chaos import strikes, weather
from tests.faults.chaos.company import Company
from tests.faults.chaos.imported import Before, differences, everything
from tests.faults.chaos.office import connect
from tests.faults.chaos.rounds import POLL_SECONDS, Round
from tests.faults.chaos.strikes import Siege
from tests.faults.chaos.workers import Nursery, Worker

PEOPLE = (ImportList.CLIENTS, ImportList.VENDORS, ImportList.ASSOCIATES)
MOST_STRIKES = 15  # while lists are read, and again while plans are carried out
END_SECONDS = 60.0
MEETS = (weather.lost_read, weather.failure, weather.too_many, weather.time_out, weather.sign_in_fails)
OVER = (RunState.DONE, RunState.CANCELLED)


class ImportMatch:
    """Everything that one round is played with."""

    def __init__(self, seed: int, simulator: Simulator, nursery: Nursery, person: Associate, worker: Worker) -> None:
        self.random = Random(seed)
        self.result = Round(seed, after="as undisturbed")
        self.person = person
        self.company = Company(simulator)
        self.connection = connect(self.company, person, self.random)
        self.runs: dict[ImportList, Run] = {}
        self._wanted: tuple[RunState, ...] = ()
        self._fill()
        self.before = Before.now()
        self.siege = Siege(nursery, self.company, self.connection.pk, self.is_over, worker)

    def play(self, most_strikes: int) -> Round:
        """Play the round.  most_strikes: no more than these, half of them at most while lists are read."""
        started, injected = time.monotonic(), self.company.injected()
        said = self.random.randrange(10**6)
        self._import(said, self._wait)
        expected = everything(self.connection, self.before, self._standing())
        self.before.again(self.connection)
        self.company.behave(self._weather())
        self._import(said, lambda: self._besiege((most_strikes - self.siege.strikes + 1) // 2))
        self.company.at_peace()
        found = everything(self.connection, self.before, self._standing())
        self.result.found.wrong += differences(expected, found)
        self.result.injected = self.company.injected() - injected
        return self._summed_up(started)

    def _fill(self) -> None:
        """The books of a company, some of whose people are here already, under other names."""
        random = self.random
        sizes = {"customers": random.randint(90, 150), "vendors": random.randint(15, 40)}
        everybody = known(**sizes, employees=random.randint(8, 20), seed=random.randrange(10**6))
        ids = [qbo_id for (entity, qbo_id), _ in create(everybody, self.company).items() if entity == "Customer"]
        for number, parent in enumerate(random.sample(ids, len(ids) // 8)):
            self.company.create("Customer", DisplayName=f"Move {number}", Job=True, ParentRef={"value": parent})
        for qbo_id in random.sample(ids, len(ids) // 12):
            self.company.create("Customer", Id=qbo_id, SyncToken="0", sparse=True, Active=False)
        _move_in(each.here for each in everybody if each.here)

    def _weather(self) -> dict[str, Any]:
        """QuickBooks is slow, fails now and then, and loses answers."""
        rules = [self.random.choice(MEETS)(self.random) for _ in range(self.random.randrange(5))]
        for rule in rules:
            rule["match"] = {"operation": "query", "nth": rule["match"].get("nth", 1)}
        return {"latency": {"base_ms": self.random.randrange(60, 200), "per_operation_ms": 0}, "rules": rules}

    def _import(self, said: int, pass_time: Callable[[], None]) -> None:
        """All three lists from their buttons to their ends.  said: what a person chooses is drawn from it."""
        self.runs = {which: self._begin(which) for which in PEOPLE}
        self._wanted = (RunState.PLANNED, *OVER)
        pass_time()
        random = Random(said)
        for run in self._standing():
            if run.state == RunState.PLANNED:
                _choose(run, random)
                moves.queue(run)
        ring(self.connection.pk)
        self._wanted = OVER
        pass_time()

    def _begin(self, which: ImportList) -> Run:
        run = begin_import(self.connection, which, actor=self.person, now=timezone.now())
        ring(self.connection.pk)
        return run

    def _standing(self) -> list[Run]:
        """The runs as they are now, in the order of the lists."""
        found = Run.objects.in_bulk([run.pk for run in self.runs.values()])
        return [found[self.runs[which].pk] for which in PEOPLE]

    def is_over(self) -> bool:
        """Whether each has come as far as it should. Whoever finds one stopped presses “Go on”, or the button again."""
        runs = self._standing()
        for run in runs:
            if run.state == RunState.FAILED:
                self._again(run)
        return all(run.state in self._wanted for run in runs)

    def _again(self, run: Run) -> None:
        if run.planned_at is not None:
            moves.queue(run)
            ring(self.connection.pk)
        else:
            which = ImportList(run.import_list)
            self.runs[which] = self._begin(which)

    def _besiege(self, most_strikes: int) -> None:
        """Strike again and again until it is through, then wait for the end."""
        struck = 0
        while struck < min(most_strikes, MOST_STRIKES) and not self.is_over():
            self.siege.strike(strikes.drawn(self.random))
            struck += 1
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + END_SECONDS
        while not self.is_over() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)

    def _summed_up(self, started: float) -> Round:
        self.result.kills, self.result.freezes = self.siege.kills, self.siege.freezes
        self.result.taken_over = self.siege.taken_over
        self.result.records = ImportRow.objects.filter(run__in=self.runs.values()).count()
        self.result.seconds = time.monotonic() - started
        return self.result


def _move_in(known_here: Iterable[Any]) -> None:
    """These are here already."""
    made: dict[str, list[Any]] = {"client": [], "organization": [], "associate": []}
    for here in known_here:
        reach = {"email": here["email"], "phone": here["phone"]}
        if here["kind"] == "client":
            made["client"].append(Client(name=here["name"], stage=Client.Stage.CLIENT, **reach))
        elif here["kind"] == "organization":
            made["organization"].append(Organization(name=here["name"], **reach))
        else:
            named = {"first_name": here["given"], "last_name": here["family"]}
            made["associate"].append(Associate(username=None, password="!", **named, **reach))
    for records in made.values():
        if records:
            type(records[0])._default_manager.bulk_create(records)


def _choose(run: Run, random: Random) -> None:
    """What a person says to a plan: the same of the same plan, in whatever order its rows were made."""
    choosing.take_in(run, jobs=True, inactive=random.random() < 0.5)
    taken = set(run.rows.filter(answer__startswith=f"{answers.LINK}:").values_list("answer", flat=True))
    given: dict[int, str] = {}
    for row in sorted(run.rows.filter(is_open=True), key=lambda row: int(row.qbo_id)):
        if row.answer and random.random() > 0.1:
            continue
        offered = [each.answer for each in choosing.options(row, run) if each.answer and each.answer not in taken]
        given[row.pk] = random.choice(sorted(offered))
        taken.add(given[row.pk]) if answers.is_link(given[row.pk]) else None
    problems = choosing.choose(run, given)
    if problems:
        raise AssertionError(problems)
