"""Taxes, currencies, customer types and budgets."""

import pytest
import time_machine

from tests.unit.qbo_simulator.company import Company, code, fault, without


def taken(what: str) -> dict:
    """The refusal of a name that another record of a list holds."""
    words = f"Another {what} is already using this \nname. Please use a different name."
    return fault("6240", "Duplicate Name Exists Error", f"The name supplied already exists. : {words}")


def test_a_tax_agency_is_made_and_read_but_never_changed(company: Company) -> None:
    made = company.made("TaxAgency", DisplayName="City of Ames", TaxRegistrationNumber="")
    assert without(made, "MetaData") == {
        "DisplayName": "City of Ames",
        "TaxTrackedOnPurchases": False,
        "TaxTrackedOnSales": True,
        "domain": "QBO",
        "sparse": False,
        "Id": "3",
        "SyncToken": "0",
    }
    assert company.read("TaxAgency", "3") == made
    assert code(company.post("TaxAgency", {"Id": "3", "SyncToken": "0", "DisplayName": "Ames"})) == "500"
    assert company.post("TaxAgency", {"DisplayName": "city of ames"}) == taken("tax agency")


def test_a_query_shows_the_constant_tax_codes_besides_its_page(company: Company) -> None:
    page = company.query("select * from TaxCode maxresults 1")
    assert [each["Id"] for each in page["TaxCode"]] == ["TAX", "NON", "CustomSalesTax", "2"]
    assert [each["Id"] for each in company.rows("select * from TaxCode startposition 2", "TaxCode")] == ["3"]
    assert [each["Id"] for each in company.rows("select * from TaxCode where Name = 'non'", "TaxCode")] == ["NON"]
    assert len(company.rows("select * from TaxCode where Active in (true, false)", "TaxCode")) == 5
    assert company.query("select * from TaxCode where Name like '%x%'") == {}
    non = {"Name": "NON", "Description": "NON", "Taxable": False, "TaxGroup": False, "Id": "NON"}
    assert without(company.read("TaxCode", "NON"), "MetaData") == non


@time_machine.travel("2026-08-16T17:21:23Z", tick=False)
def test_the_tax_service_makes_a_code_with_its_rates(company: Company) -> None:
    new = {"TaxRateName": "Ames", "RateValue": 1.5, "TaxAgencyId": 1, "TaxApplicableOn": "Sales"}
    body = {"Id": 0, "TaxCode": "Ames and state", "TaxRateDetails": [new, {"TaxRateId": "1"}]}
    answer = company.ask("POST", "taxservice/taxcode", json=body).get_json()
    ames = {"TaxRateName": "Ames", "TaxRateId": "4", "RateValue": 1.5, "TaxAgencyId": "1", "TaxApplicableOn": "Sales"}
    state = {"TaxRateName": "AZ State tax", "TaxRateId": "1", "RateValue": 7.1, "TaxAgencyId": "1"}
    assert without(answer, "time") == {
        "TaxCode": "Ames and state",
        "TaxCodeId": "4",
        "TaxRateDetails": [ames, {**state, "TaxApplicableOn": "Sales"}],
    }
    kind = {"TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}
    assert without(company.read("TaxCode", "4"), "MetaData", "domain", "sparse", "SyncToken") == {
        "Name": "Ames and state",
        "Description": "Ames and state",
        "Active": True,
        "Taxable": True,
        "TaxGroup": True,
        "SalesTaxRateList": {
            "TaxRateDetail": [
                {"TaxRateRef": {"value": "4", "name": "Ames"}, **kind},
                {"TaxRateRef": {"value": "1", "name": "AZ State tax"}, **kind},
            ]
        },
        "PurchaseTaxRateList": {"TaxRateDetail": []},
        "Id": "4",
    }
    assert without(company.read("TaxRate", "4"), "MetaData") == {
        "Name": "Ames",
        "Description": "Ames",
        "Active": True,
        "RateValue": 1.5,
        "AgencyRef": {"value": "1", "name": "Arizona Dept. of Revenue"},
        "SpecialTaxType": "NONE",
        "EffectiveTaxRate": [{"RateValue": 1.5, "EffectiveDate": "2026-08-16T10:21:23-07:00"}],
        "DisplayType": "ReadOnly",
        "domain": "QBO",
        "sparse": False,
        "Id": "4",
        "SyncToken": "0",
    }


def test_what_the_tax_service_refuses(company: Company) -> None:
    def answer(path: str = "taxservice/taxcode", **body: object) -> dict:
        return without(company.ask("POST", path, json=body).get_json(), "time")

    detail = {"TaxRateName": "california", "RateValue": 1, "TaxAgencyId": "2"}
    assert answer(TaxCode="C", TaxRateDetails=[detail]) == taken("tax rate")
    assert code(answer(TaxCode="C")) == "2020"
    assert code(answer(TaxRateDetails=[{"TaxRateId": "1"}])) == "2020"
    assert code(answer(TaxCode="C", TaxRateDetails=[{"TaxRateName": "D"}])) == "2020"
    assert code(answer(TaxCode="C", TaxRateDetails=[{"TaxRateId": "99"}])) == "2500"
    assert code(answer(TaxCode="C", TaxRateDetails=[{**detail, "TaxRateName": "D", "TaxAgencyId": "99"}])) == "2500"
    assert code(answer(TaxCode="C", Colour="red")) == "2010"
    assert code(answer("taxservice/taxrate", TaxCode="C")) == "2000"
    assert code(company.ask("GET", "taxservice/taxcode").get_json()) == "500"
    assert company.query("select count(*) from TaxCode") == {"totalCount": 2}


@pytest.mark.parametrize("entity", ["TaxCode", "TaxRate", "CustomerType", "Budget"])
def test_what_people_alone_make_is_only_read(company: Company, entity: str) -> None:
    assert code(company.post(entity, {"Name": "Mine"})) == "500"
    [first, *_] = company.rows(f"select * from {entity} where Id = '2' or Id = '1'", entity) or company.rows(
        f"select * from {entity}", entity
    )
    assert first["Name"]


def test_a_budget_and_a_customer_type(company: Company) -> None:
    budget = company.read("Budget", "1")
    assert (budget["BudgetType"], budget["BudgetEntryType"], len(budget["BudgetDetail"])) == (
        "ProfitAndLoss",
        "Monthly",
        12,
    )
    assert budget["BudgetDetail"][0]["AccountRef"] == {"value": "7", "name": "Advertising"}
    customer = company.made("Customer", DisplayName="Rosa Lind", CustomerTypeRef={"value": "1"})
    assert customer["CustomerTypeRef"] == {"value": "1", "name": "Retail"}


def test_a_currency_is_called_by_its_name(company: Company) -> None:
    assert company.read("CompanyCurrency", "1")["Name"] == "Canadian Dollar"
    made = company.made("CompanyCurrency", Code="chf")
    assert (made["Code"], made["Name"], made["Active"]) == ("CHF", "Swiss Franc", True)
    gone = company.made("CompanyCurrency", Id=made["Id"], SyncToken="0", sparse=True, Active=False)
    assert gone["Name"] == "Swiss Franc (deleted)"
    assert code(company.post("CompanyCurrency", {"Code": "TOOLONG"})) == "2050"


def test_an_exchange_rate_is_found_by_currency_and_day(company: Company) -> None:
    [euro] = company.rows("select * from ExchangeRate where SourceCurrencyCode = 'EUR'", "ExchangeRate")
    assert without(euro, "MetaData") == {
        "SourceCurrencyCode": "EUR",
        "TargetCurrencyCode": "USD",
        "Rate": 1.08,
        "AsOfDate": "2026-01-02",
        "domain": "QBO",
        "sparse": False,
        "SyncToken": "0",
    }
    changed = company.made("ExchangeRate", **{**without(euro, "MetaData"), "Rate": 2.08})
    assert (changed["Rate"], changed["SyncToken"]) == (2.08, "1")
    later = company.made("ExchangeRate", SourceCurrencyCode="EUR", Rate=1.1, AsOfDate="2026-03-01")
    assert later["SyncToken"] == "0"

    def rate(**args: str) -> dict:
        return company.ask("GET", "exchangerate", query_string=args).get_json()

    assert rate(sourcecurrencycode="EUR")["ExchangeRate"]["Rate"] == 1.1
    assert rate(sourcecurrencycode="EUR", asofdate="2026-02-01")["ExchangeRate"]["Rate"] == 2.08
    assert code(rate(sourcecurrencycode="EUR", asofdate="2020-02-01")) == "610"
    assert code(rate()) == "2020"


@pytest.mark.parametrize("codes", [("EUR", "GBP"), ("USD", "USD")])
def test_a_rate_leads_to_the_home_currency(company: Company, codes: tuple[str, str]) -> None:
    source, target = codes
    body = {"SourceCurrencyCode": source, "TargetCurrencyCode": target, "Rate": 1, "AsOfDate": "2026-03-01"}
    assert code(company.post("ExchangeRate", body)) == "2220"
