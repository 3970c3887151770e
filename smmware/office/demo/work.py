"""What the associates recorded: through `hours.recording`, so that the rates of each day are those of the product."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from associates.models import Associate
from clients.models import Job, JobCode
from hours.models import Entry, ExpenseCategory, ExpenseEntry, FlatFee, FlatFeePreset, HourEntry, MileageEntry, PaidFrom
from hours.recording import record_expense, record_flat_fee, record_hours, record_mileage
from organizations.models import Organization
from smmware.office.demo import cast
from smmware.office.demo.calendar import Stretch
from smmware.office.demo.lot import Lot, workday

# How many of each: on stretches that are invoiced, on those that are not yet, and as overhead
HOURS, MILEAGE, EXPENSES, FEES = (1270, 110, 120), (240, 30, 30), (92, 13, 45), (40, 8)
MINUTES = (60, 90, 120, 120, 150, 180, 180, 210, 240, 240, 300, 50, 100)  # a few that are no round part of an hour
FULL_DAY = 9 * 60
TRIES = 12
PAID_FROM = (PaidFrom.BANK, PaidFrom.CREDIT_CARD, PaidFrom.CREDIT_CARD, PaidFrom.CASH, PaidFrom.ASSOCIATE)


class Crew:
    """Who works, at which prices, and with whom the company shops."""

    def __init__(
        self, lot: Lot, associates: list[Associate], codes: dict[str, list[JobCode]], vendors: dict[str, Organization]
    ) -> None:
        self.lot = lot
        self.codes = codes
        self.vendors = vendors
        self.van = next(associate for associate in associates if associate.is_vehicle)
        self.office = [associate for associate in associates if associate.last_name in cast.OFFICE_PEOPLE]
        self.field = [associate for associate in associates if associate.last_name in cast.FIELD_PEOPLE]
        self.presets = [
            FlatFeePreset.objects.create(label=label, amount=amount, taxable=taxable)
            for label, amount, taxable in cast.FLAT_FEES
        ]
        self._minutes: dict[tuple[Associate, dt.date], int] = defaultdict(int)
        self._categories: dict[str, ExpenseCategory] = {}

    def work(self, stretches: list[Stretch]) -> None:
        """Fill the stretches with entries: every invoiced one with hours, and with the rest as it falls."""
        invoiced = [stretch for stretch in stretches if stretch.invoiced_on]
        unbilled = [stretch for stretch in stretches if not stretch.invoiced_on]
        for share, part in enumerate((invoiced, unbilled)):
            self._fill(part, HOURS[share], self._hours, least=3)
            self._fill(part, MILEAGE[share], self._mileage)
            self._fill(part, EXPENSES[share], self._expense)
            self._fill(part, FEES[share], self._flat_fee)

    def _fill(self, stretches: list[Stretch], total: int, record: Callable[[Stretch], Entry], least: int = 0) -> None:
        for stretch, count in zip(stretches, self.lot.spread(total, len(stretches), least), strict=True):
            stretch.entries += [record(stretch) for _ in range(count)]

    def _hours(self, stretch: Stretch) -> HourEntry:
        minutes = self.lot.random.choice(MINUTES)
        day, person = self._free(stretch, minutes)
        tasks = [(code, text) for label, text in cast.TASKS[stretch.job.type] if (code := self._code(label, person))]
        new = [task for task in tasks if task[1] not in stretch.descriptions]
        code, description = self.lot.random.choice(new or tasks)
        return record_hours(
            job=stretch.job, associate=person, date=day, minutes=minutes, job_code=code, description=description
        )

    def _free(self, stretch: Stretch, minutes: int) -> tuple[dt.date, Associate]:
        """A day and somebody whose day is not full; after some tries whoever has least to do on the last of them."""
        for _ in range(TRIES):
            day = stretch.day(self.lot)
            people = self.lot.random.sample(self.field, len(self.field))
            person = min(people, key=lambda one: self._minutes[one, day] + minutes > FULL_DAY)
            if self._minutes[person, day] + minutes <= FULL_DAY:
                break
        self._minutes[person, day] += minutes
        return day, person

    def _code(self, label: str, person: Associate) -> JobCode | None:
        """The code of this label that the person may use; the dearest of several."""
        allowed = [code for code in self.codes[label] if code.lowest_level <= person.level]
        return max(allowed, key=lambda code: code.charge_rate, default=None)

    def _mileage(self, stretch: Stretch) -> MileageEntry:
        driver = self.van if self.lot.one_in(5) else self.lot.random.choice(self.field)
        return record_mileage(
            job=stretch.job,
            associate=driver,
            date=stretch.day(self.lot),
            miles=Decimal(self.lot.random.randint(120, 480)) / 10,
            description="Van between the two homes" if driver == self.van else "To the client and back",
        )

    def _expense(self, stretch: Stretch) -> ExpenseEntry:
        buyer = self.lot.random.choice(self.field)
        return self._buy(stretch.job, buyer, stretch.day(self.lot), self.lot.random.choice(cast.EXPENSES))

    def _buy(self, job: Job, buyer: Associate, day: dt.date, purchase: cast.Purchase) -> ExpenseEntry:
        category, low, high, description, vendor = purchase
        return record_expense(
            job=job,
            associate=buyer,
            date=day,
            amount=self.lot.dollars(low, high),
            category=self._category(category),
            vendor=self.vendors[vendor] if vendor else None,
            paid_from=self.lot.random.choice(PAID_FROM),
            description=description,
        )

    def _category(self, name: str) -> ExpenseCategory:
        if name not in self._categories:
            self._categories[name] = ExpenseCategory.objects.create(name=name)
        return self._categories[name]

    def _flat_fee(self, stretch: Stretch) -> FlatFee:
        preset = self.lot.random.choice(self.presets)
        return record_flat_fee(
            job=stretch.job,
            associate=self.lot.random.choice(self.field),
            date=stretch.day(self.lot),
            amount=preset.amount,
            description=preset.label,
            preset=preset,
            taxable=preset.taxable,
        )

    # Overhead

    def keep_house(self, jobs: list[Job]) -> list[Entry]:
        """The overhead of the whole time, evenly spread over the jobs; none of it is billable."""
        recorders = ((HOURS[2], self._office_hours), (MILEAGE[2], self._errand), (EXPENSES[2], self._office_purchase))
        return [
            record(jobs[i % len(jobs)], day)
            for count, record in recorders
            for i, day in enumerate(_evenly(count))
        ]  # fmt: skip

    def _office_hours(self, job: Job, day: dt.date) -> Entry:
        return record_hours(
            job=job,
            associate=self.lot.random.choice(self.office),
            date=day,
            minutes=self.lot.random.choice((30, 45, 60, 90, 120, 180)),
            job_code=self.codes[cast.OFFICE_WORK][0],
            description=cast.OVERHEAD_TASKS[job.name],
        )

    def _errand(self, job: Job, day: dt.date) -> Entry:
        miles = Decimal(self.lot.random.randint(24, 190)) / 10
        driver = self.lot.random.choice(self.office)
        return record_mileage(job=job, associate=driver, date=day, miles=miles, description="Errand for the office")

    def _office_purchase(self, job: Job, day: dt.date) -> Entry:
        return self._buy(job, self.lot.random.choice(self.office), day, cast.OVERHEAD_EXPENSES[job.name])


def _evenly(count: int) -> list[dt.date]:
    days = (cast.LAST_DAY - cast.FIRST_DAY).days
    return [workday(cast.FIRST_DAY + dt.timedelta(days=i * days // count)) for i in range(count)]
