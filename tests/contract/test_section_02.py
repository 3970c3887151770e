"""API basics (qbo-api.md §2)."""

import re
from typing import Any

import pytest

from tests.contract.company import (
    EXPENSE,
    SALE,
    Company,
    Record,
    billing,
    error,
    pick,
    ref,
    sale,
    stub,
)
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only
from tests.contract.shapes import DIGITS, MILLISECONDS, SECONDS, check, first_difference

WORDS_DELETE = "Operation Delete is not supported."
INACTIVE = "Object Not Found : Something you're trying to use has been made inactive."


@pytest.fixture
def customer(company: Company) -> Record:
    return company.customer()


# 2.1 addresses, versions, headers


@fact("2.1-base-path", "2.1-lower-case-segment", "2.3-read", "12.1-api-root")
def test_a_record_is_read_by_its_lower_case_segment(company: Company, customer: Record) -> None:
    assert company.ask("GET", f"customer/{customer['Id']}").json["Customer"]["Id"] == customer["Id"]


@fact("2.1-lower-case-segment")
@pytest.mark.parametrize("segment", ["timeactivity", "paymentmethod", "companyinfo"])
def test_long_names_are_one_word(company: Company, segment: str) -> None:
    rows = company.query(f"select * from {segment} maxresults 1")
    assert [name.lower() for name in rows if name.lower() == segment] in ([], [segment])


@fact("2.1-minorversion-ignored")
@pytest.mark.parametrize("version", ["1", "40", "75"])
def test_every_minorversion_is_served_alike(company: Company, customer: Record, version: str) -> None:
    plain = company.ask("GET", f"customer/{customer['Id']}").json
    versioned = company.ask("GET", f"customer/{customer['Id']}", minorversion=version).json
    assert versioned["Customer"] == plain["Customer"]


@fact("2.1-xml-by-default")
def test_without_accept_the_answer_is_xml(company: Company, customer: Record) -> None:
    answer = company.ask("GET", f"customer/{customer['Id']}", headers={"Accept": None})
    assert "xml" in answer.headers["content-type"]
    assert re.search(rf"<IntuitResponse [^>]*time=.*<Id>{customer['Id']}</Id>", answer.text, re.DOTALL)


@fact("2.1-intuit-tid")
def test_every_answer_has_an_intuit_tid(company: Company, customer: Record) -> None:
    for path in (f"customer/{customer['Id']}", "customer/999999999"):
        assert re.fullmatch(r"1-[0-9a-f]{8}-[0-9a-f]{24}", company.ask("GET", path).headers["intuit_tid"])


@fact("2.1-query-get")
def test_a_query_by_get(company: Company, customer: Record) -> None:
    statement = f"select * from Customer where Id = '{customer['Id']}'"
    answer = company.ask("GET", "query", query=statement)
    assert [row["Id"] for row in answer.json["QueryResponse"]["Customer"]] == [customer["Id"]]


@fact("2.1-query-post")
def test_a_query_by_post(company: Company, customer: Record) -> None:
    statement = f"select * from Customer where Id = '{customer['Id']}'"
    answer = company.ask("POST", "query", statement, headers={"Content-Type": "application/text"})
    assert [row["Id"] for row in answer.json["QueryResponse"]["Customer"]] == [customer["Id"]]


@fact("2.1-top-level-properties", "2.3-create-200", "8-read-only")
def test_a_create(company: Company) -> None:
    name = company.name()
    answer = company.ask("POST", "customer", {"DisplayName": name, "domain": "X", "MetaData": {}})
    made = answer.json["Customer"]
    assert (answer.status, pick(made, "DisplayName", "SyncToken", "domain")) == (
        200,
        {"DisplayName": name, "SyncToken": "0", "domain": "QBO"},
    )


@fact("2.1-wrapped-refused")
def test_a_wrapped_body_is_refused(company: Company) -> None:
    answer = company.ask("POST", "customer", {"Customer": {"DisplayName": company.name()}})
    assert (answer.status, error(answer.json)["code"]) == (400, "2010")


# 2.2 envelopes


@fact("2.2-single-envelope", "2.2-time-format", "2.2-domain-and-sparse", "2.2-ids-are-text", "2.2-metadata-format")
def test_the_envelope_of_one_record(company: Company, customer: Record) -> None:
    answer = company.ask("GET", f"customer/{customer['Id']}").json
    assert set(answer) == {"Customer", "time"}
    check(MILLISECONDS, answer["time"], "time")
    envelope = pick(answer["Customer"], "domain", "sparse", "Id", "SyncToken", "MetaData")
    times = {"CreateTime": SECONDS, "LastUpdatedTime": SECONDS}
    check({"domain": "QBO", "sparse": False, "Id": DIGITS, "SyncToken": "0", "MetaData": times}, envelope)


@fact("2.2-delete-stub", "2.3-delete")
def test_a_deleted_transaction(company: Company) -> None:
    purchase = company.purchase()
    answer = company.ask("POST", "purchase", stub(purchase), operation="delete")
    shape = {"Purchase": {"status": "Deleted", "domain": "QBO", "Id": purchase["Id"]}, "time": MILLISECONDS}
    check(shape, answer.json)
    assert company.ask("GET", f"purchase/{purchase['Id']}").status == 400


@fact("2.2-fault-with-200", "12.5-http-200-switch", "12.6-inject-200-fault")
@simulator_only("Intuit does so at times only; here a switch makes every fault come so")
def test_a_fault_with_http_200(fresh: Simulated) -> None:
    fresh.behave(fault_status="200")
    answer = fresh.ask("GET", "customer/999999999")
    assert (answer.status, error(answer.json)["code"]) == (200, "610")


@fact("2.2-account-without-lastupdated")
def test_a_new_account_has_no_last_updated_time(company: Company) -> None:
    account = company.made("Account", Name=company.name(), AccountType="Expense")
    assert set(account["MetaData"]) == {"CreateTime"}
    assert set(company.changed("Account", account, Description="x")["MetaData"]) == {"CreateTime", "LastUpdatedTime"}


# 2.3 operations


@fact("2.3-unknown-id-610", "7.2-610-inactive")
def test_reading_what_is_not_there(company: Company) -> None:
    answer = company.ask("GET", "customer/999999999")
    assert (answer.status, error(answer.json)["code"]) == (400, "610")
    assert error(answer.json)["Detail"].startswith(INACTIVE)


@fact("2.3-full-update-clears")
def test_a_full_update_empties_what_is_left_out(company: Company) -> None:
    customer = company.customer(Notes="Mind the step", CompanyName="Acme")
    body = {**stub(customer), "DisplayName": customer["DisplayName"], "CompanyName": "Acme"}
    changed = company.made("Customer", **body)
    assert ("Notes" in changed, changed["CompanyName"]) == (False, "Acme")


@fact("2.3-sparse-keeps", "2.3-token-counts")
def test_a_sparse_update_keeps_what_is_left_out(company: Company) -> None:
    customer = company.customer(Notes="Mind the step")
    changed = company.changed("Customer", customer, CompanyName="Acme")
    assert pick(changed, "Notes", "CompanyName", "SyncToken") == {
        "Notes": "Mind the step",
        "CompanyName": "Acme",
        "SyncToken": "1",
    }


@fact("2.3-void-invoice", "2.3-void-note", "8.9-void", "3-voided-remain", "11-23-two-voids")
def test_a_voided_invoice(company: Company) -> None:
    invoice = company.invoice(sale(60), sale(40), PrivateNote="By hand")
    voided = company.post("Invoice", stub(invoice), operation="void")["Invoice"]
    assert pick(voided, "TotalAmt", "Balance", "SyncToken") == {"TotalAmt": 0, "Balance": 0, "SyncToken": "1"}
    lines = [line for line in voided["Line"] if line["DetailType"] == SALE]
    assert [(line["Amount"], line[SALE].get("Qty", 0)) for line in lines] == [(0, 0), (0, 0)]
    assert voided["PrivateNote"].startswith("Voided")
    assert [row["TotalAmt"] for row in company.rows("Invoice", f"Id = '{invoice['Id']}'")] == [0]


@fact("2.3-void-payment", "4-void", "11-23-two-voids")
@pytest.mark.parametrize("batched", [False, True])
def test_a_voided_payment(company: Company, batched: bool) -> None:
    payment = company.payment(company.invoice(), 100, PrivateNote="By hand")
    body = {**stub(payment), "sparse": True}
    if batched:
        item = {"bId": "1", "operation": "update", "optionsData": "void", "Payment": body}
        voided = company.batch(item)[0]["Payment"]
    else:
        voided = company.post("Payment", body, operation="update", include="void")["Payment"]
    assert pick(voided, "TotalAmt", "UnappliedAmt", "Line") == {"TotalAmt": 0, "UnappliedAmt": 0, "Line": []}
    assert re.fullmatch("Voided.*By hand", voided["PrivateNote"])


@fact("2.3-void-purchase", "7.2-500-void", "8.8-delete-works")
def test_a_purchase_cannot_be_voided(company: Company) -> None:
    answer = company.ask("POST", "purchase", stub(company.purchase()), operation="void")
    fault = {
        "Message": "Unsupported Operation",
        "Detail": "Operation void is not supported.",
        "code": "500",
        "element": "Operation",
    }
    assert (answer.status, answer.json["Fault"]) == (400, {"Error": [fault], "type": "ValidationFault"})


@fact("2.3-delete-list-entity", "7.2-500-delete", "2.3-list-deactivated-only")
def test_an_account_cannot_be_deleted(company: Company) -> None:
    account = company.made("Account", Name=company.name(), AccountType="Expense")
    answer = company.ask("POST", "account", stub(account), operation="delete")
    assert (answer.status, pick(error(answer.json), "code", "Message", "Detail")) == (
        400,
        {"code": "500", "Message": "Unsupported Operation", "Detail": WORDS_DELETE},
    )


LISTS = {
    "Customer": lambda company: company.customer(),
    "Vendor": lambda company: company.vendor(),
    "Employee": lambda company: company.employee(),
    "Item": lambda company: company.service(),
    "PaymentMethod": lambda company: company.made("PaymentMethod", Name=company.name()),
    "Term": lambda company: company.made("Term", Name=company.name(), DueDays=5),
}


@fact("2.3-delete-other-lists", "2.3-list-deactivated-only")
@pytest.mark.parametrize("entity", LISTS)
def test_no_list_record_can_be_deleted(company: Company, entity: str) -> None:
    fault = error(company.delete(entity, LISTS[entity](company)))
    assert (fault["code"], fault["Detail"]) == ("500", WORDS_DELETE)


@fact("2.3-lines-replaced", "11-13-dropped-lines")
def test_lines_are_replaced_as_a_whole(company: Company) -> None:
    invoice = company.invoice(sale(60), sale(40))
    kept = invoice["Line"][0]
    changed = company.changed("Invoice", invoice, Line=[kept])
    assert [line["Amount"] for line in changed["Line"]] == [60, 60]  # the line and the subtotal
    assert changed["TotalAmt"] == 60


@fact("2.3-line-fields-cleared", "2.3-line-id-known")
def test_what_is_left_out_of_a_line_is_cleared(company: Company) -> None:
    invoice = company.invoice({**sale(60), "Description": "Packing"})
    changed = company.changed("Invoice", invoice, Line=[{**sale(70), "Id": invoice["Line"][0]["Id"]}])
    line = changed["Line"][0]
    assert ("Description" in line, line["Id"], line["Amount"]) == (False, invoice["Line"][0]["Id"], 70)


@fact("2.3-line-id-unknown")
@pytest.mark.parametrize("id", [None, "0", "-1", "99"])
def test_a_line_with_an_unknown_id_is_a_new_one(company: Company, id: str | None) -> None:
    purchase = company.purchase()
    line = {**company.expense(70), **({"Id": id} if id else {})}
    changed = company.changed("Purchase", purchase, PaymentType="Cash", Line=[line])
    assert [each["Amount"] for each in changed["Line"]] == [70]
    assert changed["Line"][0]["Id"] not in (purchase["Line"][0]["Id"], "0", "-1", "99")


@fact("2.3-purchase-needs-paymenttype", "8.8-paymenttype", "7.2-2020")
def test_a_purchase_needs_its_payment_type_on_sparse_updates(company: Company) -> None:
    fault = company.refused("Purchase", **stub(company.purchase()), sparse=True, PrivateNote="x")
    assert pick(fault, "code", "Detail", "element") == {
        "code": "2020",
        "Detail": "Required parameter PaymentType is missing in the request",
        "element": "PaymentType",
    }


@fact("2.3-null-does-nothing")
def test_null_does_nothing(company: Company) -> None:
    customer = company.customer(Notes="Mind the step")
    assert company.changed("Customer", customer, Notes=None)["Notes"] == "Mind the step"


@fact("2.3-empty-string-clears")
def test_an_empty_string_clears(company: Company) -> None:
    vendor = company.vendor(AcctNum="A-1")
    assert "AcctNum" not in company.changed("Vendor", vendor, AcctNum="")


@fact("2.3-empty-object-clears")
def test_an_empty_object_clears(company: Company) -> None:
    customer = company.customer(BillAddr={"Line1": "12 Ocean Dr."}, PrimaryPhone={"FreeFormNumber": "1"})
    changed = company.changed("Customer", customer, BillAddr={}, PrimaryPhone={})
    assert {"BillAddr", "PrimaryPhone"} & set(changed) == set()


@fact("2.3-empty-ref-clears")
def test_an_empty_reference_clears(company: Company) -> None:
    term = ref(company.some("Term"))
    vendor = company.vendor()
    with_term = company.changed("Vendor", vendor, TermRef=term)
    assert with_term["TermRef"]["value"] == term["value"]
    assert "TermRef" not in company.changed("Vendor", with_term, TermRef={"value": ""})


@fact("2.3-older-token-5010", "7.2-5010", "11-3-stale")
def test_an_older_token_is_stale(company: Company, customer: Record) -> None:
    company.changed("Customer", customer, Notes="x")
    fault = company.refused("Customer", **stub(customer), sparse=True, Notes="y")
    pattern = (
        r"Stale Object Error : You and (.+) were working on this at the same time\. "
        r"\1 finished before you did, so your work was not saved\."
    )
    shape = {"code": "5010", "Message": "Stale Object Error", "Detail": re.compile(pattern), "element": ""}
    check(shape, fault)


@fact("2.3-token-missing")
def test_an_update_without_a_token(company: Company, customer: Record) -> None:
    fault = company.refused("Customer", Id=customer["Id"], sparse=True, Notes="y")
    assert fault["code"] in ("2020", "5010")


@fact("12.5-missing-token-switch")
@simulator_only("chooses between two codes")
def test_the_code_for_a_missing_token_can_be_chosen(fresh: Simulated) -> None:
    customer = fresh.customer()
    codes = []
    for code in ("2020", "5010"):
        fresh.behave(missing_sync_token=code)
        codes.append(fresh.refused("Customer", Id=customer["Id"], sparse=True, Notes="y")["code"])
    assert codes == ["2020", "5010"]


@fact("2.3-server-moves-token")
def test_a_payment_moves_the_invoices_token(company: Company) -> None:
    invoice = company.invoice()
    company.payment(invoice, 100)
    assert int(company.read("Invoice", invoice["Id"])["SyncToken"]) > int(invoice["SyncToken"])


@fact("2.3-singles")
@pytest.mark.parametrize("entity", ["CompanyInfo", "Preferences"])
def test_singles_can_be_read_and_not_deleted(company: Company, entity: str) -> None:
    (single,) = company.rows(entity)
    assert single["Id"] == "1"
    assert error(company.delete(entity, single))["code"] == "500"


# 2.3 deactivation


@fact("2.3-suffix-account", "2.3-account-balance-hidden", "2.3-account-with-balance")
def test_a_deactivated_account(company: Company) -> None:
    account = company.made("Account", Name=company.name(), AccountType="Expense")
    company.purchase(Line=[company.expense(30, AccountRef=ref(account))])
    gone = company.changed("Account", company.read("Account", account["Id"]), Active=False)
    name = f"{account['Name']} (deleted)"
    assert pick(gone, "Name", "FullyQualifiedName", "CurrentBalance", "Active") == {
        "Name": name,
        "FullyQualifiedName": name,
        "CurrentBalance": 0,
        "Active": False,
    }


@fact("2.3-suffix-customer", "2.3-name-free-again", "7.3-inactive-blocks-suffixed")
def test_a_deactivated_customer(company: Company) -> None:
    name = company.name()
    gone = company.changed("Customer", company.customer(DisplayName=name, CompanyName=name), Active=False)
    assert pick(gone, "DisplayName", "FullyQualifiedName", "PrintOnCheckName", "CompanyName") == {
        "DisplayName": f"{name} (deleted)",
        "FullyQualifiedName": f"{name} (deleted)",
        "PrintOnCheckName": name,
        "CompanyName": name,
    }
    assert company.customer(DisplayName=name)["DisplayName"] == name
    assert company.refused("Customer", DisplayName=f"{name} (deleted)")["code"] == "6240"


@fact("2.3-suffix-others")
@pytest.mark.parametrize(
    ("entity", "name"),
    [("Vendor", "DisplayName"), ("Employee", "DisplayName"), ("PaymentMethod", "Name"), ("Item", "Name")],
)
def test_other_lists_behave_alike(company: Company, entity: str, name: str) -> None:
    record = LISTS[entity](company)
    assert company.changed(entity, record, Active=False)[name] == f"{record[name]} (deleted)"


@fact("2.3-suffix-numbered")
def test_a_second_deactivation_of_a_name(company: Company) -> None:
    name = company.name()
    names = [
        company.changed("Customer", company.customer(DisplayName=name), Active=False)["DisplayName"] for _ in range(2)
    ]
    assert names == [f"{name} (deleted)", f"{name} (deleted 1)"]


@fact("2.3-reactivation")
def test_a_reactivated_customer_takes_the_wanted_name(company: Company) -> None:
    customer = company.customer()
    gone = company.changed("Customer", customer, Active=False)
    back = company.changed("Customer", gone, Active=True, DisplayName=customer["DisplayName"])
    assert pick(back, "DisplayName", "Active") == {"DisplayName": customer["DisplayName"], "Active": True}


@fact("2.3-number-free-again", "7.3-acctnum-unique", "7.2-6000-account-number")
def test_an_accounts_number_is_unique_among_active_ones(company: Company) -> None:
    number = str(next(company.numbers) + 7000)
    first = company.made("Account", Name=company.name(), AccountType="Expense", AcctNum=number)
    body = {"Name": company.name(), "AccountType": "Expense", "AcctNum": number}
    words = "Another account is already using this number.  Please use a different number."
    assert pick(company.refused("Account", **body), "code", "Detail") == {
        "code": "6000",
        "Detail": f"Business Validation Error: {words}",
    }
    company.changed("Account", first, Active=False)
    assert company.made("Account", **body)["Name"] == body["Name"]


@fact("2.3-rename-inactive")
def test_an_inactive_record_cannot_be_renamed(company: Company, customer: Record) -> None:
    gone = company.changed("Customer", customer, Active=False)
    fault = company.refused("Customer", **stub(gone), sparse=True, DisplayName=company.name())
    assert (fault["code"], fault["Detail"].startswith(INACTIVE)) == ("610", True)


@fact("2.3-use-inactive", "7.2-610-inactive", "11-9-dead-references")
def test_an_inactive_record_cannot_be_used(company: Company, customer: Record) -> None:
    company.changed("Customer", customer, Active=False)
    fault = company.refused("Invoice", CustomerRef=ref(customer), Line=[sale(1)])
    assert (fault["code"], INACTIVE.split(" : ")[1] in fault["Detail"]) == ("610", True)


# 2.4 ids


@fact("2.4-names-one-sequence")
def test_names_take_their_ids_from_one_sequence(company: Company) -> None:
    made = [company.customer(), company.vendor(), company.employee(), company.customer()]
    ids = [int(record["Id"]) for record in made]
    assert ids == sorted(ids)
    assert len(set(ids)) == 4


@fact("2.4-wrong-list-becomes-other", "8.7-other-name", "11-14-wrong-list")
def test_the_id_of_another_list_makes_the_person_other(company: Company, customer: Record) -> None:
    made = company.time(EmployeeRef=ref(customer))
    assert (made["NameOf"], made["OtherNameRef"]["value"]) == ("Other", customer["Id"])


@fact("2.4-transactions-one-sequence", "2.4-timechargeid-in-transactions", "9-timechargeid")
def test_transactions_take_their_ids_from_one_sequence(company: Company, customer: Record) -> None:
    invoice = company.invoice()
    purchase = company.purchase()
    charge = company.billable(customer)["TimeChargeId"]
    payment = company.payment(invoice, 1)
    ids = [int(invoice["Id"]), int(purchase["Id"]), charge, int(payment["Id"])]
    assert ids == sorted(ids)
    assert len(set(ids)) == 4


@fact("2.4-timeactivity-own-sequence", "2.4-lists-own-sequences")
@simulator_only("somebody else may write to a sandbox between two requests")
def test_time_and_lists_have_sequences_of_their_own(fresh: Simulated) -> None:
    makers: dict[str, Any] = {
        "TimeActivity": fresh.time,
        "Account": lambda: fresh.made("Account", Name=fresh.name(), AccountType="Expense"),
        "Item": fresh.service,
        "Term": lambda: fresh.made("Term", Name=fresh.name(), DueDays=5),
    }
    for make in makers.values():
        first = int(make()["Id"])
        fresh.invoice()
        fresh.customer()
        assert int(make()["Id"]) == first + 1


@fact("2.4-address-ids")
def test_an_edited_address_gets_a_new_id(company: Company) -> None:
    customer = company.customer(BillAddr={"Line1": "12 Ocean Dr."})
    changed = company.changed("Customer", customer, BillAddr={"Line1": "13 Ocean Dr."})
    assert changed["BillAddr"]["Id"] != customer["BillAddr"]["Id"]


# 2.5 changes of 2025


@fact("2.5-no-coordinates")
def test_the_companys_addresses_have_no_coordinates(company: Company) -> None:
    (info,) = company.rows("CompanyInfo")
    for name in ("CompanyAddr", "LegalAddr", "CustomerCommunicationAddr"):
        assert {"Lat", "Long"} & set(info[name]) == set()


@fact("2.5-country-iso3")
def test_the_companys_addresses_name_their_country(company: Company) -> None:
    (info,) = company.rows("CompanyInfo")
    assert info["CompanyAddr"]["Country"] == "USA"


@fact("2.5-custom-extensions")
def test_lines_carry_custom_extensions(company: Company) -> None:
    assert [line["CustomExtensions"] for line in company.invoice()["Line"]] == [[], []]
    assert [line["CustomExtensions"] for line in company.purchase()["Line"]] == [[]]


@fact("2.5-v4id")
def test_names_carry_a_pseudonym(company: Company) -> None:
    for record in (company.customer(), company.vendor(), company.employee()):
        check(re.compile(r"00209\w+"), record["V4IDPseudonym"])


# entities beside ours


@fact("2.3-void-salesreceipt")
def test_a_voided_sales_receipt(company: Company) -> None:
    receipt = company.made("SalesReceipt", CustomerRef=ref(company.customer()), Line=[sale(100)])
    voided = company.post("SalesReceipt", stub(receipt), operation="void")["SalesReceipt"]
    assert (voided["TotalAmt"], voided["PrivateNote"].startswith("Voided")) == (0, True)


def bill(company: Company, **more: Any) -> Record:
    return company.made("Bill", VendorRef=ref(company.vendor()), Line=[company.expense()], **more)


@fact("2.3-bill-needs-vendorref")
def test_a_bill_needs_its_vendor_on_sparse_updates(company: Company) -> None:
    fault = company.refused("Bill", **stub(bill(company)), sparse=True, PrivateNote="x")
    assert (fault["code"], fault["element"]) == ("2020", "VendorRef")


@fact("2.2-bill-void-200", "7.1-type-system")
def test_voiding_a_bill(company: Company) -> None:
    answer = company.ask("POST", "bill", stub(bill(company)), operation="void")
    assert (answer.status, answer.json["Fault"]["type"], error(answer.json)["code"]) == (200, "SystemFault", "10000")


@fact("2.3-void-billpayment")
def test_a_voided_bill_payment(company: Company) -> None:
    owed = bill(company)
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": owed["Id"], "TxnType": "Bill"}]}
    paid = company.made(
        "BillPayment",
        VendorRef={"value": owed["VendorRef"]["value"]},
        PayType="Check",
        CheckPayment={"BankAccountRef": company.account("Bank")},
        TotalAmt=100,
        Line=[line],
    )
    body = {**stub(paid), "sparse": True}
    voided = company.post("BillPayment", body, operation="update", include="void")["BillPayment"]
    assert (voided["TotalAmt"], voided["PrivateNote"].startswith("Voided")) == (0, True)
    assert company.read("Bill", owed["Id"])["Balance"] == 100


@fact("2.3-void-journalentry")
def test_voiding_a_journal_entry_does_nothing(company: Company) -> None:
    lines = [
        {
            "Amount": 10,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": company.account("Expense")},
        }
        for side in ("Debit", "Credit")
    ]
    entry = company.made("JournalEntry", Line=lines)
    answer = company.ask("POST", "journalentry", stub(entry), operation="void")
    assert answer.status == 200
    check({"BatchItemResponse": [], "time": MILLISECONDS}, answer.json)
    assert company.read("JournalEntry", entry["Id"])["SyncToken"] == "0"


def test_the_comparison_names_the_first_path_that_differs() -> None:
    shape = {"Line": [{"Id": DIGITS, "Amount": 1}, ...], "time": MILLISECONDS}
    assert first_difference(shape, {"Line": [{"Id": "1", "Amount": "1"}]}) == "Line[0].Amount: 1 expected, '1' found"
    assert first_difference(shape, {"Line": []}) == "time: missing"
    assert first_difference({"Id": str}, {"Id": "1", "x": 2}) == ".x: not in the captured answer, here 2"
    assert EXPENSE != SALE
    assert billing({"Id": "1"})["LinkedTxn"][0]["TxnId"] == "1"
