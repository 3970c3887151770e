"""What kept us from talking to QuickBooks, in plain words: what happened and what to do."""

from qbo_sync.api.errors import (
    AuthorizationLost,
    AuthorizationRefused,
    ClientRejected,
    ListChanged,
    Maintenance,
    NoAnswer,
    QboError,
    Refused,
    Throttled,
    ThrottleUnavailable,
    WrongCompany,
)
from qbo_sync.faults import Sentence, sentence_for

RECONNECT = str(sentence_for("3200"))

_WORDS: tuple[tuple[type[QboError], str], ...] = (
    (AuthorizationLost, RECONNECT),
    (AuthorizationRefused, RECONNECT),
    (
        ClientRejected,
        "Intuit does not know SMMware by the keys in its settings. Whoever runs this server should check "
        "QBO_CLIENT_ID, QBO_CLIENT_SECRET and QBO_ENVIRONMENT.",
    ),
    (WrongCompany, str(sentence_for("3100"))),
    (Throttled, str(sentence_for("3001"))),
    (ThrottleUnavailable, "The store that counts our requests to QuickBooks is not running. Start it, then try again."),
    (Maintenance, str(sentence_for("150"))),
    (ListChanged, "Somebody kept changing the list at QuickBooks while we read it. Try again when it is quieter."),
    (NoAnswer, "QuickBooks cannot be reached right now. Try again in a few minutes."),
)


def in_words(error: QboError) -> str:
    """A sentence or two for a person. QuickBooks' own words appear only where its fault is of no known kind."""
    if isinstance(error, Refused | WrongCompany | Maintenance) and error.faults:
        return str(_sentence(error))
    return next((words for kind, words in _WORDS if isinstance(error, kind)), str(error))


def stops(error: QboError) -> bool:
    """Whether nothing can be copied until a person mends it, so that trying again by ourselves is of no use.

    A lost authorization is none of these: connecting again has everything go on by itself.
    """
    if isinstance(error, AuthorizationLost):
        return False
    return isinstance(error, WrongCompany | Maintenance | ClientRejected) or _sentence(error).stops


def _sentence(error: QboError) -> Sentence:
    fault = error.fault
    return sentence_for(fault.code, fault.message, fault.detail)
