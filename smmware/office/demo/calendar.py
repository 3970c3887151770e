"""When work was done on which job: stretches of a few working days, most of them followed by an invoice."""

import datetime as dt
from dataclasses import dataclass, field

from clients.models import Job
from hours.models import Entry
from smmware.office.demo.cast import FIRST_DAY, LAST_DAY
from smmware.office.demo.lot import Lot, workday

INVOICES_PER_JOB = [3] * 24 + [2] * 52 + [1] * 24  # 200 invoices for 100 jobs; the other jobs wait for their first
UNBILLED_STRETCHES = 18
STRETCH_DAYS, PAUSE_DAYS = 9, 8
GROWTH = 0.7  # below 1: the company grows, so its later months are fuller
SEASON, SEASON_STARTS = 0.28, 0.9  # this share of the jobs falls into the last tenth of the time: fall is the season


@dataclass
class Stretch:
    """Some days of work on a job. `invoiced_on` is None where it is still to be billed."""

    job: Job
    first_day: dt.date
    invoiced_on: dt.date | None
    entries: list[Entry] = field(default_factory=list)

    @property
    def descriptions(self) -> set[str]:
        """What has been written about it so far."""
        return {entry.description for entry in self.entries}

    def day(self, lot: Lot) -> dt.date:
        """One of its working days, none after the company's “today”."""
        return min(workday(self.first_day + dt.timedelta(days=lot.random.randrange(STRETCH_DAYS - 2))), LAST_DAY)


def plan_stretches(lot: Lot, jobs: list[Job]) -> list[Stretch]:
    """All stretches of all jobs, by date; sets when each job starts and whether it is over."""
    order = lot.random.sample(jobs, len(jobs))
    busy, waiting = order[: len(INVOICES_PER_JOB)], order[len(INVOICES_PER_JOB) :]
    stretches = _invoiced(lot, busy)
    begins = waiting[: len(waiting) // 2]
    goes_on = _latest(stretches, UNBILLED_STRETCHES - len(begins))
    stretches += [_unbilled(lot, job) for job in [*goes_on, *begins]]
    stretches.sort(key=lambda stretch: (stretch.first_day, stretch.job.pk))
    _say_how_far(order, stretches)
    return stretches


def _invoiced(lot: Lot, jobs: list[Job]) -> list[Stretch]:
    counts = lot.random.sample(INVOICES_PER_JOB, len(jobs))
    stretches: list[Stretch] = []
    for place, (job, invoices) in enumerate(zip(jobs, counts, strict=True)):
        start = _start(place / len(jobs), invoices)
        firsts = [start + dt.timedelta(days=i * (STRETCH_DAYS + PAUSE_DAYS)) for i in range(invoices)]
        stretches += [Stretch(job, day, workday(day + dt.timedelta(days=STRETCH_DAYS + 2))) for day in firsts]
    return stretches


def _start(share: float, stretches: int) -> dt.date:
    """The first day of a job that comes after `share` (0 to 1) of all jobs and has so many stretches of work."""
    room = (LAST_DAY - FIRST_DAY).days - stretches * (STRETCH_DAYS + PAUSE_DAYS) + PAUSE_DAYS // 2
    return workday(FIRST_DAY + dt.timedelta(days=round(room * _place(share))))


def _place(share: float) -> float:
    """Where in the whole time (0 to 1) the job starts that comes after `share` of all jobs."""
    before = 1 - SEASON
    if share < before:
        return SEASON_STARTS * (share / before) ** GROWTH
    return SEASON_STARTS + (1 - SEASON_STARTS) * (share - before) / SEASON


def _latest(stretches: list[Stretch], count: int) -> list[Job]:
    """The jobs that were invoiced last, but not just now: work on them goes on."""
    last = {stretch.job: stretch.first_day for stretch in stretches}
    settled = [job for job, day in last.items() if day < LAST_DAY - dt.timedelta(days=2 * STRETCH_DAYS + PAUSE_DAYS)]
    return sorted(settled, key=lambda job: last[job])[-count:]


def _unbilled(lot: Lot, job: Job) -> Stretch:
    days_ago = lot.random.randint(STRETCH_DAYS - 2, 2 * STRETCH_DAYS)
    return Stretch(job, workday(LAST_DAY - dt.timedelta(days=days_ago)), None)


def _say_how_far(jobs: list[Job], stretches: list[Stretch]) -> None:
    """A job without a stretch has not begun; one whose last stretch is long ago is closed."""
    first = {stretch.job: stretch.first_day for stretch in reversed(stretches)}
    last = {stretch.job: stretch.first_day for stretch in stretches}
    long_ago = LAST_DAY - dt.timedelta(days=3 * STRETCH_DAYS)
    for job in jobs:
        job.starts_on = first.get(job)
        if job not in last:
            job.status = Job.Status.ON_HOLD
        elif last[job] < long_ago:
            job.status = Job.Status.CLOSED
        job.save(update_fields=["starts_on", "status"])
