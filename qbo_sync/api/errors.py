"""Everything that can go wrong when talking to QuickBooks Online.

Two questions decide what a caller does next, and every error answers both:

- ``outcome``: REFUSED - nothing was done at QuickBooks, certainly; UNKNOWN - it may have been done nevertheless, so
  look before doing it again (design.md §4). Errors of reads are always REFUSED, there being nothing to be done.
- ``can_retry``: whether the very same request may succeed later without anybody changing anything.

No message holds a token, and no error carries one in its context: see `sessions.send`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar


class Outcome(StrEnum):
    """What became of a request that failed."""

    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of a fault as QuickBooks words it (qbo-api.md §7.1); a field it left out is an empty string."""

    code: str
    message: str = ""
    detail: str = ""
    element: str = ""
    type: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.code, self.message, self.detail) if part)


class QboError(Exception):
    """Base of the family.

    Arguments:
        message: a sentence for logs; screens take their words from the faults.
        faults: what QuickBooks said, in its order; empty when it said nothing.
        transaction_id: Intuit's `intuit_tid` of the answer, which its support asks for; "" when none came.
        outcome, can_retry: where they differ from the class's own.
    """

    outcome: Outcome = Outcome.REFUSED
    can_retry: bool = False
    words: ClassVar[str] = "QuickBooks did not do what was asked"

    def __init__(
        self,
        message: str = "",
        *,
        faults: Sequence[Fault] = (),
        transaction_id: str = "",
        outcome: Outcome | None = None,
        can_retry: bool | None = None,
    ) -> None:
        super().__init__(message or self._sentence(faults))
        self.faults = tuple(faults)
        self.transaction_id = transaction_id
        if outcome is not None:
            self.outcome = outcome
        if can_retry is not None:
            self.can_retry = can_retry

    def _sentence(self, faults: Sequence[Fault]) -> str:
        return f"{self.words}: {'; '.join(map(str, faults))}" if faults else f"{self.words}."

    @property
    def fault(self) -> Fault:
        """The first fault, or an empty one."""
        return self.each_fault[0]

    @property
    def each_fault(self) -> tuple[Fault, ...]:
        """Every fault in QuickBooks' order, one at least: an empty one where it said nothing."""
        return self.faults or (Fault(code=""),)


class Refused(QboError):
    """QuickBooks read the request and refused it; `faults` say why (qbo-api.md §7.2)."""

    words = "QuickBooks refused the request"

    @property
    def code(self) -> str:
        """The first fault's code, a string of digits."""
        return self.fault.code

    @property
    def message(self) -> str:
        """The first fault's message."""
        return self.fault.message

    @property
    def detail(self) -> str:
        """The first fault's detail."""
        return self.fault.detail

    @property
    def element(self) -> str:
        """The field that the first fault blames, or an empty string."""
        return self.fault.element


class Throttled(QboError):
    """Too many requests (qbo-api.md §6); after `retry_after` seconds the same request may be sent again."""

    words = "QuickBooks asks for a pause"
    can_retry = True

    def __init__(self, message: str = "", *, retry_after: float = 60.0, **details: Any) -> None:
        super().__init__(message, **details)
        self.retry_after = retry_after


class AuthorizationLost(QboError):
    """QuickBooks accepts the access token no longer, and a refreshed one neither: somebody has to connect again."""

    words = "QuickBooks no longer accepts our authorization"


class WrongCompany(QboError):
    """The token is for another company or for the other environment (codes 3100, 130, 120)."""

    words = "QuickBooks does not let us into this company"


class Maintenance(QboError):
    """The company is locked, under maintenance or being reset (codes 140, 150, 10200)."""

    words = "The company is not available at QuickBooks right now"
    can_retry = True


class NoAnswer(QboError):
    """No usable answer came. Either nothing was sent (`Unreachable`) or the answer is missing (`AnswerLost`)."""

    words = "QuickBooks gave no answer"
    can_retry = True


class Unreachable(NoAnswer):
    """The connection failed before anything was sent: nothing was done."""

    words = "QuickBooks could not be reached"


class AnswerLost(NoAnswer):
    """Sent, and no usable answer: time-out, connection lost, HTTP 5xx, system failure, unreadable body.

    For a write the outcome is UNKNOWN and `can_retry` is false: sending it again without looking could do it twice.
    """

    words = "QuickBooks' answer did not arrive"


class ListChanged(QboError):
    """A list kept changing while it was read, so that what was read cannot be called complete."""

    words = "The list changed at QuickBooks while it was read"
    can_retry = True


class AuthorizationRefused(QboError):
    """The code or the refresh token is not valid, or no longer (`invalid_grant`): somebody has to connect again."""

    words = "Intuit refused the authorization"


class ClientRejected(QboError):
    """Intuit does not know this application by its client id and secret (`invalid_client`): a setting is wrong."""

    words = "Intuit does not accept this application's client id and secret"


class ThrottleUnavailable(QboError):
    """The store in which the speed limits are counted cannot be reached, so nothing was sent."""

    words = "The store that counts requests to QuickBooks could not be reached"
    can_retry = True
