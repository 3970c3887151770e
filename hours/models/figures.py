"""Money and measures, as every record of this app has them."""

from decimal import ROUND_HALF_UP, Decimal

from django.core.validators import MinValueValidator
from django.db import models

CENT = Decimal("0.01")
MINUTES_A_DAY = 24 * 60
POSITIVE = [MinValueValidator(CENT)]
NOT_NEGATIVE = [MinValueValidator(Decimal(0))]


class Distance(models.TextChoices):
    """In what distances are driven."""

    MILES = "mi", "Miles"
    KILOMETRES = "km", "Kilometres"

    @property
    def one(self) -> str:
        """One of them, in words."""
        return {Distance.MILES: "mile", Distance.KILOMETRES: "kilometre"}[self]


def to_cents(amount: Decimal) -> Decimal:
    """Round dollars to cents, half up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
