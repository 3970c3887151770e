"""Rules of the three name lists and of what has a parent."""

import uuid

from qbo_simulator import faults
from qbo_simulator.engine.books import as_id
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault

NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
PAYROLL_ADDRESS = ("City", "CountrySubDivisionCode", "PostalCode")
WITHOUT_PAYROLL = ("Title", "Suffix", "PrintOnCheckName", "BillRate")
EMPLOYEE_PARTS = ("GivenName", "MiddleName", "FamilyName")


def pseudonym(write: Write) -> str:
    """A V4IDPseudonym, like Intuit's: `0020984…`, 36 digits."""
    return f"00209{uuid.uuid4().hex[:31]}"


def compose_name(write: Write) -> None:
    """DisplayName from its parts where none is sent; one of them is needed (qbo-api.md §8.1)."""
    join_parts(write, NAME_PARTS)


def compose_employee_name(write: Write) -> None:
    """DisplayName from given, middle and family name (qbo-api.md §8.3)."""
    if not (write.new.get("GivenName") or write.new.get("FamilyName")):
        raise no_name("GivenName or FamilyName")
    if write.books.feature("PayrollFeature") == "true":
        put_on_the_payroll(write)
    join_parts(write, EMPLOYEE_PARTS)


def put_on_the_payroll(write: Write) -> None:
    """With QuickBooks Payroll an address is required, and some properties are the server's own or dropped (§8.3)."""
    for part in PAYROLL_ADDRESS:
        if not write.new.get("PrimaryAddr", {}).get(part):
            raise faults.missing(f"PrimaryAddr.{part}")
    for name in ("DisplayName", *WITHOUT_PAYROLL):
        write.new.pop(name, None)


def join_parts(write: Write, parts: tuple[str, ...]) -> None:
    new = write.new
    if "DisplayName" not in new:
        joined = " ".join(new[part] for part in parts if part in new)
        if not joined:
            raise no_name("Title, GivenName, MiddleName, FamilyName, DisplayName, Suffix")
        new["DisplayName"] = joined
    new.setdefault("PrintOnCheckName", new["DisplayName"])


def no_name(parts: str) -> Fault:
    return Fault("6080", "No Name Provided", f"No Name Provided : At least one of {parts} must be specified.", "")


def settle_job(write: Write) -> None:
    """A customer below another is a job; a job without a parent is refused (qbo-api.md §7.2, 6150)."""
    new = write.new
    if "ParentRef" in new:
        new["Job"] = True
    elif write.sent.get("Job") is True:
        words = "ParentRef is required when Job is true."
        raise Fault("6150", "ParentRef Required", f"ParentRef Required : {words}", "ParentRef")
    else:
        new["Job"] = False


def settle_balance(write: Write) -> None:
    new = write.new
    new["BalanceWithJobs"] = write.before.get("BalanceWithJobs", new["Balance"])


def ignore_term_on_create(write: Write) -> None:
    """QuickBooks drops a vendor's TermRef on create (qbo-api.md §8.2)."""
    if write.operation == "create":
        write.new.pop("TermRef", None)


def settle_subaccount(write: Write) -> None:
    write.new["SubAccount"] = "ParentRef" in write.new


def settle_subitem(write: Write) -> None:
    write.new.pop("SubItem", None)
    if "ParentRef" in write.new:
        write.new["SubItem"] = True


def mask(write: Write) -> None:
    """Tax numbers are never shown again as they were sent."""
    if "SSN" in write.new:
        write.new["SSN"] = "XXX-XX-XXXX"
    if "TaxIdentifier" in write.new:
        write.new["TaxIdentifier"] = f"XXXXXXX{write.new['TaxIdentifier'][-4:]}"


def own_id(write: Write) -> int:
    """The id of the record under way; 0 on create."""
    return as_id(write.before.get("Id", 0))
