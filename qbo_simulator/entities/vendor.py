"""Vendor (qbo-api.md §8.2)."""

from qbo_simulator.effects.ledger import open_balance
from qbo_simulator.effects.people import compose_name, ignore_term_on_create, mask, pseudonym
from qbo_simulator.engine.kinds import Flag, Name, Text
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ACCOUNT_REF,
    ACTIVE,
    ADDRESS,
    CONTACTS,
    CURRENCY,
    MONEY,
    PERSON_NAMES,
    TERM_REF,
)

VENDOR = Entity(
    name="Vendor",
    sequence="Names",
    label="DisplayName",
    kept_in="Names",
    unique="DisplayName",
    space="Names",
    duplicate="names",
    operations=frozenset({"create", "update", "query"}),
    fields=(
        Field("BillAddr", ADDRESS),
        Field("TaxIdentifier", Text(20)),
        Field("TermRef", TERM_REF),
        Field("Balance", MONEY, once=True, default=0, query=True),
        Field("AcctNum", Text(100), query=True),
        Field("Vendor1099", Flag(), default=False, query=True),
        Field("BillRate", MONEY),
        Field("CostRate", MONEY),
        CURRENCY,
        Field("APAccountRef", ACCOUNT_REF),
        None,
        *PERSON_NAMES,
        Field("CompanyName", Text(100), query=True),
        Field("DisplayName", Name(500), query=True, index=True),
        Field("PrintOnCheckName", Name(100), query=True),
        ACTIVE,
        Field("V4IDPseudonym", Text(), server=True, default=pseudonym),
        *CONTACTS,
    ),
    ignored=frozenset({
        "BusinessNumber", "GSTIN", "GSTRegistrationType", "HasTPAR", "TaxReportingBasis", "T4AEligible",
        "T5018Eligible", "Source", "VendorPaymentBankDetail", "OtherContactInfo", "CurrencyCode", "Organization",
        "UserId", "OtherAddr", "ContactName", "AltContactName", "Notes", "FullyQualifiedName", "OpenBalanceDate",
        "CreditLimit", "VendorEx", "TaxCountry", "AttachableRef", "IntuitId", "PrefVendor", "ShipAddr",
    }),
    prepare=(compose_name, ignore_term_on_create, mask),
    effects=(open_balance,),
)  # fmt: skip
