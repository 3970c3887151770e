"""The pages for people: what they show, what they let a person do, and what they refuse."""

import re
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from qbo_simulator import Simulator
from qbo_simulator.pages import redaction
from tests.unit.qbo_simulator.company import REALM, Company
from tests.unit.qbo_simulator.pages import heading

BASE = f"/company/{REALM}"
OWN = {"Origin": "http://localhost"}


def words(response: TestResponse) -> str:
    """The text of a page as a person reads it, blanks drawn together."""
    body = response.text.split("<main", 1)[1]
    text = re.sub(r"<[^>]+>", " ", body).replace("&#39;", "'").replace("&amp;", "&")
    return " ".join(text.split())


def row(page: TestResponse, name: str) -> str:
    """One row of a listing."""
    match = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{re.escape(name)}.*?</tr>", page.text, re.DOTALL)
    assert match, words(page)
    return " ".join(re.sub(r"<[^>]+>", " ", match[0]).split())


def invoice(company: Company, **more: Any) -> dict[str, Any]:
    sale = {
        "Amount": 150,
        "DetailType": "SalesItemLineDetail",
        "Description": "Sorting <books>",
        "SalesItemLineDetail": {"ServiceDate": "2026-11-02", "Qty": 3, "UnitPrice": 50, "ItemRef": {"value": "2"}},
    }
    boxes = {"Amount": 1084.5, "DetailType": "SalesItemLineDetail", "Description": "Boxes"}
    return company.made("Invoice", CustomerRef={"value": "1"}, Line=[sale, boxes], **more)


def do(company: Company, path: str, headers: dict[str, str] = OWN, **form: str) -> TestResponse:
    """Press a button; the page that tells what it did."""
    answer = company.client.post(f"{BASE}/{path}", data=form, headers=headers)
    if answer.status_code == 303:
        return company.client.get(answer.headers["Location"])
    return answer


def statements(app: Simulator, client: Client, path: str) -> int:
    """How many SQL statements a page takes."""
    seen: list[str] = []
    app.database.connection.set_trace_callback(seen.append)
    assert client.get(path).status_code == 200
    app.database.connection.set_trace_callback(None)
    return len(seen)


def test_the_overview_tells_what_is_in_the_books_and_who_is_connected(company: Company) -> None:
    company.client.post("/_simulator/companies", json={"realm_id": "77", "company": "empty", "name": "Second"})
    page = company.client.get("/")
    first, second = words(page).split("Second company id 77")
    assert "Connected SMMware, since" in first
    assert "Customers 32" in first or re.search(r"Customers \d+", first)
    assert "Not connected No app has access to these books." in second
    assert f'<a href="/company/{REALM}">Sandbox Company_US_1</a>' in page.text


@pytest.mark.parametrize("path", ["/", "/requests", "/controls", BASE, f"{BASE}/customers", f"{BASE}/customers/1"])
def test_every_page_says_that_it_is_a_stand_in_and_loads_nothing_from_elsewhere(client: Client, path: str) -> None:
    page = client.get(path)
    assert "<strong>Stand-in.</strong> Not Intuit" in page.text
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//|style=|<script(?! src=)|onclick", page.text)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert client.get("/_simulator/style.css").mimetype == "text/css"
    assert client.get("/_simulator/live.js").mimetype == "text/javascript"


def test_sub_customers_stand_below_their_parent(client: Client) -> None:
    page = client.get(f"{BASE}/customers")
    titles = re.findall(r'class="title level-(\d)"><a[^>]*>([^<]*)', page.text)
    place = titles.index(("0", "Freeman Sporting Goods"))
    assert titles[place : place + 3] == [
        ("0", "Freeman Sporting Goods"), ("1", "0969 Ocean View Road"), ("1", "55 Twin Lane"),
    ]  # fmt: skip
    found = client.get(f"{BASE}/customers?q=twin")
    assert re.findall(r'class="title level-\d"><a[^>]*>([^<]*)', found.text) == ["Freeman Sporting Goods:55 Twin Lane"]


def test_inactive_records_show_by_choice(client: Client) -> None:
    assert "Pye&#39;s Cakes" not in client.get(f"{BASE}/customers").text
    assert "Inactive" in row(client.get(f"{BASE}/customers?inactive=1"), "Pye&#39;s Cakes (deleted)")


@pytest.mark.parametrize("text", ["%", "_", "!", "' OR 1=1 --"])
def test_a_search_is_taken_to_the_letter(client: Client, text: str) -> None:
    assert "Nothing was found." in words(client.get(f"{BASE}/vendors", query_string={"q": text}))


def test_long_lists_come_in_pages(company: Company) -> None:
    for number in range(55):
        company.made("Class", Name=f"C{number:02}")
    first, second = (company.client.get(f"{BASE}/classes?page={number}") for number in (1, 2))
    assert "1–50 of 55 Page 1 of 2 Next" in words(first)
    assert "51–55 of 55 Previous Page 2 of 2" in words(second)
    assert words(company.client.get(f"{BASE}/classes?page=99")) == words(second)
    assert company.client.get(f"{BASE}/classes?page=x").status_code == 200


def test_an_invoice_looks_like_an_invoice(company: Company) -> None:
    activity = company.made(
        "TimeActivity", NameOf="Employee", EmployeeRef={"value": "55"}, CustomerRef={"value": "1"},
        BillableStatus="Billable", HourlyRate=50, Hours=3, Minutes=5,
    )  # fmt: skip
    link = {"TxnId": activity["Id"], "TxnType": "TimeActivity"}
    line = {"Amount": 1234.5, "DetailType": "SalesItemLineDetail", "Description": "Sorting <books>",
            "SalesItemLineDetail": {"Qty": 2, "UnitPrice": 617.25, "ItemRef": {"value": "2"}},
            "LinkedTxn": [link]}  # fmt: skip
    made = company.made(
        "Invoice", CustomerRef={"value": "1"}, Line=[line], TxnDate="2026-11-03", SalesTermRef={"value": "2"},
        CustomerMemo={"value": "Thank you"}, PrivateNote="Ours",
    )  # fmt: skip
    page = company.client.get(f"{BASE}/invoices/{made['Id']}")
    sheet = words(page).split("Make a mistake")[0]
    for part in (
        "Sandbox Company_US_1 123 Sierra Way San Pablo, CA 87999",
        "Bill to Amy's Bird Sanctuary 4581 Finch St. Bayshore, CA 94326",
        "Date 11/03/2026 Terms Net 15 Due date 11/18/2026",
        f"Hours Sorting &lt;books&gt; Time activity {activity['Id']} 2 617.25 1,234.50",
        "Subtotal 1,234.50", "Total 1,234.50 Balance due 1,234.50", "Message to customer Thank you", "Memo Ours",
    ):  # fmt: skip
        assert part in sheet
    assert f'<a href="{BASE}/time/{activity["Id"]}">' in page.text
    time = words(company.client.get(f"{BASE}/time/{activity['Id']}"))
    assert all(part in time for part in ("Worked by Emily Platt", "Billing Billed", "Time 3:05", "Worth 154.17"))
    assert f"Invoice {made['DocNumber']}" in time


def test_money_that_came_in_is_stamped_on_the_invoice(company: Company) -> None:
    owed = company.read("Customer", "1")["Balance"]
    made = invoice(company)
    path = f"invoices/{made['Id']}"
    told = do(company, f"{path}/pay", amount="1,000.00", date="", reference="A1")
    assert f"1,000.00 was paid on invoice {made['DocNumber']}, as payment" in words(told)
    assert "Payments -1,000.00 Balance due 234.50" in words(told)
    assert 'class="stamp' not in told.text
    assert "Partly paid" in row(company.client.get(f"{BASE}/invoices"), f"Invoice {made['DocNumber']}")
    paid = do(company, f"{path}/pay", amount="234.50", date="2026-11-05", reference="")
    assert '<p class="stamp good">Paid</p>' in paid.text
    payments = [link["TxnId"] for link in company.read("Invoice", made["Id"])["LinkedTxn"]]
    first = words(company.client.get(f"{BASE}/payments/{payments[0]}"))
    assert "Received from Amy's Bird Sanctuary Reference no. A1" in first
    assert f"Invoice {made['Id']} 1,000.00" in first
    assert company.client.get(f"{BASE}/{path}/pay").status_code == 404
    assert company.read("Customer", "1")["Balance"] == owed


@pytest.mark.parametrize("amount", ["", "0", "-5", "1.234", "x", "NaN", "1e99"])
def test_an_amount_that_cannot_be_paid_is_told_next_to_its_field(company: Company, amount: str) -> None:
    made = invoice(company)
    page = do(company, f"invoices/{made['Id']}/pay", amount=amount)
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text
    assert 'id="wrong-amount"' in page.text
    assert company.read("Invoice", made["Id"])["SyncToken"] == "0"


def test_what_the_engine_refuses_is_told_in_its_words(company: Company) -> None:
    made = invoice(company)
    page = do(company, f"invoices/{made['Id']}/pay", amount="5000")
    assert page.status_code == 400
    assert "QuickBooks refuses: Business Validation Error: The amount applied is greater" in words(page)
    again = do(company, "vendors/new", DisplayName="Amy's Bird Sanctuary", email="")
    assert "code 6240" in words(again)
    assert 'value="Amy&#39;s Bird Sanctuary"' in again.text


def test_an_invoice_is_edited_voided_and_deleted_by_hand(company: Company) -> None:
    made = invoice(company)
    path = f"invoices/{made['Id']}"
    edited = do(company, f"{path}/edit-line", line="2", amount="100")
    assert f"The total of invoice {made['DocNumber']} is 250.00 now; it was 1,234.50." in words(edited)
    assert "Choose one of the list." in words(do(company, f"{path}/edit-line", line="9", amount="100"))
    dated = do(company, f"{path}/edit", date="2026-10-01", memo="Later")
    assert "Date 10/01/2026" in words(dated)
    assert "Give a date" in words(do(company, f"{path}/edit", date="soon", memo=""))
    now = company.read("Invoice", made["Id"])
    assert (now["TotalAmt"], now["SyncToken"], now["PrivateNote"]) == (250, "2", "Later")
    voided = do(company, f"{path}/void")
    assert '<p class="stamp bad">Voided</p>' in voided.text
    assert "by hand: The total of invoice" in words(voided)
    deleted = do(company, f"{path}/delete")
    assert f"Invoice {made['DocNumber']} was deleted." in words(deleted)
    assert company.client.get(f"{BASE}/{path}").status_code == 404


def test_a_customer_is_made_renamed_and_taken_away_by_hand(company: Company) -> None:
    made = do(company, "customers/new", DisplayName="Rosa Lind", email="rosa@example.com", parent="7")
    match = re.search(r"with the id (\d+)", words(made))
    assert match
    id = match[1]
    assert company.read("Customer", id)["FullyQualifiedName"] == "Freeman Sporting Goods:Rosa Lind"
    assert "“Rosa Lind” is called “Rosa Linde” now." in words(do(company, f"customers/{id}/rename", name="Rosa Linde"))
    do(company, f"customers/{id}/contact", phone="(650) 555-0199", email="")
    now = company.read("Customer", id)
    assert (now["PrimaryPhone"], "PrimaryEmailAddr" in now) == ({"FreeFormNumber": "(650) 555-0199"}, False)
    gone = do(company, f"customers/{id}/deactivate")
    assert "“Rosa Linde” is inactive now, as “Rosa Linde (deleted)”." in words(gone)
    assert company.client.get(f"{BASE}/customers/{id}/rename").status_code == 404
    assert "is active again" in words(do(company, f"customers/{id}/reactivate"))
    assert company.read("Customer", id)["DisplayName"] == "Rosa Linde"
    employee = do(company, "employees/new", GivenName="Ida", FamilyName="Berg", email="")
    assert "Employee “Ida Berg” was created" in words(employee)
    assert "Fill in “First name”." in words(do(company, "employees/new", FamilyName="Berg"))


def test_the_books_are_closed_and_opened(company: Company) -> None:
    closed = do(company, "do/close-books", date="2026-06-30")
    assert "The books are closed up to 06/30/2026." in words(closed)
    prefs = company.query("select * from Preferences")["Preferences"][0]["AccountingInfoPrefs"]
    assert (prefs["BookCloseDate"], prefs["FirstMonthOfFiscalYear"]) == ("2026-06-30", "January")
    assert "The books are open again." in words(do(company, "do/open-books"))
    assert "BookCloseDate" not in company.query("select * from Preferences")["Preferences"][0]["AccountingInfoPrefs"]
    assert company.client.get(f"{BASE}/do/open-books").status_code == 404


def test_revoking_ends_the_apps_access(company: Company) -> None:
    assert heading(company.client.get(f"{BASE}/do/revoke")) == "Revoke the app's access"
    assert company.ask("GET", "customer/1").status_code == 200
    told = do(company, "do/revoke")
    assert "The app's access was revoked." in words(told)
    assert "No app has access to these books." in words(told)
    assert company.ask("GET", "customer/1").status_code == 401
    assert "No app had access." in words(do(company, "do/revoke"))


@pytest.mark.parametrize(
    ("base", "headers"),
    [
        ("http://localhost", {}),
        ("http://localhost", {"Origin": "null"}),
        ("http://localhost", {"Origin": "http://evil.example"}),
        ("http://localhost:8001", {"Origin": "http://localhost:8000"}),
        ("http://evil.example", {"Origin": "http://evil.example"}),
    ],
)
def test_no_other_site_can_press_a_button(company: Company, base: str, headers: dict[str, str]) -> None:
    for path, form in ((f"{BASE}/customers/1/rename", {"name": "X"}), ("/controls", {"latency.base_ms": "9"})):
        answer = company.client.post(path, base_url=base, data=form, headers=headers)
        assert (answer.status_code, heading(answer)) == (403, "Nothing was done")
    assert company.read("Customer", "1")["DisplayName"] == "Amy's Bird Sanctuary"
    assert company.client.get("/_simulator/behaviour").get_json()["latency"]["base_ms"] == 0


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "[::1]:8001", "localhost:8001"])
def test_a_page_of_our_own_may(company: Company, host: str) -> None:
    answer = company.client.post(
        f"{BASE}/customers/1/rename", base_url=f"http://{host}", data={"name": "Amy"}, headers={"Origin": f"http://{host}"}
    )  # fmt: skip
    assert answer.status_code == 303


SALE = {"Amount": 100, "DetailType": "SalesItemLineDetail", "Description": "Move"}
SPENT = {"Amount": 9.99, "DetailType": "AccountBasedExpenseLineDetail",
         "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "7"}}}  # fmt: skip
BOTH_SIDES = [
    {"Amount": 5, "DetailType": "JournalEntryLineDetail",
     "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}}}
    for side, account in (("Debit", "7"), ("Credit", "8"))
]  # fmt: skip
CUSTOMER, VENDOR = {"CustomerRef": {"value": "1"}}, {"VendorRef": {"value": "30"}}


@pytest.mark.parametrize(
    ("entity", "body", "listed", "sheet"),
    [
        ("Estimate", {**CUSTOMER, "Line": [SALE], "TxnStatus": "Accepted"}, "Accepted", "Prepared for Amy's Bird"),
        ("SalesReceipt", {**CUSTOMER, "Line": [SALE]}, "100.00", "Sold to Amy's Bird Sanctuary"),
        ("CreditMemo", {**CUSTOMER, "Line": [SALE]}, "Unapplied", "Credit left 100.00"),
        ("Bill", {**VENDOR, "Line": [SPENT]}, "Open", "Balance due 9.99"),
        ("VendorCredit", {**VENDOR, "Line": [SPENT]}, "9.99", "Total 9.99"),
        ("Purchase", {"PaymentType": "CreditCard", "AccountRef": {"value": "41"}, "Line": [SPENT]}, "Credit card",
         "Advertising"),
        ("JournalEntry", {"Line": BOTH_SIDES}, "Journal entry", "Account Debit Credit 1 Advertising 5.00 2 Bank"),
        ("Payment", {**CUSTOMER, "TotalAmt": 7}, "Unapplied", "Left to apply 7.00"),
        ("TimeActivity", {"NameOf": "Vendor", **VENDOR, "StartTime": "2026-11-02T09:00:00-08:00",
                          "EndTime": "2026-11-02T10:30:00-08:00"}, "09:00–10:30", "Time 09:00–10:30"),
    ],
)  # fmt: skip
def test_each_kind_of_document_has_its_sheet(
    company: Company, entity: str, body: dict[str, Any], listed: str, sheet: str
) -> None:
    from qbo_simulator.pages.kinds import KINDS

    kind = KINDS[entity]
    made = company.made(entity, **body)
    path = f"{BASE}/{kind.slug}"
    assert listed in row(company.client.get(path), f'/{made["Id"]}"')
    page = words(company.client.get(f"{path}/{made['Id']}"))
    assert sheet in page
    assert kind.title(made) in page


def test_the_log_is_filtered(company: Company) -> None:
    company.read("Customer", "1")
    company.made("Vendor", DisplayName="V1")
    company.post("Vendor", {"DisplayName": "V1"}, requestid="twice")
    company.behave(rules=[{"match": {"entity": "Item"}, "then": {"status": 500}}])
    company.ask("GET", "item/1")

    def numbers(**asked: str) -> list[str]:
        page = company.client.get("/requests", query_string=asked)
        return re.findall(r'href="/requests/(\d+)"', page.text)

    assert numbers() == ["4", "3", "2", "1"]
    assert numbers(kind="write") == ["3", "2"]
    assert numbers(entity="Customer") == ["1"]
    assert numbers(outcome="refused") == ["3"]
    assert numbers(outcome="failed") == numbers(injected="1") == ["4"]
    assert numbers(outcome="ok") == ["2", "1"]
    assert numbers(outcome="dropped") == numbers(outcome="waiting") == []
    assert numbers(q="twice") == ["3"]
    assert numbers(before="3") == ["2", "1"]


def test_a_requests_page_tells_what_became_of_each_operation(company: Company) -> None:
    company.batch(
        {"bId": "1", "operation": "create", "Vendor": {"DisplayName": "V1"}},
        {"bId": "2", "operation": "create", "Vendor": {"DisplayName": "V1"}},
        {"bId": "3", "Query": "select * from Term"},
        requestid="b1",
    )
    page = words(company.client.get("/requests/1"))
    assert "Request id b1" in page
    assert "1 create Vendor id 65" in page
    assert "2 create Vendor 6240 The name supplied already exists. : Id=65" in page
    assert re.search(r"3 query Term \d+ found", page)
    assert company.client.get("/requests/99").status_code == 404
    assert "POST" in words(company.client.get(f"{BASE}/vendors/65"))


def test_tokens_and_secrets_are_never_shown(company: Company) -> None:
    body = {"grant_type": "refresh_token", "refresh_token": "RT1-secret", "client_id": "simulator-client",
            "client_secret": "simulator-secret"}  # fmt: skip
    company.client.post("/oauth2/v1/tokens/bearer", data=body)
    tokens = company.client.post("/_simulator/tokens", json={}).get_json()
    body["refresh_token"] = tokens["refresh_token"]
    company.client.post("/oauth2/v1/tokens/bearer", data=body)
    company.client.get("/connect/oauth2?client_id=x&code=secret-code")
    company.made("Employee", GivenName="Ida", FamilyName="Berg", SSN="123-45-6789")
    pages = "".join(company.client.get(f"/requests/{number}").text for number in range(1, 5))
    for secret in ("RT1-secret", "simulator-secret", tokens["refresh_token"], "secret-code", "123-45-6789", "eyJ"):
        assert secret not in pages
    assert pages.count("(not shown)") == 9
    assert "An HTML page of" in pages


def test_controls_are_set_and_wrong_ones_are_told_next_to_their_field(company: Company) -> None:
    def send(**form: str | list[str]) -> TestResponse:
        answer = company.client.post("/controls", data=form, headers=OWN)
        return company.client.get(answer.headers["Location"]) if answer.status_code == 303 else answer

    def behaviour() -> dict[str, Any]:
        return company.client.get("/_simulator/behaviour").get_json()

    done = send(**{"latency.base_ms": "20", "clock.frozen": ["false", "true"], "refresh_rotation": "each"})
    assert "Set: latency.base_ms, clock.frozen, refresh_rotation." in words(done)
    now = behaviour()
    assert (now["latency"]["base_ms"], now["clock"]["frozen"], now["refresh_rotation"]) == (20, True, "each")
    assert "stands still" in done.text
    wrong = send(**{"latency.base_ms": "-1", "rules": "[1]", "access_token_seconds": "9"})
    assert wrong.status_code == 400
    assert re.findall(r'id="c-([a-z_-]+)-wrong"', wrong.text) == ["latency-base_ms", "rules"]
    assert 'value="-1"' in wrong.text
    assert behaviour()["access_token_seconds"] == 3600
    back = send(**{"clock.now": "2020-01-01T00:00:00+00:00"})
    assert 'id="c-clock-now-wrong"' in back.text
    assert "Nothing was changed." in words(send())
    normal = company.client.post("/controls/reset", headers=OWN)
    assert "Everything behaves as it normally does." in words(company.client.get(normal.headers["Location"]))
    assert (behaviour()["latency"]["base_ms"], behaviour()["clock"]["frozen"]) == (0, False)


@pytest.mark.parametrize(
    "path", ["nothing", "customers/99999", "customers/1/nothing", "customers/1/pay", "terms/new", "do/nothing"]
)
def test_what_is_not_there_is_told_in_the_frame(client: Client, path: str) -> None:
    page = client.get(f"{BASE}/{path}")
    assert (page.status_code, heading(page)) == (404, "There is no such page")
    assert client.get("/company/1/customers").status_code == 404
    assert client.get("/company/1").status_code == 404


def test_the_ledger_shows_on_the_account_and_on_the_document(company: Company, app: Simulator) -> None:
    account = company.rows("select * from Account where AccountType = 'Accounts Receivable'", "Account")[0]["Id"]
    made = invoice(company, TxnDate="2027-01-31")
    booked = words(company.client.get(f"{BASE}/invoices/{made['Id']}"))
    assert re.search(r"How it is booked Account Debit Credit Accounts Receivable \(A/R\) 1,234.50 ", booked)
    page = company.client.get(f"{BASE}/accounts/{account}")
    assert f"Register Date Transaction Debit Credit 01/31/2027 Invoice {made['DocNumber']} 1,234.50" in words(page)
    before = statements(app, company.client, f"{BASE}/accounts/{account}")
    for _ in range(9):
        invoice(company)
    assert statements(app, company.client, f"{BASE}/accounts/{account}") == before


def test_every_kind_has_a_list_and_a_page_for_each_record(company: Company, app: Simulator) -> None:
    from qbo_simulator.pages.kinds import KINDS

    for kind in KINDS.values():
        assert company.client.get(f"{BASE}/{kind.slug}?inactive=1").status_code == 200
        row = app.database.one("SELECT id FROM record WHERE realm = ? AND entity = ? LIMIT 1", REALM, kind.entity)
        if row:
            page = company.client.get(f"{BASE}/{kind.slug}/{row[0]}")
            assert (page.status_code, "The record as JSON" in page.text) == (200, True)


def test_a_listing_takes_as_many_statements_for_30_rows_as_for_one(company: Company, app: Simulator) -> None:
    company.client.post("/_simulator/reset", json={"company": "empty"})
    realm = app.database.one("SELECT realm FROM company")[0]
    tokens = company.client.post("/_simulator/tokens", json={}).get_json()
    other = Company(company.client, realm, {**company.headers, "Authorization": f"Bearer {tokens['access_token']}"})
    paths = [f"/company/{realm}/{slug}" for slug in ("customers", "invoices", "time")] + [
        f"/company/{realm}/customers/1"
    ]

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            customer = other.made("Customer", DisplayName=f"C{number}")["Id"]
            employee = other.made("Employee", GivenName="E", FamilyName=str(number))["Id"]
            line = {"Amount": 1, "DetailType": "SalesItemLineDetail"}
            other.made("Invoice", CustomerRef={"value": customer}, Line=[line])
            other.made("TimeActivity", NameOf="Employee", EmployeeRef={"value": employee},
                       CustomerRef={"value": customer}, Hours=1)  # fmt: skip

    fill(0, 1)
    before = [statements(app, company.client, path) for path in paths]
    fill(1, 30)
    assert [statements(app, company.client, path) for path in paths] == before


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"\xff\xfe", "2 bytes that are no text."),
        (b"select * from Customer", "select * from Customer"),
        (b'{"Password": "x", "token": ""}', '{\n  "Password": "(not shown)",\n  "token": ""\n}'),
        (b"x" * 200_003, "x" * 200_000 + "\n… and 3 more characters."),
    ],
)  # fmt: skip
def test_a_body_is_shown_as_text_without_secrets(body: bytes, shown: str) -> None:
    assert redaction.shown(body) == shown


def test_a_dropped_request_and_an_answer_in_xml_have_their_pages(company: Company) -> None:
    company.behave(rules=[{"match": {"entity": "Vendor"}, "then": {"drop": "after"}}])
    with pytest.raises(ConnectionResetError):
        company.ask("POST", "vendor", json={"DisplayName": "V1"})
    assert "Nothing: the connection was dropped." in words(company.client.get("/requests/1"))
    assert re.findall(r'href="/requests/(\d+)"', company.client.get("/requests?outcome=dropped").text) == ["1"]
    company.ask("GET", "customer/1", headers={"Accept": "application/xml"})
    assert "&lt;DisplayName&gt;" in company.client.get("/requests/2").text


def test_a_records_history_ends_with_its_newest_requests(company: Company) -> None:
    for _ in range(22):
        company.read("Customer", "1")
    company.read("Customer", "2")
    history = company.client.get(f"{BASE}/customers/1").text
    assert re.findall(r'href="/requests/(\d+)"', history) == [str(number) for number in range(22, 2, -1)]
