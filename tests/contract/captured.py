"""Captured answers as shapes: the keys, types and server-filled values of qbo-api.md §8, with none of their data."""

import re
from typing import Any

from tests.contract.company import EXPENSE, SALE
from tests.contract.shapes import DATE, DIGITS, SECONDS, Maybe, Number

NAMED = {"value": str, "name": str}
USD = {"value": "USD", "name": "United States Dollar"}
TIMES = {"CreateTime": SECONDS, "LastUpdatedTime": SECONDS}
ENVELOPE: dict[str, Any] = {"domain": "QBO", "sparse": False, "Id": DIGITS, "SyncToken": DIGITS, "MetaData": TIMES}
PSEUDONYM = re.compile(r"00209\w+")
ADDRESS = {"Id": DIGITS, "Line1": str, "City": str, "CountrySubDivisionCode": str, "PostalCode": str}
NAME_VALUE = {
    "name": "{http://schema.intuit.com/finance/v3}NameValue",
    "declaredType": "com.intuit.schema.finance.v3.NameValue",
    "scope": "javax.xml.bind.JAXBElement$GlobalScope",
    "value": {"Name": str, "Value": str},
    "nil": False,
    "globalScope": True,
    "typeSubstituted": False,
}

CUSTOMER = {
    **ENVELOPE,
    "Taxable": bool,
    "BillAddr": ADDRESS,
    "Job": False,
    "BillWithParent": False,
    "Balance": Number,
    "BalanceWithJobs": Number,
    "CurrencyRef": USD,
    "PreferredDeliveryMethod": re.compile("Print|None"),
    "IsProject": False,
    "ClientEntityId": "0",
    "GivenName": str,
    "FamilyName": str,
    "FullyQualifiedName": str,
    "CompanyName": str,
    "DisplayName": str,
    "PrintOnCheckName": str,
    "Active": True,
    "V4IDPseudonym": PSEUDONYM,
    "PrimaryPhone": {"FreeFormNumber": str},
    "PrimaryEmailAddr": {"Address": str},
    "DefaultTaxCodeRef": Maybe({"value": str}),
}
VENDOR = {
    **ENVELOPE,
    "Balance": Number,
    "Vendor1099": False,
    "CurrencyRef": USD,
    "DisplayName": str,
    "PrintOnCheckName": str,
    "Active": True,
    "V4IDPseudonym": PSEUDONYM,
}
EMPLOYEE = {
    **ENVELOPE,
    "SSN": "XXX-XX-XXXX",
    "PrimaryAddr": ADDRESS,
    "BillableTime": bool,
    "GivenName": str,
    "FamilyName": str,
    "DisplayName": str,
    "PrintOnCheckName": str,
    "Active": True,
    "V4IDPseudonym": PSEUDONYM,
    "PrimaryPhone": {"FreeFormNumber": str},
}
ACCOUNT = {
    **ENVELOPE,
    "MetaData": {"CreateTime": SECONDS},
    "Name": str,
    "SubAccount": False,
    "FullyQualifiedName": str,
    "Active": True,
    "Classification": "Expense",
    "AccountType": "Expense",
    "AccountSubType": str,
    "CurrentBalance": 0,
    "CurrentBalanceWithSubAccounts": 0,
    "CurrencyRef": USD,
}
ITEM = {
    **ENVELOPE,
    "Name": str,
    "Active": True,
    "FullyQualifiedName": str,
    "Taxable": False,
    "UnitPrice": 0,
    "Type": "Service",
    "IncomeAccountRef": NAMED,
    "PurchaseCost": 0,
    "TrackQtyOnHand": False,
}
PAYMENT_METHOD = {**ENVELOPE, "Name": str, "Active": True, "Type": "NON_CREDIT_CARD"}
TERM = {**ENVELOPE, "Name": str, "Active": True, "Type": "STANDARD", "DueDays": 5, "DiscountPercent": 0}
TIME_ACTIVITY = {
    **ENVELOPE,
    "TxnDate": DATE,
    "NameOf": "Employee",
    "EmployeeRef": NAMED,
    "CustomerRef": NAMED,
    "ItemRef": NAMED,
    "TimeChargeId": int,
    "BillableStatus": "Billable",
    "Taxable": False,
    "HourlyRate": 50,
    "CostRate": 0,
    "Hours": 3,
    "Minutes": 30,
    "Seconds": 0,
    "Description": str,
}
PURCHASE = {
    **ENVELOPE,
    "AccountRef": NAMED,
    "PaymentType": "Check",
    "EntityRef": {**NAMED, "type": "Vendor"},
    "TotalAmt": 100,
    "PrintStatus": "NotSet",
    "PurchaseEx": {"any": [{**NAME_VALUE, "value": {"Name": "TxnType", "Value": "3"}}]},
    "CustomField": [],
    "TxnDate": DATE,
    "CurrencyRef": USD,
    "PrivateNote": str,
    "Line": [
        {
            "Id": "1",
            "Amount": 100,
            "DetailType": EXPENSE,
            EXPENSE: {"AccountRef": NAMED, "BillableStatus": "NotBillable", "TaxCodeRef": {"value": "NON"}},
            "CustomExtensions": [],
        }
    ],
}
INVOICE = {
    **ENVELOPE,
    **dict.fromkeys(("AllowIPNPayment", "AllowOnlinePayment"), False),
    **dict.fromkeys(("AllowOnlineCreditCardPayment", "AllowOnlineACHPayment"), False),
    "CustomField": Maybe(list),
    "DocNumber": str,
    "TxnDate": DATE,
    "CurrencyRef": USD,
    "LinkedTxn": [],
    "Line": [
        {
            "Id": "1",
            "LineNum": 1,
            "Description": str,
            "Amount": 275,
            "DetailType": SALE,
            SALE: {
                "ItemRef": NAMED,
                "UnitPrice": 275,
                "Qty": 1,
                "ItemAccountRef": NAMED,
                "TaxCodeRef": {"value": "NON"},
            },
            "CustomExtensions": [],
        },
        {"Amount": 275, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}, "CustomExtensions": []},
    ],
    "TxnTaxDetail": {"TotalTax": 0},
    "CustomerRef": NAMED,
    "CustomerMemo": {"value": str},
    "BillAddr": ADDRESS,
    "SalesTermRef": NAMED,
    "DueDate": DATE,
    "TotalAmt": 275,
    "ApplyTaxAfterDiscount": False,
    "PrintStatus": re.compile("NotSet|NeedToPrint"),
    "EmailStatus": "NotSet",
    "Balance": 275,
}
PAYMENT = {
    **ENVELOPE,
    "TxnDate": DATE,
    "CurrencyRef": USD,
    "CustomerRef": NAMED,
    "DepositToAccountRef": {"value": str, "name": Maybe(str)},
    "TotalAmt": 120,
    "UnappliedAmt": 20,
    "ProcessPayment": False,
    "Line": [
        {
            "Amount": 100,
            "LinkedTxn": [{"TxnId": DIGITS, "TxnType": "Invoice"}],
            "LineEx": {"any": [{**NAME_VALUE, "value": {"Name": name, "Value": str}} for name in (
                "txnId", "txnOpenBalance", "txnReferenceNumber"
            )]},
        }
    ],
}  # fmt: skip
