"""The switches: one for each fact that is uncertain at Intuit (qbo-api.md, tag [uncertain]), its default named first.

The engine asks for them by name through `Books.switches`; nothing here imports the engine.
"""

from typing import Any

from qbo_simulator.control.declared import Control
from qbo_simulator.control.values import Choice, Switch, Value, Whole


def choice(**words: str) -> Choice:
    """A choice whose words may begin with an underscore where they are numbers: `_2020` is 2020."""
    return Choice({name.removeprefix("_"): meaning for name, meaning in words.items()})


def uncertain(name: str, value: Value, default: Any, help: str, group: str, fact: str) -> Control:
    return Control(name, value, default, help, group, f"{fact} [uncertain]")


REQUEST_IDS, WRITING, NAMES, DOCUMENTS = "Request ids", "Writing", "Names", "Documents"
TIME, QUERIES, FAULTS, SIGN_IN = "Time and billing", "Queries and batches", "Shape of faults", "Sign-in"

SWITCHES = (
    uncertain(
        "requestid_hours",
        Whole(0),
        24,
        "How long the answer to a request id is kept and given again; 0 for ever.",
        REQUEST_IDS,
        "§5 retention",
    ),
    uncertain(
        "requestid_mismatch",
        choice(
            replay="the earlier answer is given, what was sent is dropped",
            refuse="code 600",
            execute="it is carried out like a new request",
        ),
        "replay",
        "What a known request id with another body gets.",
        REQUEST_IDS,
        "§5 same id, different payload",
    ),
    uncertain(
        "requestid_concurrent",
        choice(replay="it waits for the first one's answer and gets that", refuse="code 600 at once"),
        "replay",
        "What a request id gets while its first request is still under way.",
        REQUEST_IDS,
        "§5 concurrent duplicates",
    ),
    uncertain(
        "requestid_keeps_errors",
        Switch(),
        False,
        "Whether a refusal is given again for its request id; otherwise the request is carried out anew.",
        REQUEST_IDS,
        "§5 stored errors",
    ),
    uncertain(
        "missing_sync_token",
        choice(_2020="required parameter missing", _5010="stale object"),
        "2020",
        "The code of an update without SyncToken.",
        WRITING,
        "§2.3 SyncToken",
    ),
    uncertain(
        "deleted_suffix",
        choice(numbered="the next is called “Name (deleted 1)”", refused="code 6240"),
        "numbered",
        "What happens when a name is deactivated whose “Name (deleted)” exists already.",
        NAMES,
        "§2.3 deactivation",
    ),
    uncertain(
        "reactivation",
        choice(stripped="the suffix goes", kept="the suffix stays"),
        "stripped",
        "What becomes of “ (deleted)” when a record is made active and no other name is sent.",
        NAMES,
        "§2.3 reactivation",
    ),
    uncertain(
        "inactive_names",
        choice(free="another record may take it", blocked="code 6240"),
        "free",
        "Whether the name of a deactivated record may be used again.",
        NAMES,
        "§2.3, §7.3 inactive names",
    ),
    uncertain(
        "name_comparison",
        choice(folded="case and surrounding blanks do not count", exact="every character counts"),
        "folded",
        "How names are compared.",
        NAMES,
        "§7.3 case and blanks",
    ),
    uncertain(
        "subcustomer_names",
        choice(unique="one name space", by_parent="only within one parent"),
        "unique",
        "Whether sub-customers of different parents may have the same DisplayName.",
        NAMES,
        "§8.1 sub-customers",
    ),
    Control(
        "one_name_at_a_time",
        Switch(),
        True,
        "Whether a customer, vendor or employee that is written while another such write of the company is under way "
        "gets code 6000 “You can only add or edit one name at a time.”",
        NAMES,
        "§7.2 6000 [observed in fixture]",
    ),
    uncertain(
        "sent_doc_number",
        choice(stored="it is stored", ignored="the server counts on"),
        "stored",
        "What becomes of a DocNumber that is sent while CustomTxnNumbers is off.",
        DOCUMENTS,
        "§8.9 DocNumber",
    ),
    uncertain(
        "purchase_numbers",
        choice(none="none, as observed", counted="last + 1, as documented"),
        "none",
        "The DocNumber of a purchase that is sent without one while UseCustomTxnNumbers is false.",
        DOCUMENTS,
        "§8.8 DocNumber",
    ),
    uncertain(
        "invoice_terms",
        choice(left_out="left out", filled="the customer's or the company's term"),
        "left_out",
        "SalesTermRef of an invoice that is sent without one.",
        DOCUMENTS,
        "§8.9 SalesTermRef",
    ),
    uncertain(
        "payment_customer",
        choice(family="a customer and those below or above it", same="the same customer only", any="any"),
        "family",
        "Whose invoices a payment may settle; otherwise code 620.",
        DOCUMENTS,
        "§8.10 customer of payment and invoice",
    ),
    uncertain(
        "purchase_billable",
        choice(accepted="it is stored", ignored="the line stays NotBillable", refused="code 2170"),
        "accepted",
        "What becomes of BillableStatus Billable on the line of a purchase.",
        TIME,
        "§8.8 BillableStatus",
    ),
    uncertain(
        "billable_tracking_off",
        choice(dropped="they are dropped", refused="code 6000"),
        "dropped",
        "What becomes of BillableStatus and CustomerRef on expense lines while BillableExpenseTracking is off.",
        TIME,
        "§9 preferences",
    ),
    uncertain(
        "reimburse_charge_links",
        Switch(),
        False,
        "Whether an app may link a ReimburseCharge to an invoice; otherwise such links are the server's own.",
        TIME,
        "§9 ReimburseCharge",
    ),
    uncertain(
        "time_link_fault",
        choice(_620="cannot be linked", _6000="business validation"),
        "620",
        "The code for linking time that is not billable, is billed already or is another customer's.",
        TIME,
        "§9 620 or 6000",
    ),
    uncertain(
        "end_before_start",
        choice(midnight="it ends on the next day", refused="code 6370"),
        "midnight",
        "What a time activity means whose end is earlier than its start.",
        TIME,
        "§8.7 StartTime and EndTime",
    ),
    uncertain(
        "doubled_apostrophe",
        choice(refused="code 4000", accepted="one apostrophe"),
        "refused",
        "What two apostrophes inside a literal of a query are.",
        QUERIES,
        "§3 apostrophes",
    ),
    uncertain(
        "entity_case",
        choice(any="any case", exact="as documented, else code 4001"),
        "any",
        "In which case a query may write the name of an entity.",
        QUERIES,
        "§3 entity names",
    ),
    uncertain(
        "batch_items",
        Whole(1, 50),
        30,
        "How many items a batch may have; more get code 1040.",
        QUERIES,
        "§4 10, 30 or 50",
    ),
    uncertain(
        "batch_answer_order",
        choice(as_sent="as the items were sent", reversed="the last one first"),
        "as_sent",
        "In which order a batch's answers stand; the reference says not to rely on it.",
        QUERIES,
        "§4 order",
    ),
    uncertain(
        "fault_status",
        choice(usual="400 or 500", _200="200, as the error page warns"),
        "usual",
        "The HTTP status of the service's faults.",
        FAULTS,
        "§2.2 faults with HTTP 200",
    ),
    uncertain(
        "www_authenticate",
        Switch(),
        True,
        "Whether a 401 carries the header WWW-Authenticate.",
        FAULTS,
        "§7.1",
    ),
    uncertain(
        "parse_error_message",
        Choice({"QueryParseError": "as captured", "Error parsing query": "as other copies have it"}),
        "QueryParseError",
        "The Message of code 4000.",
        FAULTS,
        "§3 4000",
    ),
    uncertain(
        "bad_name_message",
        Choice({"Invalid Enumeration": "as captured", "Invalid String Range": "its official name"}),
        "Invalid Enumeration",
        "The Message of code 2180, for a name with a colon, tab or line break.",
        FAULTS,
        "§7.2 2180",
    ),
    uncertain(
        "unknown_property",
        choice(unnamed="“failed to parse json object”", named="the property's name"),
        "unnamed",
        "What the Detail of code 2010 says of a property that the entity does not have.",
        FAULTS,
        "§7.2 2010",
    ),
    uncertain(
        "refresh_expires_in",
        choice(remaining="what is left of it", full="its full life"),
        "remaining",
        "x_refresh_token_expires_in when a refresh gives the same refresh token again.",
        SIGN_IN,
        "§1.3",
    ),
    uncertain(
        "token_length",
        choice(usual="about 1,000 and 50", largest="4,096 and 512"),
        "usual",
        "How many characters access and refresh tokens have.",
        SIGN_IN,
        "§1.3 maximum lengths",
    ),
    uncertain(
        "pkce",
        choice(ignored="it is ignored", checked="the code_verifier must fit"),
        "ignored",
        "What a code_challenge in the authorize request does.",
        SIGN_IN,
        "§1.2 PKCE",
    ),
    uncertain(
        "second_consent",
        choice(independent="the earlier one stays", replaces="the earlier one ends"),
        "independent",
        "What a further authorization of the same app for the same company does to an earlier one.",
        SIGN_IN,
        "§1.6 two users of one company",
    ),
    uncertain(
        "revoke_unknown",
        choice(_400="400 invalid_grant", _200="200, as RFC 7009 has it"),
        "400",
        "What revoking an unknown token gets.",
        SIGN_IN,
        "§1.6 revoke",
    ),
)
DEFAULTS = {control.name: control.value.read(control.name, control.default) for control in SWITCHES}
