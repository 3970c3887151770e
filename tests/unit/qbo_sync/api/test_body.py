"""From python-quickbooks' objects to the bytes that are sent."""

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quickbooks.objects.base import Address, LinkedTxn, Ref
from quickbooks.objects.customer import Customer
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.timeactivity import TimeActivity
from quickbooks.objects.vendor import Vendor

from qbo_sync.api.body import body_of, to_json


def ref(value: str, name: str = "") -> Ref:
    made = Ref()
    made.value, made.name = value, name
    return made


def sales_line(amount: Decimal, linked_to: str = "") -> SalesItemLine:
    line = SalesItemLine()
    line.Amount = amount
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = ref("2")
    if linked_to:
        link = LinkedTxn()
        link.TxnId, link.TxnType = linked_to, "TimeActivity"
        line.LinkedTxn.append(link)
    return line


def test_an_untouched_object_says_nothing() -> None:
    assert [body_of(kind()) for kind in (Customer, Vendor, TimeActivity)] == [{}, {}, {}]


def test_a_customer_says_what_was_set() -> None:
    customer = Customer()
    customer.DisplayName = "O'Neil, Ann"
    customer.Taxable = False
    customer.BillAddr = Address()
    customer.BillAddr.City = "Reno"
    customer.ShipAddr = Address()

    assert body_of(customer) == {"DisplayName": "O'Neil, Ann", "Taxable": False, "BillAddr": {"City": "Reno"}}


def test_an_invoice_keeps_amount_and_type_of_its_lines_even_where_they_are_defaults() -> None:
    invoice = Invoice()
    invoice.CustomerRef = ref("58", "Smith")
    invoice.TxnDate = datetime.date(2026, 3, 1)
    invoice.Line = [sales_line(Decimal("12.50"), linked_to="21"), sales_line(Decimal(0))]

    detail = {"ItemRef": {"value": "2"}}
    link = {"TxnId": "21", "TxnType": "TimeActivity"}
    assert body_of(invoice) == {
        "CustomerRef": {"value": "58", "name": "Smith"},
        "TxnDate": "2026-03-01",
        "Line": [
            {
                "Amount": Decimal("12.50"),
                "DetailType": "SalesItemLineDetail",
                "LinkedTxn": [link],
                "SalesItemLineDetail": detail,
            },
            {"Amount": 0, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail},
        ],
    }


def test_zero_that_the_class_does_not_begin_with_is_sent() -> None:
    activity = TimeActivity()
    activity.Hours, activity.Minutes, activity.HourlyRate = 0, 45, Decimal(0)

    assert body_of(activity) == {"Hours": 0, "Minutes": 45, "HourlyRate": 0}


def test_one_is_not_taken_for_true() -> None:
    vendor = Vendor()
    vendor.Active = 1

    assert body_of(vendor) == {"Active": 1}


def test_an_update_keeps_what_it_names() -> None:
    vendor = Vendor()
    vendor.Id, vendor.SyncToken, vendor.sparse, vendor.AcctNum = "58", "0", True, ""
    vendor.TermRef = {"value": ""}

    kept = body_of(vendor, keep={"Active", "AcctNum", "Vendor1099", "BillAddr"})

    assert kept == {
        "Id": "58",
        "SyncToken": "0",
        "sparse": True,
        "Active": True,
        "AcctNum": "",
        "Vendor1099": False,
        "TermRef": {"value": ""},
    }


@pytest.mark.parametrize("value", [12.5, datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC), object()])
def test_what_has_no_place_in_a_body_is_refused(value: Any) -> None:
    activity = TimeActivity()
    activity.HourlyRate = value

    with pytest.raises(TypeError, match="no place in a body"):
        body_of(activity)


def test_json_is_compact_ordered_ascii_and_exact() -> None:
    body = {"b": Decimal("0.10"), "a": [Decimal("100.00"), 7, True], "c": "Zoë"}

    assert to_json(body) == '{"a":[100.0,7,true],"b":0.1,"c":"Zo\\u00eb"}'


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**11), max_value=10**11))
def test_every_amount_to_a_hundred_thousand_million_arrives_to_the_cent(amount: Decimal) -> None:
    assert json.loads(to_json({"Amount": amount}), parse_float=Decimal, parse_int=Decimal) == {"Amount": amount}


@pytest.mark.parametrize("number", ["0.12345678901234567890123", "NaN", "Infinity"])
def test_a_number_that_json_cannot_carry_is_refused(number: str) -> None:
    with pytest.raises(ValueError):
        to_json({"Amount": Decimal(number)})


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match="no form in JSON"):
        to_json({"Amount": object()})
