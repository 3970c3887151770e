"""What Intuit answers when it refuses: the service's faults and the gateway's (qbo-api.md §7)."""

from dataclasses import dataclass
from typing import Any

MADE_INACTIVE = (
    "Something you're trying to use has been made inactive. "
    "Check the fields with accounts, customers, items, vendors or employees."
)
BUSINESS = "A business validation error has occurred while processing your request"
DUPLICATE_NAME = "Duplicate Name Exists Error"


@dataclass
class Fault(Exception):
    """A refusal in the service's envelope.

    code: Intuit's number as text; message, detail, element: its words; kind: the envelope's `type`;
    status: the HTTP status of the answer when the fault is the whole answer.  about: what it is about though its
    words do not say so.  besides: what else is wrong, each an error of its own behind this one.
    """

    code: str
    message: str
    detail: str | None = None
    element: str | None = None
    kind: str = "ValidationFault"
    status: int = 400
    about: str = ""
    besides: tuple["Fault", ...] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.message}: {self.detail}"

    def body(self) -> dict[str, Any]:
        """The `Fault` object of an answer or of one item of a batch."""
        return {"Error": [each.error() for each in (self, *self.besides)], "type": self.kind}

    def error(self) -> dict[str, Any]:
        """This one of the errors of a `Fault` object."""
        error: dict[str, Any] = {"Message": self.message}
        if self.detail is not None:
            error["Detail"] = self.detail
        error["code"] = self.code
        if self.element is not None:
            error["element"] = self.element
        return error


def unsupported_operation(operation: str) -> Fault:
    return Fault("500", "Unsupported Operation", f"Operation {operation} is not supported.", "Operation")


def duplicate_request_id() -> Fault:
    return Fault("600", "Duplicate Request ID", "The request id already exists and was detected as a duplicate.")


def invalid_request_id() -> Fault:
    return Fault("2130", "Invalid Request Id", "The request id or a batch id has an unsupported format or length.")


def not_found(words: str = MADE_INACTIVE) -> Fault:
    return Fault("610", "Object Not Found", f"Object Not Found : {words}", "")


def cannot_link(txn_id: str, why: str) -> Fault:
    detail = f"Transaction can't be linked : TxnId {txn_id} {why}"
    return Fault("620", "Txn ID Cannot Be Linked", detail, "LinkedTxn")


def unknown_object(name: str) -> Fault:
    return Fault("2000", "Invalid or unsupported object name", f"Object Name: {name}")


def unreadable(name: str = "") -> Fault:
    """2010 as captured, which does not say what is wrong.  name: the property that is, where it is known."""
    detail = "Property Name:failed to parse json object; a property specified is unsupported or invalid"
    return Fault("2010", "Request has invalid or unsupported property", detail, about=name)


def unsupported_property(name: str) -> Fault:
    detail = f"Property Name:{name} specified is unsupported or invalid"
    return Fault("2010", "Request has invalid or unsupported property", detail, name)


def missing(name: str) -> Fault:
    message = "Required param missing, need to supply the required value for the API"
    return Fault("2020", message, f"Required parameter {name} is missing in the request", name)


def wrong_length(label: str, least: int, most: int, length: int) -> Fault:
    detail = (
        "String length specified does not match the supported length. "
        f"Min:{least} Max:{most:,} supported. Supplied length:{length:,}"
    )
    return Fault("2050", "String length is either shorter or longer than supported by specification", detail, label)


def wrong_value(code: str, message: str, value: object, label: str) -> Fault:
    return Fault(code, message, f"{message} : Supplied value:{value}", label)


def invalid_enumeration(value: object, label: str) -> Fault:
    return Fault("2170", "Invalid Enumeration", f"Invalid Enumeration : {value}", label)


def bad_name(label: str) -> Fault:
    detail = "Names must have at least one character, must be on one line, and cannot include colons or tabbing."
    return Fault("2180", "Invalid Enumeration", detail, label)


def invalid_reference(words: str, element: str = "Reference Id") -> Fault:
    return Fault("2500", "Invalid Reference Id", f"Invalid Reference Id : {words}", element)


def query_unreadable(detail: str) -> Fault:
    return Fault("4000", "QueryParseError", f"QueryParserError: {detail}")


def query_invalid(detail: str) -> Fault:
    return Fault("4001", "Invalid query", f"QueryValidationError: {detail}")


def stale(user: str = "root") -> Fault:
    detail = (
        f"Stale Object Error : You and {user} were working on this at the same time. "
        f"{user} finished before you did, so your work was not saved."
    )
    return Fault("5010", "Stale Object Error", detail, "")


def business(words: str, element: str = "") -> Fault:
    return Fault("6000", BUSINESS, f"Business Validation Error: {words}", element)


def duplicate_in_list(existing_id: object) -> Fault:
    return Fault("6240", DUPLICATE_NAME, f"The name supplied already exists. : Id={existing_id}", "")


def duplicate_across_lists() -> Fault:
    detail = (
        "The name supplied already exists. : Another customer, vendor or employee is already using this name. "
        "Please use a different name."
    )
    return Fault("6240", DUPLICATE_NAME, detail, "")


# lists with a wording of their own → that wording (qbo-api.md §7.3)
TAKEN = {
    "account": (
        "An account already has the same display name. "
        "Display Name must be unique. Please provide a different display name."
    ),
    "tax rate": "Another tax rate is already using this \nname. Please use a different name.",
    "tax code": "Another tax code is already using this \nname. Please use a different name.",
    "tax agency": "Another tax agency is already using this \nname. Please use a different name.",
}


def duplicate_in_own_words(kind: str) -> Fault:
    """6240 for a list that has a wording of its own.  kind: a key of TAKEN."""
    return Fault("6240", DUPLICATE_NAME, f"The name supplied already exists. : {TAKEN[kind]}", "")


def duplicate_number(number: str, txn_type: str, txn_id: object) -> Fault:
    detail = (
        "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
        f"DocNumber={number} is assigned to TxnType={txn_type} with TxnId={txn_id}"
    )
    return Fault("6140", "Duplicate Document Number Error", detail, "")


def period_closed() -> Fault:
    message = "Account Period Closed, Cannot Update Through Services API"
    detail = (
        "The account period has closed and the account books cannot be updated through the QBO Services API. "
        "Please use the QBO website to make these changes."
    )
    return Fault("6210", message, detail, "")


def malformed(detail: str) -> Fault:
    return Fault("400", "MalformedRequest", detail)


def batch_too_long(most: int, count: int) -> Fault:
    detail = f"Batch size exceeds allowed limit : maximum {most}, supplied {count}"
    return Fault("1040", "Batch size exceeds allowed limit", detail)


def system_failure(words: str = "Unexpected Internal Error.") -> Fault:
    message = "An application error has occurred while processing your request"
    return Fault("10000", message, f"System Failure Error: {words}", "", "SystemFault", 500)


@dataclass
class GatewayFault(Exception):
    """A refusal by what stands before the service: lower-case envelope, `time` in epoch milliseconds (§7.1).

    as_xml: it is XML whatever was asked for (§6).  retry_after: seconds to wait, for the header of that name.
    """

    status: int
    message: str
    code: str
    kind: str
    detail: str | None = None
    as_xml: bool = False
    retry_after: int | None = None

    def body(self, milliseconds: int) -> dict[str, Any]:
        """The whole JSON answer.  milliseconds: the present moment since 1970."""
        error = {"message": self.message, "detail": self.detail, "code": self.code, "element": None}
        return {
            "warnings": None,
            "intuitObject": None,
            "fault": {"error": [error], "type": self.kind},
            "report": None,
            "queryResponse": None,
            "batchItemResponse": [],
            "attachableResponse": [],
            "syncErrorResponse": None,
            "requestId": None,
            "time": milliseconds,
            "status": None,
            "cdcresponse": [],
        }


def unauthenticated(detail: str | None) -> GatewayFault:
    message = "message=AuthenticationFailed; errorCode=003200; statusCode=401"
    return GatewayFault(401, message, "3200", "AUTHENTICATION", detail)


def unauthorised() -> GatewayFault:
    message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
    return GatewayFault(403, message, "3100", "SERVICE")


def throttled(as_xml: bool = True) -> GatewayFault:
    message = "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    detail = "The request limit was reached.  Try again later"
    return GatewayFault(429, message, "3001", "SERVICE", detail, as_xml)


def unavailable(detail: str | None = None) -> GatewayFault:
    return GatewayFault(503, "message=ServiceUnavailable; statusCode=503", "503", "SERVICE", detail)
