"""ExchangeRate: found by currency and day, never by an Id."""

from decimal import Decimal

from qbo_simulator.effects.currencies import hide_id, settle_rate
from qbo_simulator.engine.kinds import Day, Number, Text
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import CUSTOM_FIELDS

EXCHANGE_RATE = Entity(
    name="ExchangeRate",
    sequence="ExchangeRate",
    label="SourceCurrencyCode",
    kept_in="ExchangeRates",
    key=("SourceCurrencyCode", "AsOfDate"),
    operations=frozenset({"create", "update", "query"}),
    fields=(
        Field("SourceCurrencyCode", Text(3, 3), required=True, query=True, index=True),
        Field("TargetCurrencyCode", Text(3, 3), default="USD", query=True),
        Field("Rate", Number(Decimal(0)), required=True),
        Field("AsOfDate", Day(), required=True, query=True, index=True),
        Field("CustomField", CUSTOM_FIELDS),
        None,
    ),
    prepare=(settle_rate,),
    shown=(hide_id,),
)
