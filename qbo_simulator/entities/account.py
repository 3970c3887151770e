"""Account (qbo-api.md §8.4)."""

from qbo_simulator.effects.accounts import (
    TYPE_OF_SUBTYPE,
    TYPES,
    follow_parent,
    number_is_free,
    settle_type,
)
from qbo_simulator.effects.ledger import count_above, show_balance
from qbo_simulator.effects.people import settle_subaccount
from qbo_simulator.engine.kinds import Choice, Flag, Name, Text
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACCOUNT_REF, ACTIVE, CURRENCY, MONEY, TAX_CODE_REF

ACCOUNT = Entity(
    name="Account",
    sequence="Account",
    label="FullyQualifiedName",
    kept_in="Accounts",
    unique="Name",
    parent="ParentRef",
    duplicate="account",
    operations=frozenset({"create", "update", "query"}),
    updated_on_create=False,
    order="label, id",
    fields=(
        Field("Name", Name(100, also='"'), required=True, query=True, index=True),
        Field("SubAccount", Flag(), query=True),
        Field("ParentRef", ACCOUNT_REF, query=True, index=True),
        Field("Description", Text(100)),
        Field("FullyQualifiedName", Text(), server=True, query=True, index=True),
        ACTIVE,
        Field("Classification", Text(), server=True, query=True),
        Field("AccountType", Choice(tuple(TYPES)), query=True, index=True),
        Field("AccountSubType", Choice(tuple(TYPE_OF_SUBTYPE)), query=True, index=True),
        # the reference says 7 in the US; a client's suite that runs against Intuit's US sandbox stores 11
        Field("AcctNum", Text(20), query=True, index=True),
        Field("CurrentBalance", MONEY, server=True, default=0, query=True),
        Field("CurrentBalanceWithSubAccounts", MONEY, server=True, default=0),
        CURRENCY,
        Field("TaxCodeRef", TAX_CODE_REF),
        None,
    ),
    ignored=frozenset({
        "OpeningBalance", "OpeningBalanceDate", "BankNum", "AccountAlias", "TxnLocationType", "AcctNumExtn",
        "RoutingNum", "FIName", "OnlineBankingEnabled", "JournalCodeRef", "AccountPurposes", "AccountEx",
        "AttachableRef", "TaxAccount", "LegalName",
    }),
    prepare=(settle_subaccount, settle_type, follow_parent, number_is_free, show_balance),
    effects=(count_above,),
)  # fmt: skip
