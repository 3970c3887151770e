"""Small lists of the sample company: taxes, currencies, customer types and a budget."""

from collections.abc import Iterator
from typing import Any

Row = tuple[str, int, dict[str, Any]]

TAX_AGENCIES = ((1, "Arizona Dept. of Revenue"), (2, "Board of Equalization"))
# (id, name, percentage, agency)
TAX_RATES = ((1, "AZ State tax", 7.1, 1), (2, "Tucson City", 2, 1), (3, "California", 8, 2))
# (id, name, the rates in it)
TAX_CODES = ((2, "California", (3,)), (3, "Tucson", (1, 2)))
CURRENCIES = ((1, "CAD"), (2, "EUR"), (3, "GBP"))
# what one unit is worth in US dollars
RATES = ((1, "CAD", 0.73), (2, "EUR", 1.08), (3, "GBP", 1.27))
RATES_OF = "2026-01-02"
CUSTOMER_TYPES = ((1, "Retail"), (2, "Wholesale"))
BUDGET = {
    "Name": "Advertising 2026",
    "StartDate": "2026-01-01",
    "EndDate": "2026-12-31",
    "BudgetDetail": [
        {"BudgetDate": f"2026-{month:02}-01", "Amount": 250, "AccountRef": {"value": "7"}} for month in range(1, 13)
    ],
}


def rows() -> Iterator[Row]:
    """(entity, id, body), what others refer to first."""
    for id, name in TAX_AGENCIES:
        yield "TaxAgency", id, {"DisplayName": name}
    for id, name, percentage, agency in TAX_RATES:
        yield "TaxRate", id, {"Name": name, "RateValue": percentage, "AgencyRef": {"value": str(agency)}}
    for id, name, rates in TAX_CODES:
        yield "TaxCode", id, {"Name": name, "SalesTaxRateList": rate_list(rates)}
    for id, code in CURRENCIES:
        yield "CompanyCurrency", id, {"Code": code}
    for id, code, value in RATES:
        yield "ExchangeRate", id, {"SourceCurrencyCode": code, "Rate": value, "AsOfDate": RATES_OF}
    for id, name in CUSTOMER_TYPES:
        yield "CustomerType", id, {"Name": name}
    yield "Budget", 1, BUDGET


def rate_list(rates: tuple[int, ...]) -> dict[str, Any]:
    details = [
        {"TaxRateRef": {"value": str(rate)}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0} for rate in rates
    ]
    return {"TaxRateDetail": details}
