"""The company itself: CompanyInfo, Preferences, payment methods and terms."""

from typing import Any

REALMS = {"sandbox": "4620816365291273960", "empty": "4620816365291273970"}
NAMES = {"sandbox": "Sandbox Company_US_1", "empty": "New Company"}
ADDRESS = {
    "Line1": "123 Sierra Way",
    "City": "San Pablo",
    "Country": "USA",
    "CountrySubDivisionCode": "CA",
    "PostalCode": "87999",
}


def pairs(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def company_info(name: str) -> dict[str, Any]:
    """CompanyInfo as a US Plus company shows it (qbo-api.md §8.11)."""
    return {
        "CompanyName": name,
        "LegalName": name,
        "CompanyAddr": ADDRESS,
        "CustomerCommunicationAddr": ADDRESS,
        "LegalAddr": ADDRESS,
        "CustomerCommunicationEmailAddr": {"Address": "noreply@quickbooks.com"},
        "CompanyStartDate": "2025-12-01",
        "FiscalYearStartMonth": "January",
        "Country": "US",
        "Email": {"Address": "noreply@quickbooks.com"},
        "SupportedLanguages": "en",
        "DefaultTimeZone": "America/Los_Angeles",
        "NameValue": pairs(
            NonTracking="false",
            IsQbdtMigrated="false",
            CompanyType="Other",
            SubscriptionStatus="SUBSCRIBED",
            OfferingSku="QuickBooks Online Plus",
            PayrollFeature="false",
            AccountantFeature="false",
            QBOIndustryType="Landscaping Services",
            ItemCategoriesFeature="true",
            AssignedTime="2026-01-02T09:00:00-08:00",
        ),
    }


MESSAGE = {"Subject": "Message from Sandbox Company_US_1", "Message": "Thank you for your business."}
OTHER_PREFERENCES = (
    ("SalesFormsPrefs.DefaultCustomerMessage", "Thank you for your business and have a great day!"),
    ("SalesFormsPrefs.DefaultItem", "1"),
    ("DTXCopyMemo", "false"),
    ("UncategorizedAssetAccountId", "32"),
    ("UncategorizedIncomeAccountId", "27"),
    ("UncategorizedExpenseAccountId", "30"),
    ("SignoutInactiveMinutes", "60"),
    ("DateFormatMnemonic", "MM/DD/YYYY"),
    ("TimeTrackingFeatureEnabled", "true"),
    ("ProjectsEnabled", "false"),
    ("VendorAndPurchasesPrefs.UseCustomTxnNumbers", "false"),
    ("VendorAndPurchasesPrefs.MarkupOnBillableExpenseEnabled", "false"),
    ("WarnDuplicateCheckNumber", "true"),
    ("WarnDuplicateBillNumber", "false"),
    ("WarnDuplicateJournalNumber", "false"),
)
PREFERENCES: dict[str, Any] = {
    "AccountingInfoPrefs": {
        "UseAccountNumbers": False,
        "TrackDepartments": False,
        "ClassTrackingPerTxn": False,
        "ClassTrackingPerTxnLine": False,
        "FirstMonthOfFiscalYear": "January",
        "TaxYearMonth": "January",
        "TaxForm": "6",
        "CustomerTerminology": "Customers",
    },
    "ProductAndServicesPrefs": {
        "ForSales": True,
        "ForPurchase": True,
        "QuantityWithPriceAndRate": True,
        "QuantityOnHand": True,
        "RevenueRecognition": {"Enable": False},
    },
    "SalesFormsPrefs": {
        "CustomField": [],
        "CustomTxnNumbers": False,
        "AllowDeposit": False,
        "AllowDiscount": False,
        "DefaultDiscountAccount": "86",
        "AllowEstimates": True,
        "AllowServiceDate": False,
        "AllowShipping": False,
        "DefaultTerms": {"value": "3"},
        "AutoApplyCredit": True,
        "AutoApplyPayments": True,
        "EstimateMessage": "Thank you for your business.",
        "DefaultCustomerMessage": "Thank you for your business and have a great day!",
    },
    "EmailMessagesPrefs": {
        "InvoiceMessage": MESSAGE,
        "EstimateMessage": MESSAGE,
        "SalesReceiptMessage": MESSAGE,
        "StatementMessage": MESSAGE,
    },
    "VendorAndPurchasesPrefs": {"TrackingByCustomer": True, "BillableExpenseTracking": True, "POCustomField": []},
    "TimeTrackingPrefs": {
        "UseServices": True,
        "DefaultTimeItem": {"value": "2"},
        "BillCustomers": True,
        "ShowBillRateToAll": False,
        "WorkWeekStartDate": "Monday",
        "MarkTimeEntriesBillable": True,
    },
    "TaxPrefs": {"UsingSalesTax": True, "TaxGroupCodeRef": {"value": "2"}},
    "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}},
    "ReportPrefs": {"ReportBasis": "Accrual"},
    "OtherPrefs": {"NameValue": [{"Name": name, "Value": value} for name, value in OTHER_PREFERENCES]},
}
# (id, name, type)
PAYMENT_METHODS = (
    (1, "Cash", "NON_CREDIT_CARD"),
    (2, "Check", "NON_CREDIT_CARD"),
    (3, "Visa", "CREDIT_CARD"),
    (4, "MasterCard", "CREDIT_CARD"),
    (5, "Discover", "CREDIT_CARD"),
    (6, "American Express", "CREDIT_CARD"),
    (7, "Diners Club", "CREDIT_CARD"),
)
# (id, name, days)
TERMS = ((1, "Due on receipt", 0), (2, "Net 15", 15), (3, "Net 30", 30), (4, "Net 60", 60))
# the last numbers used before the books were opened here
SEQUENCES = {"Transactions": 144, "TimeActivity": 4, "PhysicalAddress": 0, "DocNumber:Invoice": 1000}
