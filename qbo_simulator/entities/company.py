"""CompanyInfo and Preferences: one record each, read and updated only (qbo-api.md §8.11, §8.12)."""

from qbo_simulator.engine.kinds import Text
from qbo_simulator.engine.objects import ListOf, Loose
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ADDRESS, EMAIL, PHONE, WEB

COMPANY_INFO = Entity(
    name="CompanyInfo",
    sequence="CompanyInfo",
    label="CompanyName",
    operations=frozenset({"create", "update", "query"}),
    single=True,
    fields=(
        Field("CompanyName", Text(1024), query=True),
        Field("LegalName", Text(1024)),
        Field("CompanyAddr", ADDRESS),
        Field("CustomerCommunicationAddr", ADDRESS),
        Field("LegalAddr", ADDRESS),
        Field("CustomerCommunicationEmailAddr", EMAIL),
        Field("PrimaryPhone", PHONE, default=lambda write: {}),
        Field("CompanyStartDate", Text()),
        Field("FiscalYearStartMonth", Text()),
        Field("Country", Text()),
        Field("Email", EMAIL),
        Field("WebAddr", WEB, default=lambda write: {}),
        Field("SupportedLanguages", Text()),
        Field("DefaultTimeZone", Text()),
        Field("NameValue", ListOf(Loose())),
        None,
    ),
    ignored=frozenset({"EmployerId", "MultiByteCharsSupported", "AttachableRef"}),
)
PREFERENCES = Entity(
    name="Preferences",
    sequence="Preferences",
    label="Id",
    operations=frozenset({"create", "update", "query"}),
    single=True,
    fields=(
        Field("AccountingInfoPrefs", Loose()),
        Field("ProductAndServicesPrefs", Loose()),
        Field("SalesFormsPrefs", Loose()),
        Field("EmailMessagesPrefs", Loose()),
        Field("VendorAndPurchasesPrefs", Loose()),
        Field("TimeTrackingPrefs", Loose()),
        Field("TaxPrefs", Loose()),
        Field("CurrencyPrefs", Loose()),
        Field("ReportPrefs", Loose()),
        Field("OtherPrefs", Loose()),
        None,
    ),
)
