"""Faults in the words and with the status that the switches say (qbo-api.md §2.2, §3, §7.2)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qbo_simulator import faults
from qbo_simulator.faults import Fault

MESSAGES = {"4000": "parse_error_message", "2180": "bad_name_message"}


def worded(fault: Fault, switches: Mapping[str, Any]) -> Fault:
    """A fault of the service as it is answered."""
    fault = recoded(fault, switches)
    switch = MESSAGES.get(fault.code)
    message = switches[switch] if switch else fault.message
    status = 200 if switches["fault_status"] == "200" else fault.status
    return replace(fault, message=message, status=status)


def recoded(fault: Fault, switches: Mapping[str, Any]) -> Fault:
    """Another fault where the sources disagree on which it is."""
    if fault.code == "2010" and fault.about and switches["unknown_property"] == "named":
        return faults.unsupported_property(fault.about)
    without_token = (fault.code, fault.element) == ("2020", "SyncToken")
    if without_token and switches["missing_sync_token"] != fault.code:
        return faults.stale()
    return fault
