"""The query language (qbo-api.md §3)."""

import re
from typing import Any

import pytest
from quickbooks.objects import Customer as QuickBooksCustomer
from quickbooks.objects import Item as QuickBooksItem

from tests.contract.company import Company, Record, pick, ref, sale, stub
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only
from tests.contract.peers import python_quickbooks
from tests.contract.shapes import DIGITS, MILLISECONDS, check


@pytest.fixture
def invoices(company: Company) -> tuple[str, list[Record]]:
    """Three invoices of one customer, of 10, 20 and 30, and the condition that finds them."""
    customer = company.customer()
    made = [
        company.invoice(
            sale(amount), CustomerRef=ref(customer), DocNumber=company.number(), TxnDate=f"2026-01-{amount}"
        )
        for amount in (10, 20, 30)
    ]
    return f"CustomerRef = '{customer['Id']}'", made


def amounts(company: Company, condition: str) -> list[Any]:
    return [row["TotalAmt"] for row in company.rows("Invoice", condition)]


@fact("3-operator-equal", "3-customerref-filterable")
def test_equal(company: Company, invoices: tuple[str, list[Record]]) -> None:
    own, made = invoices
    assert amounts(company, f"{own} and DocNumber = '{made[1]['DocNumber']}'") == [20]


@fact("3-operator-order", "3-dates")
@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("TotalAmt < '20'", [10]),
        ("TotalAmt <= '20'", [10, 20]),
        ("TotalAmt > '20'", [30]),
        ("TotalAmt >= '20'", [20, 30]),
        ("TxnDate > '2026-01-10'", [20, 30]),
        ("TxnDate <= '2026-01-20'", [10, 20]),
    ],
)
def test_order(company: Company, invoices: tuple[str, list[Record]], condition: str, found: list[int]) -> None:
    assert amounts(company, f"{invoices[0]} and {condition} orderby TxnDate") == found


@fact("3-operator-in")
def test_in(company: Company, invoices: tuple[str, list[Record]]) -> None:
    own, made = invoices
    wanted = ", ".join(f"'{invoice['Id']}'" for invoice in made[:2])
    assert amounts(company, f"{own} and Id in ({wanted}) orderby Id") == [10, 20]


@fact("3-operator-like", "3-like-only-percent")
def test_like(company: Company) -> None:
    name = company.name("Like_A")
    company.customer(DisplayName=name)
    assert [row["DisplayName"] for row in company.rows("Customer", f"DisplayName like '%{name[2:]}'")] == [name]
    assert company.rows("Customer", f"DisplayName like '{name.replace('Like_A', 'LikexA')}'") == []
    assert company.rows("Customer", f"DisplayName like '{name.replace('Like_A', 'L_ke_A')}'") == []


@fact("3-no-or", "3-no-not", "3-no-join", "3-no-group-by", "3-no-nesting")
@pytest.mark.parametrize(
    "rest",
    [
        "Customer where Id = '1' or Id = '2'",
        "Customer where not Id = '1'",
        "Customer join Invoice",
        "Customer group by Active",
        "Customer where (Id = '1')",
    ],
)
def test_what_the_language_has_not(company: Company, rest: str) -> None:
    assert company.misquery(f"select * from {rest}")["code"] == "4000"


@fact("3-grammar")
def test_all_clauses_in_their_order(company: Company, invoices: tuple[str, list[Record]]) -> None:
    statement = f"select * from Invoice where {invoices[0]} orderby TxnDate desc startposition 2 maxresults 1"
    response = company.query(statement)
    assert [row["TotalAmt"] for row in response["Invoice"]] == [20]
    assert pick(response, "startPosition", "maxResults") == {"startPosition": 2, "maxResults": 1}


@fact("3-grammar", "3-syntax-4000")
def test_clauses_out_of_order(company: Company) -> None:
    assert company.misquery("select * from Customer maxresults 1 where Id = '1'")["code"] == "4000"


@fact("3-orderby-two-spellings")
@pytest.mark.parametrize("words", ["orderby", "order by"])
def test_two_spellings_of_orderby(company: Company, invoices: tuple[str, list[Record]], words: str) -> None:
    assert amounts(company, f"{invoices[0]} {words} TxnDate desc") == [30, 20, 10]


@fact("3-keywords-any-case", "3-entity-any-case")
def test_keywords_and_entity_in_any_case(company: Company) -> None:
    customer = company.customer()
    response = company.query(f"sElEcT * FROM customer WHERE Id = '{customer['Id']}' StartPosition 1 maxResults 5")
    assert [row["Id"] for row in response["Customer"]] == [customer["Id"]]


@fact("3-single-quotes", "3-double-quotes")
def test_text_in_single_quotes_only(company: Company) -> None:
    customer = company.customer()
    assert company.rows("Customer", f"DisplayName = '{customer['DisplayName']}'")[0]["Id"] == customer["Id"]
    assert company.misquery(f'select * from Customer where Id = "{customer["Id"]}"')["code"] == "4000"


@fact("3-bare-or-quoted")
@pytest.mark.parametrize("condition", ["TotalAmt > 10.00", "TotalAmt > '10.00'"])
def test_numbers_bare_or_quoted(company: Company, invoices: tuple[str, list[Record]], condition: str) -> None:
    assert amounts(company, f"{invoices[0]} and {condition} orderby TxnDate") == [20, 30]


@fact("3-bare-or-quoted", "3-inactive-left-out", "3-inactive-asked-for", "11-20-inactive-missing")
@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("", ["A"]),
        (" and Active in (true, false)", ["A", "B (deleted)"]),
        (" and Active = false", ["B (deleted)"]),
        (" and Active = true", ["A"]),
    ],
)
def test_inactive_rows(company: Company, condition: str, found: list[str]) -> None:
    name = company.name()
    company.customer(DisplayName=f"{name} A")
    company.changed("Customer", company.customer(DisplayName=f"{name} B"), Active=False)
    rows = company.rows("Customer", f"DisplayName like '{name}%'{condition} orderby DisplayName")
    assert [row["DisplayName"].removeprefix(f"{name} ") for row in rows] == found


@fact("3-escaped-apostrophe", "3-doubled-apostrophe", "11-22-unescaped")
def test_an_apostrophe(company: Company) -> None:
    name = company.name("O'Neil")
    company.customer(DisplayName=name)
    escaped, doubled = name.replace("'", "\\'"), name.replace("'", "''")
    assert [row["DisplayName"] for row in company.rows("Customer", f"DisplayName = '{escaped}'")] == [name]
    for wrong in (doubled, name):
        assert company.misquery(f"select * from Customer where DisplayName = '{wrong}'")["code"] == "4000"


@fact("3-datetime-with-offset", "3-lastupdated-everywhere", "3-filterable-common")
@pytest.mark.parametrize("entity", ["Customer", "Invoice", "TimeActivity"])
def test_times_can_be_filtered_and_sorted_by(company: Company, entity: str) -> None:
    makers = {"Customer": company.customer, "Invoice": company.invoice, "TimeActivity": company.time}
    made = makers[entity]()
    since = made["MetaData"]["LastUpdatedTime"]
    found = company.rows(
        entity,
        f"MetaData.LastUpdatedTime >= '{since}' and MetaData.CreateTime >= '{since}' "
        "orderby MetaData.LastUpdatedTime desc maxresults 1000",
    )
    assert made["Id"] in [row["Id"] for row in found]
    assert company.rows(entity, "MetaData.LastUpdatedTime > '2099-01-01T00:00:00-08:00'") == []


@fact("3-default-page", "3-largest-page", "3-maxresults-is-returned")
@simulator_only("a thousand records would stay in the sandbox")
def test_the_size_of_a_page(fresh: Simulated) -> None:
    for start in range(0, 1020, 30):
        fresh.batch(
            *({"bId": str(n), "operation": "create", "Class": {"Name": f"P {n}"}} for n in range(start, start + 30))
        )
    sizes = [
        fresh.query(f"select * from Class{most}")["maxResults"] for most in ("", " maxresults 1000", " maxresults 5000")
    ]
    assert sizes == [100, 1000, 1000]


@fact("3-startposition-from-1")
def test_positions_count_from_one(company: Company, invoices: tuple[str, list[Record]]) -> None:
    assert amounts(company, f"{invoices[0]} orderby TxnDate startposition 1 maxresults 1") == [10]
    assert amounts(company, f"{invoices[0]} orderby TxnDate startposition 3 maxresults 1") == [30]


@fact("3-startposition-zero")
def test_position_zero(company: Company) -> None:
    error = company.misquery("select * from Customer startposition 0")
    assert pick(error, "Message", "Detail", "code") == {
        "Message": "Invalid query",
        "Detail": "QueryValidationError: value 0 is too small. Min allowed value is 1",
        "code": "4001",
    }


@fact("3-projection")
def test_a_projection(company: Company) -> None:
    customer = company.customer()
    (row,) = company.query(f"select Id from Customer where Id = '{customer['Id']}'")["Customer"]
    assert (row["Id"], "DisplayName" in row) == (customer["Id"], False)


@fact("3-star-and-more", "8.5-sku-in-select")
def test_a_star_and_more(company: Company) -> None:
    item = company.service(Sku="SKU-1")
    (row,) = company.query(f"select *, Sku from Item where Id = '{item['Id']}'")["Item"]
    assert (row["Name"], row["Sku"]) == (item["Name"], "SKU-1")


@fact("3-transactions-without-active")
def test_transactions_have_no_active(company: Company) -> None:
    assert company.misquery("select * from Invoice where Active = true")["code"] == "4001"
    assert "Active" not in company.invoice()


@fact("3-deleted-vanish")
def test_deleted_transactions_vanish(company: Company, invoices: tuple[str, list[Record]]) -> None:
    own, made = invoices
    company.delete("Invoice", made[0])
    assert amounts(company, f"{own} orderby Id") == [20, 30]


@fact("3-default-order")
def test_rows_come_by_id(company: Company, invoices: tuple[str, list[Record]]) -> None:
    assert amounts(company, invoices[0]) == [10, 20, 30]


@fact("3-purchases-descending")
def test_purchases_come_newest_first(company: Company) -> None:
    ids = [company.purchase(DocNumber=company.number())["Id"] for _ in range(2)]
    wanted = ", ".join(f"'{id}'" for id in ids)
    assert [row["Id"] for row in company.rows("Purchase", f"Id in ({wanted})")] == ids[::-1]


@fact("3-paging-skips", "11-21-skipped-rows")
def test_paging_by_offset_over_a_shrinking_set_skips(company: Company, invoices: tuple[str, list[Record]]) -> None:
    own, made = invoices
    first = amounts(company, f"{own} orderby Id startposition 1 maxresults 1")
    company.delete("Invoice", made[0])
    assert (first, amounts(company, f"{own} orderby Id startposition 2")) == ([10], [30])


@fact("3-not-queryable", "3-privatenote-not-queryable", "8.8-note-not-in-where")
@pytest.mark.parametrize("name", ["DepartmentRef", "PrivateNote"])
def test_what_cannot_be_asked_for(company: Company, name: str) -> None:
    error = company.misquery(f"select * from Purchase where {name} = '1'")
    detail = f"QueryValidationError: property '{name}' is not queryable"
    assert pick(error, "code", "Detail") == {"code": "4001", "Detail": detail}


@fact("3-property-unknown")
def test_a_property_of_another_entity(company: Company) -> None:
    error = company.misquery("select * from Customer where AccountRef = '1'")
    assert error["code"] == "4001"
    assert error["Detail"].startswith("QueryValidationError: Property AccountRef not found for Entity")


@fact("3-filterable-common")
def test_common_properties_can_be_filtered_by(company: Company) -> None:
    customer = company.customer()
    name = customer["DisplayName"]
    assert [row["Id"] for row in company.rows("Customer", f"Active = true and DisplayName = '{name}'")] == [
        customer["Id"]
    ]
    number = company.number()
    invoice = company.invoice(DocNumber=number, TxnDate="2026-02-03")
    found = company.rows("Invoice", f"DocNumber = '{number}' and TxnDate = '2026-02-03'")
    assert [row["Id"] for row in found] == [invoice["Id"]]


@fact("3-syntax-4000")
def test_a_syntax_error(company: Company) -> None:
    error = company.misquery("select * from Customer where DisplayName 'x'")
    assert pick(error, "code", "Message") == {"code": "4000", "Message": "QueryParseError"}
    pattern = r"QueryParserError: Encountered .* at line 1, column \d+\. Was expecting.*"
    assert re.fullmatch(pattern, error["Detail"], re.DOTALL)


@fact("3-response-shape", "3-key-and-list", "3-maxresults-is-returned")
def test_the_answer_to_a_query(company: Company) -> None:
    activity = company.time()
    answer = company.ask("GET", "query", query=f"select * from timeactivity where Id = '{activity['Id']}'").json
    response = answer["QueryResponse"]
    assert set(answer) == {"QueryResponse", "time"}
    check(MILLISECONDS, answer["time"])
    assert pick(response, "startPosition", "maxResults") == {"startPosition": 1, "maxResults": 1}
    assert [row["Id"] for row in response["TimeActivity"]] == [activity["Id"]]


@fact("3-count-shape")
def test_a_count(company: Company, invoices: tuple[str, list[Record]]) -> None:
    assert company.query(f"select count(*) from Invoice where {invoices[0]}") == {"totalCount": 3}


@fact("3-empty-shape", "3-end-of-data")
def test_nothing_found(company: Company) -> None:
    assert company.query("select * from Customer where Id = '999999999'") == {}


@fact("3-totalcount-sometimes")
@simulator_only("Intuit is inconsistent; here it is there where the first page holds all")
def test_totalcount_is_there_at_times(fresh: Simulated) -> None:
    assert fresh.query("select * from Term")["totalCount"] == 4
    assert "totalCount" not in fresh.query("select * from Term maxresults 2")


@fact("3-preferences-page")
def test_the_answer_for_preferences(company: Company) -> None:
    response = company.query("select * from Preferences")
    assert pick(response, "maxResults", "startPosition") == {"maxResults": 1, "startPosition": None}
    assert [row["Id"] for row in response["Preferences"]] == ["1"]


@fact("3-only-values")
def test_only_properties_with_a_value_are_there(company: Company) -> None:
    customer = company.customer()
    assert [name for name, value in customer.items() if value in (None, "", {})] == []
    check(DIGITS, customer["Id"])


@fact("2.1-client-sends-75", "2.1-client-queries-by-post")
@simulator_only("what a client library sends is read from the request log")
def test_python_quickbooks_unchanged(fresh: Simulated) -> None:
    with python_quickbooks(fresh) as client:
        QuickBooksCustomer.filter(Active=True, max_results=2, qb=client)
        QuickBooksItem.query("select *, Sku from Item", qb=client)
    sent = [entry for entry in fresh.log() if entry["path"].endswith("/query")]
    assert {entry["method"] for entry in sent} == {"POST"}
    assert all("minorversion=75" in entry["query"] for entry in sent)


@fact("2.3-older-token-5010")
def test_what_a_query_shows_is_what_was_written(company: Company) -> None:
    customer = company.changed("Customer", company.customer(), Notes="x")
    (row,) = company.rows("Customer", f"Id = '{customer['Id']}'")
    assert stub(row) == stub(customer)
