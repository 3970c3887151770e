"""What a control is; the files in `qbo_simulator.control` that declare controls are made of these."""

from dataclasses import dataclass
from typing import Any

from qbo_simulator.control.values import Value


@dataclass(frozen=True)
class Control:
    """One control.

    name: how HTTP, the command line and forms call it.  value: what it may be.  default: what it is unless changed.
    help: what it does, for people.  group: the heading it stands under.  fact: the section of the fact sheet
    (qbo-api.md) that says what is known of it, and how well.  kept: it is part of the data file and outlives a
    restart; the others begin at their defaults.
    """

    name: str
    value: Value
    default: Any
    help: str
    group: str
    fact: str = ""
    kept: bool = False
