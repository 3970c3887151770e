"""Every control of the simulator, each declared once.  HTTP, the command line and the pages' forms read this list."""

import json
from typing import Any
from urllib.parse import urlsplit

from qbo_simulator.control.declared import Control
from qbo_simulator.control.rules import read_rules
from qbo_simulator.control.switches import SIGN_IN, SWITCHES
from qbo_simulator.control.values import Choice, Group, Moment, Part, Switch, Text, Texts, Value, Whole, of_json

SPEED, LIMITS, FAULTS, CLOCK, WEBHOOKS = "Speed", "Limits", "Faults on demand", "Clock", "Webhooks"


class Rules(Value):
    """A list of fault rules; a form shows them as JSON."""

    kind = "rules"

    def read(self, name: str, value: Any) -> Any:
        return read_rules(value)

    def of_text(self, text: str) -> Any:
        return of_json(text) if text.strip() else []

    def shown(self, value: Any) -> Any:
        return [rule.shown() for rule in value]


def web_address(text: str) -> None:
    """Raises ValueError for what is no http or https address."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https address")


LATENCY = Group(
    {
        "base_ms": Part(Whole(), 0, "Milliseconds for each request."),
        "per_operation_ms": Part(Whole(), 0, "Milliseconds more for each operation of a batch or single write."),
    }
)
LIMIT_PARTS = Group(
    {
        "on": Part(Switch(), False, "Whether requests are counted and refused."),
        "per_minute": Part(Whole(1), 500, "Requests in any minute, per company."),
        "per_second": Part(Whole(1), 10, "Requests in any second, per company and app."),
        "at_once": Part(Whole(1), 10, "Requests under way at the same time, per company and app."),
        "batches_per_minute": Part(Whole(1), 40, "Batches in any minute, per company and app."),
        "batches_per_minute_of_all_apps": Part(Whole(1), 120, "Batches in any minute, per company."),
        "reports_per_minute": Part(Whole(1), 200, "Reports in any minute, per company."),
        "answer": Part(
            Choice(
                {
                    "xml": "429 in XML, whatever was asked for, as captured",
                    "json": "429 in the gateway's JSON envelope",
                    "503": "503, as under overload",
                }
            ),
            "xml",
            "What a request over a limit gets; also the form of a 429 that a rule injects.",
        ),
        "retry_after": Part(Switch(), False, "Whether that answer says in Retry-After how many seconds to wait."),
    }
)
CLOCK_PARTS = Group(
    {
        "now": Part(Moment(), None, "Go on to this moment, or by +seconds.  The clock never goes back."),
        "frozen": Part(Switch(), False, "Whether the clock stands still."),
        "speed": Part(Whole(1, 1_000_000), 1, "How many seconds pass in one."),
    }
)
WEBHOOK_PARTS = Group(
    {
        "url": Part(Text(2000, web_address), "", "The address notifications are sent to; none where it is empty."),
        "verifier_token": Part(Text(200), "simulator-verifier", "The key of the signature in intuit-signature."),
        "format": Part(
            Choice({"classic": "eventNotifications", "cloudevents": "CloudEvents 1.0"}),
            "classic",
            "The form of the body.",
        ),
        "entities": Part(Texts(Text(60)), [], "The entities that are told about; all where the list is empty."),
        "merge_seconds": Part(
            Whole(0, 3600), 1, "How long events are gathered before they are sent together, on the simulator's clock."
        ),
        "repeat": Part(Whole(1, 10), 1, "How often each notification is delivered, though it was answered."),
        "order": Part(
            Choice({"as_happened": "the oldest first", "reversed": "the newest first"}),
            "as_happened",
            "In which order events, and waiting notifications, are sent.",
        ),
    }
)

OWN = (
    Control(
        "latency",
        LATENCY,
        {},
        "An answer leaves base_ms, and per_operation_ms for each operation of a batch or single write, after its "
        "request came; the simulator's own work is part of that time.",
        SPEED,
    ),
    Control(
        "limits",
        LIMIT_PARTS,
        {},
        "Intuit's speed limits, counted per company on the simulator's clock.",
        LIMITS,
        "§6 [documented]; JSON, 503 and Retry-After [uncertain]",
    ),
    Control(
        "clock",
        CLOCK_PARTS,
        {},
        "The one clock of tokens, MetaData, change data capture, limits, request ids and webhooks.",
        CLOCK,
        kept=True,
    ),
    Control(
        "access_token_seconds",
        Whole(),
        3600,
        "How long access tokens live that are given from now on.",
        SIGN_IN,
        "§1.3 [documented]",
    ),
    Control(
        "refresh_token_seconds",
        Whole(1),
        8_726_400,
        "How long a refresh token lives from the day it was issued.",
        SIGN_IN,
        "§1.3 101 days captured, 100 documented",
    ),
    Control(
        "refresh_hard_seconds",
        Whole(1),
        157_680_000,
        "How long an authorization lasts at most.",
        SIGN_IN,
        "§1.4 five years [documented]",
    ),
    Control(
        "refresh_rotation",
        Choice(
            {"daily": "the first refresh after 24 hours gives a new one, Intuit's way", "each": "each gives a new one"}
        ),
        "daily",
        "When a refresh gives a new refresh token.",
        SIGN_IN,
        "§1.4 [documented]",
    ),
    Control(
        "refresh_grace_seconds",
        Whole(),
        0,
        "How long a replaced refresh token is still taken.",
        SIGN_IN,
        "§1.4 grace [uncertain]",
    ),
    Control(
        "redirect_uris",
        Texts(Text(2000, web_address)),
        [],
        "Redirect URIs that are registered for the app, besides those of the command line.",
        SIGN_IN,
        "§1.2 [documented]",
    ),
    Control(
        "loopback_redirects",
        Switch(),
        True,
        "Whether any redirect URI on this machine counts as registered; off, it must be one of redirect_uris.",
        SIGN_IN,
        "§1.2 exact match [documented]",
    ),
    Control(
        "webhooks",
        WEBHOOK_PARTS,
        {},
        "Notifications of what changes in the books.",
        WEBHOOKS,
        "§10.2 [documented]",
        kept=True,
    ),
    Control(
        "rules",
        Rules(),
        [],
        'Faults on demand: a list of {"match": {"method", "path", "entity", "operation", "nth"}, "then": {"status" or '
        '"fault", "delay_ms", "drop", "after_items", "remember"}, "times"}.',
        FAULTS,
    ),
)

CONTROLS = {control.name: control for control in (*OWN, *SWITCHES)}


def of_text(name: str, text: str) -> Any:
    """What text of a command line or a form stands for, for a control or (dotted) one of its parts.

    Raises KeyError for a name that is no control's.
    """
    control, _, part = name.partition(".")
    value = CONTROLS[control].value
    if part and isinstance(value, Group):
        value = value.parts[part].value
    return value.of_text(text)


def as_text(value: Any) -> str:
    """A shown value as a form or a command line holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
