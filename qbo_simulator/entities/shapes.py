"""Shapes that several entities share: names, addresses, contacts, references and the lines of documents."""

from decimal import Decimal

from qbo_simulator.engine.kinds import Choice, Day, Email, Flag, Kind, Name, Number, Text, Whole
from qbo_simulator.engine.objects import Composite, Currency, ListOf, Loose, Reference
from qbo_simulator.engine.schema import Field

ADDRESS = Composite(
    {
        "Id": Text(),
        **{f"Line{number}": Text(500) for number in range(1, 6)},
        "City": Text(255),
        "Country": Text(255),
        "CountryCode": Text(255),
        "CountrySubDivisionCode": Text(255),
        "PostalCode": Text(30),
        "Lat": Text(),
        "Long": Text(),
        "Note": Text(),
    },
    ignored=("PostalCodeSuffix", "CountyCode", "Tag", "CountrySubDivision"),
    numbered=True,
)
PHONE_IGNORES = ("Id", "DeviceType", "CountryCode", "AreaCode", "ExchangeCode", "Extension", "Default", "Tag")
PHONE = Composite({"FreeFormNumber": Text(30)}, ignored=PHONE_IGNORES)
SHORT_PHONE = Composite({"FreeFormNumber": Text(20)}, ignored=PHONE_IGNORES)
EMAIL = Composite({"Address": Email(100, label="Email Address")}, ignored=("Id", "Default", "Tag"))
WEB = Composite({"URI": Text(1000, label="Web Site")}, ignored=("Id", "Default", "Tag"))
MEMO = Composite({"value": Text(1000, label="Customer Memo")}, ignored=("id",))
MONEY = Number()
USD = {"value": "USD", "name": "United States Dollar"}

CUSTOMER_REF = Reference(("Customer",), "Names")
CUSTOMER_TYPE_REF = Reference(("CustomerType",), "CustomerTypes")
VENDOR_REF = Reference(("Vendor",), "Names")
PERSON_REF = Reference(("Vendor", "Customer", "Employee"), "Names", typed=True)
ACCOUNT_REF = Reference(("Account",), "Accounts")
ITEM_REF = Reference(("Item",), "Items")
CLASS_REF = Reference(("Class",), "Klasses")
DEPARTMENT_REF = Reference(("Department",), "Departments")
TERM_REF = Reference(("Term",), "Terms")
PAYMENT_METHOD_REF = Reference(("PaymentMethod",), "PaymentMethods")
# a line of a US company carries TAX or NON; anything else is looked at by the rules (6100)
LINE_TAX_CODE = Composite({"value": Text()}, ignored=("name", "type"))
TAX_CODE_REF = Reference(("TaxCode",), "TaxCodes", fixed=("TAX", "NON"))

LINKS = ListOf(
    Composite(
        {"TxnId": Text(), "TxnType": Text(), "TxnLineId": Text()},
        required=("TxnId", "TxnType"),
    )
)
CUSTOM_FIELDS = ListOf(
    Composite(
        {"DefinitionId": Text(), "Name": Text(), "Type": Text(), "StringValue": Text(31, label="Custom Field")},
    )
)
BILLABLE_STATUS = Choice(("Billable", "NotBillable", "HasBeenBilled"))
QUANTITY = Number()
LINE_IGNORES = (
    "CustomExtensions", "CustomField", "LineEx", "Received", "GroupLineDetail", "SubtotalLineDetail", "TDSLineDetail",
)  # fmt: skip

SALES_ITEM_DETAIL = Composite(
    {
        "ServiceDate": Day(),
        "ItemRef": ITEM_REF,
        "ClassRef": CLASS_REF,
        "UnitPrice": MONEY,
        "Qty": QUANTITY,
        "ItemAccountRef": ACCOUNT_REF,
        "TaxCodeRef": LINE_TAX_CODE,
        "DiscountRate": MONEY,
        "DiscountAmt": MONEY,
        "MarkupInfo": Loose(),
    },
    ignored=("TaxInclusiveAmt", "RatePercent", "PriceLevelRef", "TaxClassificationRef", "DeferredRevenue", "UOMRef"),
)
EXPENSE_PARTS = {
    "CustomerRef": CUSTOMER_REF,
    "ClassRef": CLASS_REF,
    "TaxCodeRef": LINE_TAX_CODE,
    "BillableStatus": BILLABLE_STATUS,
    "MarkupInfo": Loose(),
    "TaxAmount": MONEY,
}
ACCOUNT_DETAIL = Composite({"AccountRef": ACCOUNT_REF, **EXPENSE_PARTS}, ignored=("TaxInclusiveAmt",))
ITEM_EXPENSE_DETAIL = Composite(
    {"ItemRef": ITEM_REF, "UnitPrice": MONEY, "Qty": QUANTITY, **EXPENSE_PARTS},
    ignored=("TaxInclusiveAmt", "PriceLevelRef", "RatePercent", "ItemAccountRef"),
)


def lines(**details: Kind) -> ListOf:
    """The lines of a document.  details: what its lines may be, detail type → shape."""
    return ListOf(
        Composite(
            {
                "Id": Text(),
                "LineNum": Whole(),
                "Description": Text(4000),
                "Amount": MONEY,
                "LinkedTxn": LINKS,
                "DetailType": Choice(tuple(details)),
                **details,
            },
            ignored=LINE_IGNORES,
        )
    )


EXPENSE_LINES = lines(
    AccountBasedExpenseLineDetail=ACCOUNT_DETAIL,
    ItemBasedExpenseLineDetail=ITEM_EXPENSE_DETAIL,
    DescriptionOnly=Loose(),
)
# lines that are there for what they are linked to
PAYING_LINES = lines(Payment=Loose())
SALES_LINES = lines(
    SalesItemLineDetail=SALES_ITEM_DETAIL,
    DescriptionOnly=Loose(),
    DescriptionLineDetail=Loose(),
    DiscountLineDetail=Composite(
        {"PercentBased": Flag(), "DiscountPercent": MONEY, "DiscountAccountRef": ACCOUNT_REF},
        ignored=("DiscountRef", "ServiceDate", "ClassRef", "TaxCodeRef"),
    ),
    SubTotalLineDetail=Loose(),
)

PERSON_NAMES = (
    Field("Title", Name(16), query=True),
    Field("GivenName", Name(100), query=True),
    Field("MiddleName", Name(100), query=True),
    Field("FamilyName", Name(100), query=True),
    Field("Suffix", Name(16), query=True),
)
CONTACTS = (
    Field("PrimaryPhone", PHONE),
    Field("AlternatePhone", PHONE),
    Field("Mobile", PHONE),
    Field("Fax", PHONE),
    Field("PrimaryEmailAddr", EMAIL),
    Field("WebAddr", WEB),
)
ACTIVE = Field("Active", Flag(), default=True, query=True)
CURRENCY = Field("CurrencyRef", Currency(), once=True, default=USD, query=True)
TXN_DATE = Field("TxnDate", Day(), default=lambda write: write.books.clock.today().isoformat(), query=True, index=True)
PRIVATE_NOTE = Field("PrivateNote", Text(4000))
DOC_NUMBER = Field("DocNumber", Text(21), query=True, index=True)
NOT_NEGATIVE = Number(Decimal(0))
LINKED = Field("LinkedTxn", LINKS)
SHOWN_LINKS = Field("LinkedTxn", LINKS, server=True)
CUSTOM = Field("CustomField", CUSTOM_FIELDS, default=lambda write: [])
TAX_DETAIL = Field(
    "TxnTaxDetail",
    Composite(
        {"TxnTaxCodeRef": TAX_CODE_REF, "TotalTax": MONEY, "TaxLine": ListOf(Loose())}, ignored=("DefaultTaxCodeRef",)
    ),
)
CUSTOMER = Field("CustomerRef", CUSTOMER_REF, required=True, query=True, index=True)
ANY_CUSTOMER = Field("CustomerRef", CUSTOMER_REF, query=True, index=True)
VENDOR = Field("VendorRef", VENDOR_REF, required=True, query=True, index=True)
TOTAL = Field("TotalAmt", MONEY, server=True, query=True)
BALANCE = Field("Balance", MONEY, server=True, query=True)
DEPOSIT_TO = Field("DepositToAccountRef", ACCOUNT_REF)
PAYABLE_TO = Field("APAccountRef", ACCOUNT_REF)
DEPARTMENT = Field("DepartmentRef", DEPARTMENT_REF)
PRINT_STATUS = Field("PrintStatus", Choice(("NotSet", "NeedToPrint", "PrintComplete")), default="NotSet")
EMAIL_STATUS = Field("EmailStatus", Choice(("NotSet", "NeedToSend", "EmailSent")), default="NotSet")
# when and how it was sent; the sending writes it
DELIVERY_INFO = Field("DeliveryInfo", Loose(), server=True)
TAX_AFTER_DISCOUNT = Field("ApplyTaxAfterDiscount", Flag(), default=False)
DUE_DATE = Field("DueDate", Day(), query=True, index=True)
SALES_TERM = Field("SalesTermRef", TERM_REF, query=True)
SALES_ADDRESSES = (
    Field("BillAddr", ADDRESS),
    Field("ShipAddr", ADDRESS),
    Field("ShipDate", Day()),
    Field("TrackingNum", Text(31)),
    Field("ClassRef", CLASS_REF),
)
BILL_EMAIL = Field("BillEmail", EMAIL)
# what any document takes and does nothing with
DOCUMENT_IGNORES = frozenset(
    {
        "ExchangeRate",
        "GlobalTaxCalculation",
        "HomeBalance",
        "HomeTotalAmt",
        "Balance",
        "TotalAmt",
        "TxnSource",
        "TransactionLocationType",
        "RecurDataRef",
        "AttachableRef",
        "TaxExemptionRef",
        "FreeFormAddress",
        "ProjectRef",
        "ShipFromAddr",
        "ShipMethodRef",
        "AutoDocNumber",
        "DeliveryInfo",
        "IncludeInAnnualTPAR",
        "TxnStatus",
        "CreditCardPayment",
        "CheckPayment",
        "PaymentType",
        "Memo",
    }
)
