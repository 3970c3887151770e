"""Fault rules: which requests they match, and what happens to those."""

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from qbo_simulator import faults
from qbo_simulator.control.official import OFFICIAL_FAULTS
from qbo_simulator.exchange import Exchange, Operation
from qbo_simulator.faults import Fault, GatewayFault
from qbo_simulator.oauth import refusals
from qbo_simulator.oauth.refusals import RefusedError

Refusal = Fault | GatewayFault | RefusedError
MATCH = ("method", "path", "entity", "operation", "nth")
THEN = ("status", "fault", "delay_ms", "drop", "after_items", "remember", "detail")
OPERATIONS = ("create", "update", "delete", "void", "read", "query")
DROPS = ("before", "after", "midway")
STATUSES: dict[int, Callable[[str | None], Fault | GatewayFault]] = {
    401: lambda detail: faults.unauthenticated(detail or "Token expired"),
    403: lambda detail: faults.unauthorised(),
    429: lambda detail: faults.throttled(),
    500: lambda detail: faults.system_failure(),
    503: faults.unavailable,
}
KNOWN_FAULTS: dict[str, Fault] = {
    **OFFICIAL_FAULTS,
    "500": faults.unsupported_operation("void"),
    "600": faults.duplicate_request_id(),
    "610": faults.not_found(),
    "620": faults.cannot_link("0", "is not billable or has been billed already."),
    "2010": faults.unreadable(),
    "2020": faults.missing("CustomerRef"),
    "2050": faults.wrong_length("DocNumber", 0, 21, 45),
    "2170": faults.invalid_enumeration("HAS_BEEN_BILLED", "BillableStatus"),
    "2500": faults.invalid_reference("Names element id 970 not found"),
    "5010": faults.stale(),
    "6000": faults.business("You can only add or edit one name at a time. Please try again."),
    "6140": faults.duplicate_number("1045", "Invoice", "17984"),
    "6190": Fault(
        "6190",
        "Invalid Company Status",
        "Subscription period has ended or canceled or there was a billing problem : You can't add data to QuickBooks "
        "Online Plus because your trial or subscription period ended.",
    ),
    "6210": Fault(
        "6210",
        "Account Period Closed, Cannot Update Through Services API",
        "The account period has closed and the account books cannot be updated through the QBO Services API. "
        "Please use the QBO website to make these changes.",
    ),
    "6240": faults.duplicate_across_lists(),
    "6240-id": faults.duplicate_in_list(1248),
    "6240-account": faults.duplicate_in_own_words("account"),
    "10000": faults.system_failure(),
}


@dataclass
class Rule:
    """One rule.

    match: what a request must be like.  then: what happens to it.  times: how often, None for always.
    seen: how many requests (or operations, for a fault) matched; fired: how often it came into play.
    """

    match: dict[str, Any]
    then: dict[str, Any]
    times: int | None
    seen: int = 0
    fired: int = 0

    def turn(self) -> bool:
        """Count a match; whether the rule comes into play for it."""
        self.seen += 1
        if self.seen < self.match.get("nth", 1) or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True

    def applies_to_request(self, exchange: Exchange) -> bool:
        """Whether the request is meant: method, path, and any of its operations."""
        asked = "entity" in self.match or "operation" in self.match
        return self.is_at(exchange) and (not asked or any(self.is_about(each) for each in exchange.operations))

    def is_at(self, exchange: Exchange) -> bool:
        method, path = self.match.get("method"), self.match.get("path")
        if method and method.upper() != exchange.request.method:
            return False
        return not path or fnmatch.fnmatchcase(exchange.request.path, path) or path in exchange.request.path

    def is_about(self, operation: Operation) -> bool:
        entity, asked = self.match.get("entity"), self.match.get("operation")
        return (not entity or entity.lower() == operation.entity.lower()) and (
            not asked or asked == operation.operation
        )

    def fault(self) -> Fault:
        """The service fault to answer with."""
        given = self.then["fault"]
        if isinstance(given, str):
            return replace(KNOWN_FAULTS[given])
        return replace(worded(given), besides=tuple(map(worded, given.get("besides", ()))))

    @property
    def is_about_operations(self) -> bool:
        """Whether it faults single operations; the others are about whole requests."""
        return "fault" in self.then and not self.refuses_sign_in

    @property
    def refuses_sign_in(self) -> bool:
        return isinstance(self.then.get("fault"), str) and self.then["fault"] in refusals.BY_NAME

    def refusal(self) -> Refusal | None:
        """The answer of a rule about whole requests; None where it lets the request be carried out."""
        if self.refuses_sign_in:
            return replace(refusals.BY_NAME[self.then["fault"]])
        if "status" not in self.then:
            return None
        status = self.then["status"]
        if status in STATUSES:
            return STATUSES[status](self.then.get("detail"))
        return GatewayFault(status, f"message=Injected; statusCode={status}", str(status), "SERVICE")

    def shown(self) -> dict[str, Any]:
        return {"match": self.match, "then": self.then, "times": self.times, "seen": self.seen, "fired": self.fired}


def worded(given: Mapping[str, Any]) -> Fault:
    """A fault in words of the caller's own."""
    return Fault(
        str(given["code"]),
        given.get("message", ""),
        given.get("detail"),
        given.get("element"),
        given.get("type", "ValidationFault"),
        given.get("status", 400),
    )


def read_rules(value: Any) -> list[Rule]:
    """A list of rules from JSON.  Raises ValueError with a sentence that says what is wrong."""
    if not isinstance(value, list):
        raise ValueError("rules must be a list.")
    return [read_rule(place, rule) for place, rule in enumerate(value, 1)]


def read_rule(place: int, value: Any) -> Rule:
    if not isinstance(value, Mapping) or set(value) - {"match", "then", "times", "seen", "fired"}:
        raise ValueError(f"Rule {place} must be an object with match, then and times.")
    match, then, times = value.get("match", {}), value.get("then", {}), value.get("times", 1)
    check_names(place, "match", match, MATCH)
    check_names(place, "then", then, THEN)
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
        raise ValueError(f"Rule {place}: times must be a whole number from 1 on, or null for always.")
    check_match(place, match)
    check_then(place, then)
    return Rule(dict(match), dict(then), times)


def check_names(place: int, part: str, value: Any, names: tuple[str, ...]) -> None:
    if not isinstance(value, Mapping):
        raise ValueError(f"Rule {place}: {part} must be an object.")
    unknown = sorted(set(value) - set(names))
    if unknown:
        raise ValueError(f"Rule {place}: {part} knows no {', '.join(unknown)}; it knows {', '.join(names)}.")


def check_match(place: int, match: Mapping[str, Any]) -> None:
    if match.get("operation") not in (None, *OPERATIONS):
        raise ValueError(f"Rule {place}: operation must be one of {', '.join(OPERATIONS)}.")
    if not is_count(match.get("nth", 1), 1):
        raise ValueError(f"Rule {place}: nth must be a whole number from 1 on.")


def check_then(place: int, then: Mapping[str, Any]) -> None:
    if not {"status", "fault", "delay_ms", "drop"} & set(then):
        raise ValueError(f"Rule {place}: then must say status, fault, delay_ms or drop.")
    if not (is_count(then.get("status", 500), 400) and then.get("status", 500) < 600):
        raise ValueError(f"Rule {place}: status must be from 400 to 599.")
    if then.get("drop") not in (None, *DROPS):
        raise ValueError(f"Rule {place}: drop must be one of {', '.join(DROPS)}.")
    for name in ("delay_ms", "after_items"):
        if not is_count(then.get(name, 0), 0):
            raise ValueError(f"Rule {place}: {name} must be a whole number from 0 on.")
    if not isinstance(then.get("remember", True), bool):
        raise ValueError(f"Rule {place}: remember must be true or false.")
    if {"status", "fault"} <= set(then):
        raise ValueError(f"Rule {place}: then may say a status or a fault, not both.")
    if "fault" in then:
        check_fault(place, then["fault"])


def check_fault(place: int, fault: Any) -> None:
    if isinstance(fault, Mapping) and "code" in fault:
        besides = fault.get("besides", [])
        if not (isinstance(besides, list) and all(isinstance(each, Mapping) and "code" in each for each in besides)):
            raise ValueError(f'Rule {place}: besides must be a list of objects with "code", "message", "detail".')
        return
    known = (*KNOWN_FAULTS, *refusals.BY_NAME)
    if not isinstance(fault, str) or fault not in known:
        words = f'one of {", ".join(known)}, or an object with "code", "message", "detail"'
        raise ValueError(f"Rule {place}: fault must be {words}.")


def is_count(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
