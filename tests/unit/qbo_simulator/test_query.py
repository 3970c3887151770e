"""The query language (qbo-api.md §3)."""

import pytest

from tests.unit.qbo_simulator.company import Company, fault, plain


def ids(company: Company, statement: str, entity: str = "Customer") -> list[str]:
    return [row["Id"] for row in company.rows(statement, entity)]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Id = '2'", ["2"]),
        ("Id = 2", ["2"]),
        ("DisplayName = 'Cool Cars'", ["3"]),
        ("DisplayName = 'cool cars'", ["3"]),
        (r"DisplayName = 'Amy\'s Bird Sanctuary'", ["1"]),
        ("DisplayName LIKE 'B%'", ["2", "23"]),
        ("DisplayName like '%_%' AND Id < '0'", []),
        ("Id IN ('1', '3', '999')", ["1", "3"]),
        ("Id > '2' and Id <= '4'", ["3", "4"]),
        ("FamilyName = 'Barnett' AND Job = true", ["23"]),
        ("ParentRef = '7'", ["8", "9"]),
        ("Active = false", ["15"]),
        ("DisplayName LIKE 'Pye%'", []),
        ("DisplayName LIKE 'Pye%' AND Active IN (true, false)", ["15"]),
        ("DisplayName LIKE 'Pye%' AND Active = 'false'", ["15"]),
        ("Balance > '0'", []),
        ("MetaData.LastUpdatedTime > '2030-01-01T00:00:00-08:00'", []),
        ("Metadata.CreateTime > '2020-01-01' AND Id = '1'", ["1"]),
    ],
)
def test_conditions(company: Company, where: str, found: list[str]) -> None:
    assert ids(company, f"select * from Customer where {where}") == found


@pytest.mark.parametrize("by", ["ORDERBY DisplayName", "ORDER BY DisplayName ASC", "orderby displayname asc, Id desc"])
def test_order_is_written_in_two_ways(company: Company, by: str) -> None:
    rows = company.rows(f"Select * From Customer {by} MAXRESULTS 3", "Customer")
    assert [row["DisplayName"] for row in rows] == ["0969 Ocean View Road", "55 Twin Lane", "Amy's Bird Sanctuary"]


def test_pages_begin_at_1_and_tell_how_many_rows_they_hold(company: Company) -> None:
    page = company.query("select * from Customer orderby Id startposition 31 maxresults 10")
    assert [row["Id"] for row in page["Customer"]] == ["60", "61"]
    assert (page["startPosition"], page["maxResults"], "totalCount" in page) == (31, 2, False)
    assert company.query("select * from Customer startposition 1000") == {}


def test_a_page_holds_100_rows_unless_asked_and_1000_at_most(company: Company) -> None:
    for start in range(0, 1020, 30):
        company.batch(
            *(
                {"bId": str(n), "operation": "create", "Term": {"Name": f"T{n}", "DueDays": 1}}
                for n in range(start, start + 30)
            )
        )
    assert company.query("select * from Term")["maxResults"] == 100
    assert company.query("select * from Term maxresults 5000")["maxResults"] == 1000
    assert company.query("select count(*) from Term") == {"totalCount": 1024}


def test_a_projection_keeps_the_named_properties(company: Company) -> None:
    assert company.rows("select DisplayName, Active from Vendor where Id = '30'", "Vendor") == [
        {"domain": "QBO", "sparse": True, "Id": "30", "DisplayName": "Books by Bessie", "Active": True}
    ]
    assert "Sku" not in company.rows("SELECT *, Sku FROM Item where Id = '2'", "Item")[0]


def test_a_query_may_come_as_the_body_of_a_post_and_counts_as_reading(company: Company) -> None:
    answer = plain(company.ask("POST", "query", data="select count(*) from Term", content_type="application/text"))
    assert answer == {"QueryResponse": {"totalCount": 4}}
    assert (company.log()[-1]["kind"], company.log()[-1]["operations"]) == (
        "read",
        [{"operation": "query", "entity": "Term"}],
    )


def test_purchases_come_newest_first(company: Company) -> None:
    line = [{"Amount": 1, "DetailType": "AccountBasedExpenseLineDetail",
             "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "56"}}}]  # fmt: skip
    made = [company.made("Purchase", PaymentType="Cash", AccountRef={"value": "35"}, Line=line)["Id"] for _ in range(3)]
    assert ids(company, "select * from Purchase", "Purchase") == made[::-1]
    assert ids(company, "select * from Purchase orderby Id", "Purchase") == made


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("select * from Customer startposition 0", "value 0 is too small. Min allowed value is 1"),
        ("select * from Purchase where PrivateNote = 'x'", "property 'PrivateNote' is not queryable"),
        ("select * from Invoice where DepartmentRef = '1'", "property 'DepartmentRef' is not queryable"),
        ("select * from Vendor where AccountRef = '1'", "Property AccountRef not found for Entity Vendor"),
        ("select * from Invoice where Active = true", "Property Active not found for Entity Invoice"),
        ("select Colour from Customer", "Property Colour not found for Entity Customer"),
        ("select * from Nonsense", "Entity Nonsense is not queryable"),
        ("select * from Customer where MetaData.CreateTime > 'soon'", "value soon is not a valid date time"),
    ],
)
def test_what_cannot_be_asked_is_4001(company: Company, statement: str, detail: str) -> None:
    assert company.query(statement) == fault("4001", "Invalid query", f"QueryValidationError: {detail}", None)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("select * from Customer where Id = '1' or Id = '2'", 'Encountered " <NAME> "or "" at line 1, column 39.'),
        ("select * from Customer where DisplayName = 'O'Neil'", 'Encountered " <NAME> "Neil "" at line 1, column 47.'),
        ('select * from Customer where Id = "1"', 'Lexical error at line 1, column 35. Encountered: """'),
        ("select * from", 'Encountered "<EOF>" at line 1, column 10.'),
        ("", 'Encountered "<EOF>" at line 1, column 1.'),
        ("delete from Customer", 'Encountered " <NAME> "delete "" at line 1, column 1.'),
    ],
)
def test_what_is_no_query_is_4000_in_the_words_of_intuits_parser(company: Company, statement: str, where: str) -> None:
    error = company.query(statement)["Fault"]["Error"][0]
    assert (error["code"], error["Message"]) == ("4000", "QueryParseError")
    assert error["Detail"].startswith(f"QueryParserError: {where}")


def test_references_show_present_names(company: Company) -> None:
    made = company.made(
        "TimeActivity", NameOf="Employee", EmployeeRef={"value": "55", "name": "Whoever"}, Hours=1, Minutes=0
    )
    assert made["EmployeeRef"] == {"value": "55", "name": "Emily Platt"}
    company.made("Employee", Id="55", SyncToken="0", sparse=True, DisplayName="Emily Stone")
    found = company.rows("select * from TimeActivity", "TimeActivity")
    assert found[0]["EmployeeRef"] == {"value": "55", "name": "Emily Stone"}
