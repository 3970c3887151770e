"""Bad days at QuickBooks, one row each: how it behaves, and how the office's day must end (qbo-api.md §5–§7).

A day is: copy an invoice with its hours, expense and mileage, and all the people they need. Unless its row says
otherwise, everything is there once in the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from tests.faults.office import WHOLE

BATCH = {"path": "*/batch"}
TOKENS = {"path": "*/tokens/bearer"}
RECONNECT = "QuickBooks no longer accepts our authorization"
NOT_IN_COMPANY = "The person who connected QuickBooks may not work in this company any more."
# The limit per second is another one's row: a run begins with some dozen reads.
FOUR_AT_ONCE = {"limits.on": True, "limits.at_once": 4, "limits.per_second": 100, "limits.reports_per_minute": 1}
LATER = {"clock.now": "+4000"}  # the access token is over


@dataclass(frozen=True)
class Day:
    """One day.

    behaviour: what `PUT /_simulator/behaviour` gets.  state: how the run ends.  says: part of what the run or a step
    says.  books: records at QuickBooks by entity.  counted: what the simulator must have counted as injected.
    then: behaviour that is set after the first ring, for what happens between a lost answer and the look for it.
    """

    name: str
    behaviour: Mapping[str, Any]
    state: str = "done"
    says: str = ""
    books: Mapping[str, int] = field(default_factory=lambda: WHOLE)
    counted: str = ""
    then: Mapping[str, Any] = field(default_factory=dict)


def rule(match: Mapping[str, Any], times: int | None = 1, **then: Any) -> dict[str, Any]:
    return {"rules": [{"match": match, "then": then, "times": times}]}


PEOPLE = {"Employee": 1, "Vendor": 2}  # all but the customer, on whom the rest depends
REFUSED_WITH_120 = rule({"entity": "Customer", "operation": "create"}, fault="120")

RULES = [
    Day("every read is slow", rule({"operation": "query"}, None, delay_ms=5), counted="delay_ms 5"),
    Day("a POST is slow", rule({"method": "POST", "entity": "Invoice"}, delay_ms=30), counted="delay_ms 30"),
    Day("the token is refused once", rule(BATCH, status=401), counted="status 401"),
    Day("the token is refused with a word", rule(BATCH, status=401, detail="Token revoked"), counted="status 401"),
    Day("the token is refused for good", rule({"path": "*/v3/*"}, None, status=401), "queued", RECONNECT, {}),
    Day("the company is closed to us", rule(BATCH, status=403), "failed", "does not let us into this company", {}),
    Day("too many requests", rule(BATCH, status=429), counted="status 429"),
    Day("QuickBooks fails twice", rule(BATCH, 2, status=500), counted="status 500"),
    Day("QuickBooks is overloaded", rule({**BATCH, "nth": 2}, status=503), counted="status 503"),
    Day("the first read fails", rule({"operation": "query"}, status=500), counted="status 500"),
    Day("a gateway of some kind", rule(BATCH, status=418), says="statusCode=418", books={}),
    Day("lost before it arrived", rule(BATCH, drop="before"), counted="drop before"),
    Day("lost after it was done", rule(BATCH, drop="after"), counted="drop after"),
    Day("the third is lost after it was done", rule({**BATCH, "nth": 3}, drop="after"), counted="drop after"),
    Day("died midway", rule(BATCH, drop="midway", after_items=1), counted="drop midway"),
    Day("died midway, remembered", rule(BATCH, drop="midway", after_items=2, remember=True), counted="drop midway"),
    Day("died midway, forgotten", rule(BATCH, drop="midway", after_items=2, remember=False), counted="drop midway"),
    Day("lost and forgotten", rule({"entity": "Invoice"}, drop="after", remember=False), counted="drop after"),
    Day("one record is refused", rule({"entity": "Customer", "operation": "create"}, fault="2050"),
        says="A text is longer or shorter than QuickBooks takes", books=PEOPLE, counted="fault 2050"),
    Day("the second is refused", rule({"entity": "Purchase", "nth": 2}, fault="6210"),
        says="The books at QuickBooks are closed for this date.",
        books={**PEOPLE, "Customer": 1, "TimeActivity": 1, "Purchase": 1}, counted="fault 6210"),
    Day("a fault of our own words", rule({"entity": "TimeActivity"}, fault={"code": 6500, "detail": "Not on Mondays"}),
        says="Its words: “Not on Mondays”", books={**PEOPLE, "Customer": 1, "Purchase": 2}),
    Day("links are refused", rule({"entity": "Invoice", "operation": "create"}, fault="620"), counted="fault 620"),
    Day("somebody edits names", rule({"entity": "Employee"}, 2, fault="6000"), counted="fault 6000"),
    Day("a record fails in the system", rule({"entity": "TimeActivity"}, fault="10000"), counted="fault 10000"),
    Day("a person may not any more", REFUSED_WITH_120, "failed", NOT_IN_COMPANY, PEOPLE, counted="fault 120"),
    Day("a person may not even read", rule({"operation": "query"}, fault="120"), "failed", NOT_IN_COMPANY, {}),
    Day("the authorization is over", rule(TOKENS, None, fault="invalid_grant") | LATER, "queued", RECONNECT, {}),
    Day("our keys are wrong", rule(TOKENS, None, fault="invalid_client") | LATER, "failed", "QBO_CLIENT_ID", {}),
    Day("the sign-in fails once", rule(TOKENS, status=500) | LATER, counted="status 500"),
]  # fmt: skip

# Nothing is let in any more until the clock goes on. All of a frozen day falls into one second, so that limit is out
# of the way wherever another one is meant.
FULL = {"limits.on": True, "clock.frozen": True, "limits.per_second": 10_000}
ON = {"clock.frozen": False, "clock.speed": 500}
LIMITS = [
    Day("batches over the limit", FULL | {"limits.batches_per_minute": 2}, then=ON,
        counted="limit batches_per_minute"),
    Day("batches of all apps", FULL | {"limits.batches_per_minute_of_all_apps": 2, "limits.answer": "json"}, then=ON,
        counted="limit batches_per_minute_of_all_apps"),
    Day("requests in a minute", FULL | {"limits.per_minute": 4, "limits.answer": "503"}, then=ON | {"limits.on": False},
        counted="limit per_minute"),
    Day("requests in a second", FULL | {"limits.per_second": 9, "limits.answer": "xml", "limits.retry_after": True},
        then=ON, counted="limit per_second"),
    Day("four at a time are enough", FOUR_AT_ONCE),
]  # fmt: skip
CLOCK = [
    Day("the access token is over", LATER),
    Day("tokens end at once and are refreshed", {"access_token_seconds": 1, "clock.now": "+3601"}),
    Day("a refresh gives another token", LATER | {"refresh_rotation": "each", "refresh_grace_seconds": 60}),
    Day("not used for a hundred days", {"clock.now": "+9000000"}, "queued", RECONNECT, {}),
    Day("five years are over", {"clock.now": "+157700000"}, "queued", RECONNECT, {}),
    Day("time stands still", {"clock.frozen": True}),
    Day("the request id is forgotten", rule(BATCH, drop="after") | {"requestid_hours": 1}, then={"clock.now": "+3500"}),
    Day("slow in all", {"latency": {"base_ms": 2, "per_operation_ms": 1}}),
    Day("webhooks nobody hears", {"webhooks": {"url": "http://127.0.0.1:9/", "repeat": 2, "merge_seconds": 0}}),
]
REFUSED_ONCE = rule({"entity": "Customer", "operation": "create"}, fault="2050")
LOST = rule(BATCH, drop="after")

# Each uncertain fact answered the other way round: whichever it is at Intuit, the day ends well or is told.
SWITCHES = [
    Day("request ids of an hour", {"requestid_hours": 1}),
    Day("an id is refused for another body", LOST | {"requestid_mismatch": "refuse"}),
    Day("an id is carried out anew for another body", LOST | {"requestid_mismatch": "execute"}),
    Day("an id under way is refused", LOST | {"requestid_concurrent": "refuse"}),
    Day("a refusal is kept with its id", rule(BATCH, status=500) | {"requestid_keeps_errors": True}),
    Day("an update without a token is stale", {"missing_sync_token": "5010"}),
    Day("a suffix that is there is refused", {"deleted_suffix": "refused"}),
    Day("a suffix stays", {"reactivation": "kept"}),
    Day("inactive names are taken", {"inactive_names": "blocked"}),
    Day("names to the letter", {"name_comparison": "exact"}),
    Day("sub-customers by parent", {"subcustomer_names": "by_parent"}),
    Day("many names at a time", {"one_name_at_a_time": False}),
    Day("our number is not taken", {"sent_doc_number": "ignored"}, says="QuickBooks gave it the number 1001."),
    Day("purchases are numbered", {"purchase_numbers": "counted"}),
    Day("terms are filled in", {"invoice_terms": "filled"}),
    Day("payments of one customer", {"payment_customer": "same"}),
    Day("payments of anybody", {"payment_customer": "any"}),
    Day("billable is not kept", {"purchase_billable": "ignored"}),
    Day("billable is refused", {"purchase_billable": "refused"}),
    Day("billable without tracking is refused", {"billable_tracking_off": "refused"}),
    Day("charges may be linked", {"reimburse_charge_links": True}),
    Day("time that cannot be linked is a rule broken", {"time_link_fault": "6000"}),
    Day("no work past midnight", {"end_before_start": "refused"}),
    Day("two apostrophes are one", {"doubled_apostrophe": "accepted"}),
    Day("names of entities to the letter", {"entity_case": "exact"}),
    Day("batches of three", {"batch_items": 3}, says="QuickBooks takes fewer records in one go", books={}),
    Day("answers in another order", {"batch_answer_order": "reversed"}),
    Day("faults with 200", {"fault_status": "200"} | rule({"operation": "query"}, fault="120"), "failed",
        NOT_IN_COMPANY, {}),
    Day("401 without its header", LATER | {"www_authenticate": False}),
    Day("other words for a query", {"parse_error_message": "Error parsing query"}),
    Day("other words for a name", {"bad_name_message": "Invalid String Range"}),
    Day("a property is named", {"unknown_property": "named"}),
    Day("the refresh token's full life", LATER | {"refresh_expires_in": "full"}),
    Day("the longest tokens", LATER | {"token_length": "largest"}),
]  # fmt: skip

# Days of the connect page: who signs in, and what comes back.
CONNECTING = [
    Day("PKCE is checked", {"pkce": "checked"}),
    Day("a second consent ends the first", {"second_consent": "replaces"}),
    Day("revoking what is unknown is fine", {"revoke_unknown": "200"}),
    Day("the longest tokens from the start", {"token_length": "largest"}),
    Day("our address is registered", {"loopback_redirects": False, "redirect_uris": [settings.QBO_REDIRECT_URI]}),
    Day("somebody else's address is registered", {"loopback_redirects": False}, says="not registered for this app"),
    Day("short lives", {"refresh_token_seconds": 3600, "refresh_hard_seconds": 7200}),
]
DAYS = [*RULES, *LIMITS, *CLOCK, *SWITCHES]
