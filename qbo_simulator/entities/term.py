"""Term (qbo-api.md §8.6)."""

from decimal import Decimal

from qbo_simulator.effects.terms import settle_type
from qbo_simulator.engine.kinds import Name, Number, Text, Whole
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACTIVE

DAYS = Whole(Decimal(0), Decimal(999))
DAY_OF_MONTH = Whole(Decimal(1), Decimal(31))

TERM = Entity(
    name="Term",
    sequence="Term",
    label="Name",
    kept_in="Terms",
    unique="Name",
    operations=frozenset({"create", "update", "query"}),
    fields=(
        Field("Name", Name(31), required=True, query=True, index=True),
        ACTIVE,
        Field("Type", Text(), server=True, query=True),
        Field("DiscountPercent", Number(Decimal(0), Decimal(100))),
        Field("DueDays", DAYS, query=True),
        Field("DiscountDays", DAYS),
        Field("DayOfMonthDue", DAY_OF_MONTH),
        Field("DueNextMonthDays", DAYS),
        Field("DiscountDayOfMonth", DAY_OF_MONTH),
        None,
    ),
    ignored=frozenset({"AttachableRef"}),
    prepare=(settle_type,),
)
