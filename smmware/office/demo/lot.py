"""What is drawn by lot: the same on every machine, because the lot is seeded and the libraries are pinned."""

import datetime as dt
from decimal import Decimal
from random import Random

from faker import Faker

SEED = 20261120
SUNDAY = 6
AREA_CODES = (847, 224, 773)


class Lot:
    """One seeded source of chance for a whole company."""

    def __init__(self, seed: int = SEED) -> None:
        self.random = Random(seed)  # noqa: S311 – chance for a demo, not for a secret
        self.fake = Faker("en_US")
        self.fake.seed_instance(seed)
        self._phones = 0

    def phone(self) -> str:
        """A telephone number of those that are kept for fiction (555-0100 to 555-0199), each once."""
        area, line = divmod(self._phones, 100)
        self._phones += 1
        return f"({AREA_CODES[area % len(AREA_CODES)]}) 555-01{line:02}"

    def street(self) -> str:
        return f"{self.random.randint(100, 3400)} {self.fake.street_name()}"

    def dollars(self, low: int, high: int) -> Decimal:
        """An amount to the cent, from `low` to `high` dollars."""
        return Decimal(self.random.randint(low * 100, high * 100)) / 100

    def one_in(self, chances: int) -> bool:
        return self.random.randrange(chances) == 0

    def spread(self, total: int, parts: int, least: int) -> list[int]:
        """`parts` whole numbers of at least `least` that add up to `total`."""
        numbers = [least] * parts
        for _ in range(total - least * parts):
            numbers[self.random.randrange(parts)] += 1
        return numbers


def workday(day: dt.date) -> dt.date:
    """`day` itself, or the Monday after a Sunday."""
    return day + dt.timedelta(days=1) if day.weekday() == SUNDAY else day
