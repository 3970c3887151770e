"""XML answers and XML requests, for clients that speak it (qbo-api.md §2.1)."""

import re
from typing import Any

import pytest
import time_machine
from lxml import etree
from werkzeug.test import TestResponse

from tests.unit.qbo_simulator.company import Company, code

NS = "http://schema.intuit.com/finance/v3"
INVOICE = f"""<?xml version="1.0"?>
<!-- as a client writes it -->
<Invoice xmlns="{NS}" sparse="false">
  <CustomerRef name="whoever">1</CustomerRef>
  <Line>
    <Description>Packing &amp; moving</Description>
    <Amount>75.50</Amount>
    <DetailType>SalesItemLineDetail</DetailType>
    <SalesItemLineDetail><ItemRef>2</ItemRef><UnitPrice>75.50</UnitPrice><Qty>1</Qty></SalesItemLineDetail>
  </Line>
  <CustomerMemo>Thank you</CustomerMemo>
  <BillEmail><Address>rosa@example.org</Address></BillEmail>
</Invoice>"""


def sent(company: Company, path: str, body: str, **headers: str) -> TestResponse:
    return company.ask("POST", path, data=body, content_type="application/xml", headers=headers)


def found(answer: TestResponse) -> Any:
    assert answer.content_type == "application/xml;charset=UTF-8"
    return etree.fromstring(answer.data)


def words(root: Any, path: str) -> list[str]:
    return root.xpath(re.sub(r"/([A-Z])", r"/q:\1", path), namespaces={"q": NS})


def test_a_record_sent_as_xml_is_the_record_sent_as_json(company: Company) -> None:
    made = sent(company, "invoice", INVOICE).get_json()["Invoice"]
    line = made["Line"][0]
    assert (made["TotalAmt"], made["CustomerRef"], made["CustomerMemo"], made["BillEmail"]) == (
        75.5,
        {"value": "1", "name": "Amy's Bird Sanctuary"},
        {"value": "Thank you"},
        {"Address": "rosa@example.org"},
    )
    assert (line["Description"], line["SalesItemLineDetail"]["ItemRef"]["name"]) == ("Packing & moving", "Hours")
    head = f"<Id>{made['Id']}</Id><SyncToken>0</SyncToken>"
    gone = sent(company, "invoice?operation=delete", f'<Invoice xmlns="{NS}">{head}</Invoice>', Accept="*/*")
    assert words(found(gone), "/IntuitResponse/Invoice/@status") == ["Deleted"]


@time_machine.travel("2026-08-16T17:21:23Z", tick=False)
def test_an_answer_begins_with_what_every_record_has(company: Company) -> None:
    answer = company.ask("GET", "paymentmethod/1", headers={"Accept": "application/xml"})
    created = company.read("PaymentMethod", "1")["MetaData"]["CreateTime"]
    assert answer.text == (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse xmlns="{NS}" time="2026-08-16T10:21:23.000-07:00">'
        '<PaymentMethod domain="QBO" sparse="false"><Id>1</Id><SyncToken>0</SyncToken>'
        f"<MetaData><CreateTime>{created}</CreateTime><LastUpdatedTime>{created}</LastUpdatedTime></MetaData>"
        "<Name>Cash</Name><Active>true</Active><Type>NON_CREDIT_CARD</Type></PaymentMethod></IntuitResponse>"
    )


def test_a_page_and_its_references(company: Company) -> None:
    answer = company.ask(
        "GET", "query", query_string={"query": "select * from Item where Id = '3'"}, headers={"Accept": ""}
    )
    root = found(answer)
    assert words(root, "/IntuitResponse/QueryResponse/@maxResults") == ["1"]
    assert words(root, "//Item/IncomeAccountRef/@name") == [
        "Landscaping Services:Job Materials:Fountains and Garden Lighting"
    ]
    assert words(root, "//Item/IncomeAccountRef/text()") == ["48"]


def test_what_java_names_itself_and_what_xml_cannot_carry(company: Company) -> None:
    line = {"Amount": 5, "DetailType": "AccountBasedExpenseLineDetail"}
    detail = {"AccountBasedExpenseLineDetail": {"AccountRef": {"value": "7"}}}
    body = {"AccountRef": {"value": "41"}, "PaymentType": "CreditCard", "Line": [{**line, **detail}]}
    made = company.ask("POST", "purchase", json={**body, "PrivateNote": "a\x01b"}, headers={"Accept": "text/xml"})
    root = found(made)
    assert words(root, "//PurchaseEx/NameValue/Value/text()") == ["54"]
    assert words(root, "//PrivateNote/text()") == ["ab"]


def test_a_batch_of_xml(company: Company) -> None:
    body = (
        f'<IntuitBatchRequest xmlns="{NS}"><BatchItemRequest bId="1" operation="create">'
        "<Vendor><DisplayName>Hall &amp; Oates</DisplayName></Vendor></BatchItemRequest>"
        "<BatchItemRequest bId=\"2\"><Query>select * from Term where Id = '1'</Query></BatchItemRequest>"
        '<BatchItemRequest bId="3" operation="create"><Unicorn>x</Unicorn></BatchItemRequest></IntuitBatchRequest>'
    )
    root = found(sent(company, "batch", body, Accept="application/xml"))
    assert words(root, "//BatchItemResponse/@bId") == ["1", "2", "3"]
    assert words(root, "//Vendor/DisplayName/text()") == ["Hall & Oates"]
    assert words(root, "//Term/Name/text()") == ["Due on receipt"]
    assert words(root, "//BatchItemResponse/Fault/Error/@code") == ["2000"]


def test_a_fault_as_xml(company: Company) -> None:
    root = found(company.ask("GET", "customer/999", headers={"Accept": "application/xml"}))
    assert words(root, "//Fault/@type") == ["ValidationFault"]
    assert words(root, "//Fault/Error/@code") == ["610"]
    stopped = company.ask("GET", "customer/1", headers={"Accept": "application/xml", "Authorization": "Bearer x"})
    root = found(stopped)
    assert (stopped.status_code, words(root, "//Fault/Error/@code")) == (401, ["3200"])


@pytest.mark.parametrize(
    "body",
    [
        "<Invoice",
        f'<Unicorn xmlns="{NS}"/>',
        f'<Customer xmlns="{NS}"><Colour><Shade>red</Shade></Colour></Customer>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Customer><DisplayName>&e;</DisplayName></Customer>',
    ],
)
def test_what_cannot_be_read(company: Company, body: str) -> None:
    assert code(sent(company, "customer", body).get_json()) in ("2010", "6080")


def test_preferences_and_attachables_are_read_loosely(company: Company) -> None:
    prefs = "<SalesFormsPrefs><CustomTxnNumbers>true</CustomTxnNumbers><DefaultTerms/></SalesFormsPrefs>"
    other = "<OtherPrefs><NameValue><Name>A</Name></NameValue><NameValue><Name>B</Name></NameValue></OtherPrefs>"
    body = f'<Preferences xmlns="{NS}" sparse="true"><Id>1</Id><SyncToken>0</SyncToken>{prefs}{other}</Preferences>'
    changed = sent(company, "preferences", body).get_json()["Preferences"]
    assert changed["SalesFormsPrefs"] == {"CustomTxnNumbers": "true", "DefaultTerms": ""}
    assert changed["OtherPrefs"] == {"NameValue": [{"Name": "A"}, {"Name": "B"}]}
    parts = {
        "file_metadata_0": f'<Attachable xmlns="{NS}"><FileName>m.txt</FileName><Note>n</Note></Attachable>',
        "file_content_0": "x",
    }
    answer = company.ask("POST", "upload", data=parts, content_type="multipart/form-data", headers={"Accept": "*/*"})
    assert words(found(answer), "//AttachableResponse/Attachable/Note/text()") == ["n"]
