"""TaxService: a tax code with its rates, made in one request; the only way to make either."""

from typing import Any

from qbo_simulator import entities, faults
from qbo_simulator.engine import write
from qbo_simulator.engine.books import Books, Record
from qbo_simulator.engine.kinds import CLEAR, Choice, Name, Reading, Text
from qbo_simulator.engine.objects import Composite, ListOf
from qbo_simulator.entities.shapes import MONEY
from qbo_simulator.exchange import Exchange

SIDES = {"Sales": "SalesTaxRateList", "Purchase": "PurchaseTaxRateList"}
BODY = Composite(
    {
        "TaxCode": Name(100),
        "TaxRateDetails": ListOf(
            Composite(
                {
                    "TaxRateId": Text(),
                    "TaxRateName": Name(100),
                    "RateValue": MONEY,
                    "TaxAgencyId": Text(),
                    "TaxApplicableOn": Choice(tuple(SIDES)),
                }
            )
        ),
    },
    required=("TaxCode", "TaxRateDetails"),
    ignored=("Id", "TaxCodeId", "domain", "sparse"),
)


def answer(books: Books, exchange: Exchange) -> dict[str, Any]:
    """`POST /taxservice/taxcode`: makes the code, and each rate that is not named by its id.

    Body and answer are flat: TaxCode, and TaxRateDetails with TaxRateId, or TaxRateName, RateValue, TaxAgencyId and
    TaxApplicableOn (Sales or Purchase).  Raises 2020, 2500, 6240 (qbo-api.md §7.3); 2000 for another path.
    """
    if (exchange.parts["id"] or "").lower() != "taxcode":
        raise faults.unknown_object(exchange.what)
    if exchange.request.method != "POST":
        raise faults.unsupported_operation("read")
    reading = Reading()
    asked = BODY.read(exchange.body if isinstance(exchange.body, dict) else {}, "TaxService", reading)
    reading.settle()
    details = [settled(books, detail) for detail in asked["TaxRateDetails"]]
    code = write.create(books, entities.REGISTRY["TaxCode"], {"Name": asked["TaxCode"], **rate_lists(details)})
    return {"TaxCode": code["Name"], "TaxCodeId": code["Id"], "TaxRateDetails": details}


def settled(books: Books, detail: Record) -> Record:
    """A rate of the request as the answer shows it, made where it is new."""
    side = detail.get("TaxApplicableOn", "Sales")
    rate = known_rate(books, detail["TaxRateId"]) if "TaxRateId" in detail else new_rate(books, detail)
    return {
        "TaxRateName": rate["Name"],
        "TaxRateId": rate["Id"],
        "RateValue": rate["RateValue"],
        "TaxAgencyId": rate["AgencyRef"]["value"],
        "TaxApplicableOn": side,
    }


def known_rate(books: Books, id: str) -> Record:
    rate = books.get("TaxRate", id)
    if rate is None:
        raise faults.invalid_reference(f"TaxRates element id {id} not found")
    return rate


def new_rate(books: Books, detail: Record) -> Record:
    for name in ("TaxRateName", "RateValue", "TaxAgencyId"):
        if detail.get(name, CLEAR) is CLEAR:
            raise faults.missing(f"TaxRateDetails.{name}")
    body = {
        "Name": detail["TaxRateName"],
        "RateValue": detail["RateValue"],
        "AgencyRef": {"value": detail["TaxAgencyId"]},
    }
    return write.create(books, entities.REGISTRY["TaxRate"], body)


def rate_lists(details: list[Record]) -> Record:
    """The lists of a tax code that its rates make."""
    lists: Record = {}
    for detail in details:
        entry = {"TaxRateRef": {"value": detail["TaxRateId"]}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}
        lists.setdefault(SIDES[detail["TaxApplicableOn"]], {"TaxRateDetail": []})["TaxRateDetail"].append(entry)
    return lists
