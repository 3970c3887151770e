"""Rules of time activities (qbo-api.md §8.7, §9, codes 6290-6390)."""

from datetime import datetime, timedelta

from qbo_simulator.engine.money import decimal
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault

BY_NAME_OF = {"Employee": "EmployeeRef", "Vendor": "VendorRef", "Other": "OtherNameRef"}


def refusal(code: str, message: str, words: str, element: str) -> Fault:
    return Fault(code, message, f"{message} : {words}", element)


def settle_person(write: Write) -> None:
    """Exactly one of employee and vendor; an id of another list becomes NameOf "Other" (qbo-api.md §2.4)."""
    new = write.new
    if "NameOf" not in new:
        raise refusal("6300", "Invalid NameOf", "NameOf must be Employee or Vendor.", "NameOf")
    given = [name for name in ("EmployeeRef", "VendorRef") if name in new]
    if len(given) > 1 or (not given and "OtherNameRef" not in new):
        words = "Exactly one of EmployeeRef and VendorRef must be specified."
        raise refusal("6290", "Invalid Employee or Vendor", words, "EmployeeRef")
    if given and given[0] != BY_NAME_OF[new["NameOf"]]:
        words = f"{BY_NAME_OF[new['NameOf']]} must be specified when NameOf is {new['NameOf']}."
        raise refusal("6290", "Invalid Employee or Vendor", words, BY_NAME_OF[new["NameOf"]])
    if given:
        call_strangers_other(write, given[0])


def call_strangers_other(write: Write, name: str) -> None:
    new = write.new
    target = new[name]["value"]
    if write.books.label(name.removesuffix("Ref"), target) is None:
        new["NameOf"] = "Other"
        new["OtherNameRef"] = new.pop(name)


def settle_duration(write: Write) -> None:
    """Either hours and minutes, or start and end."""
    new, sent = write.new, write.sent
    elapsed = "Hours" in new or "Minutes" in new
    clocked = "StartTime" in new or "EndTime" in new
    if elapsed and clocked:
        if ("Hours" in sent or "Minutes" in sent) and ("StartTime" in sent or "EndTime" in sent):
            words = "Specify either Hours and Minutes or StartTime and EndTime."
            raise refusal("6390", "Invalid Multiple Durations", words, "Hours")
        for name in ("StartTime", "EndTime") if "Hours" in sent or "Minutes" in sent else ("Hours", "Minutes"):
            new.pop(name, None)
    elif not elapsed and not clocked:
        raise refusal(
            "6350", "Missing Time", "Hours and Minutes, or StartTime and EndTime, must be specified.", "Hours"
        )
    settle_elapsed(write) if "Hours" in new or "Minutes" in new else check_clock(write)


def settle_elapsed(write: Write) -> None:
    new = write.new
    new.setdefault("Hours", 0)
    new.setdefault("Minutes", 0)
    new["Seconds"] = 0
    if not (0 <= new["Hours"] <= 8760 and 0 <= new["Minutes"] <= 59):
        words = f"Hours must be 0 to 8760 and Minutes 0 to 59. Supplied value:{new['Hours']}:{new['Minutes']}"
        raise refusal("6380", "Invalid Duration", words, "Hours")


def check_clock(write: Write) -> None:
    """Start and end are both there, the breaks fit between them, and an end before the start is the next day's."""
    new = write.new
    if "StartTime" not in new or "EndTime" not in new:
        raise refusal("6360", "Invalid Start or End Time", "StartTime and EndTime must both be specified.", "StartTime")
    elapsed = local(new["EndTime"]) - local(new["StartTime"])
    if elapsed < timedelta(0):
        if write.books.switches["end_before_start"] == "refused":
            words = "StartTime must be before EndTime."
            raise refusal("6370", "Start Time After End Time", words, "StartTime")
        elapsed %= timedelta(days=1)
    if timedelta(hours=new.get("BreakHours", 0), minutes=new.get("BreakMinutes", 0)) > elapsed:
        words = "The breaks must not be longer than the time between StartTime and EndTime."
        raise refusal("6360", "Invalid Start or End Time", words, "BreakHours")


def local(text: str) -> datetime:
    """A start or an end as the clock on the wall shows it: offsets are not honoured (qbo-api.md §8.7)."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def settle_billing(write: Write) -> None:
    """Billable time needs a customer and a rate; HasBeenBilled is the server's alone (6310-6330)."""
    new, before = write.new, write.before.get("BillableStatus")
    if before == "HasBeenBilled":
        new["BillableStatus"] = before
    elif new["BillableStatus"] == "HasBeenBilled":
        raise refusal("6320", "Invalid Billable", "BillableStatus cannot be set to HasBeenBilled.", "BillableStatus")
    if new["BillableStatus"] == "NotBillable":
        return
    if "CustomerRef" not in new:
        raise refusal("6310", "Missing Customer", "CustomerRef is required when time is billable.", "CustomerRef")
    if decimal(new.get("HourlyRate")) < 0 or ("HourlyRate" not in write.sent and write.operation == "create"):
        raise refusal("6330", "Missing Billing Rate", "HourlyRate is required when time is billable.", "HourlyRate")


def settle_charge(write: Write) -> None:
    """Billable time stands behind a hidden charge with an id in the transaction sequence."""
    if write.new["BillableStatus"] == "NotBillable":
        write.new.pop("TimeChargeId", None)
    elif "TimeChargeId" not in write.new:
        write.new["TimeChargeId"] = write.books.next_number("Transactions")


def default_item(write: Write) -> None:
    """The company's item for time (qbo-api.md §8.7)."""
    item = write.books.preferences().get("TimeTrackingPrefs", {}).get("DefaultTimeItem")
    if item and "ItemRef" not in write.new:
        write.new["ItemRef"] = {"value": item["value"]}
