"""What the answer to one item of a batch means for its step: the one table of outcomes (qbo-api.md §5, §7.2)."""

from collections.abc import Mapping, Sequence
from enum import Enum

from django.conf import settings

from qbo_sync.api.batch import ItemAnswer
from qbo_sync.api.errors import AuthorizationLost, Fault, Outcome, Refused, Throttled
from qbo_sync.connection.trouble import stops
from qbo_sync.faults import Mend, Sentence, sentence_for
from qbo_sync.models import Step
from qbo_sync.push.ids import Told

MISSING_REFERENCE = ("610", "2500")
SOON = "SMMware tries it again by itself ({tries} of {most} tries failed)."
ALSO = "And besides: {what}"
TRIED = "SMMware tried it {tries} times."


class Verdict(Enum):
    """The outcomes, each certain but for UNKNOWN."""

    DONE = "made"
    UNKNOWN = "may have been made: look before sending it again"
    STOP = "not made, and nothing else can be before a person mends something"
    AGAIN = "not made, through no fault of the record: worth another request"
    REFUSED = "not made, and never will be as it is"


def verdict_on(item: ItemAnswer, step: Step, *, needs_are_new: bool) -> Verdict:
    """What becomes of a step. This is the whole table, first match wins.

    | what came                                                          | verdict |
    |--------------------------------------------------------------------|---------|
    | a record                                                           | DONE    |
    | 10000 and above, 600, no answer for the item                       | UNKNOWN |
    | 100, 110, 3200, 120, 130, 3100, 140, 150, 10200, 6190              | STOP    |
    | 3001; 6000 “one name at a time”; 5010                              | AGAIN   |
    | 610, 2500 about a record made a moment ago, not yet seen everywhere| AGAIN   |
    | any of these two at the last of QBO_TRIES; any other fault         | REFUSED |

    Args:
        needs_are_new: whether something that it refers to was made so recently that a part of QuickBooks may not know
            of it yet.
    """
    error = item.error
    if error is None:
        return Verdict.DONE
    if error.outcome == Outcome.UNKNOWN:
        return Verdict.UNKNOWN
    if isinstance(error, AuthorizationLost) or stops(error):
        return Verdict.STOP
    passes = isinstance(error, Throttled | Refused) and (error.can_retry or sentence_on(error.fault).again)
    late = needs_are_new and error.fault.code in MISSING_REFERENCE
    return Verdict.AGAIN if (passes or late) and step.tries + 1 < settings.QBO_TRIES else Verdict.REFUSED


def sentence_on(fault: Fault, names: Mapping[str, str] | None = None) -> Sentence:
    """A fault in plain words. `names`: what it may say of the records that are meant (`qbo_sync.push.ids`)."""
    return sentence_for(fault.code, fault.message, fault.detail, names)


def in_a_moment(fault: Fault, tries: int) -> str:
    """What a step says that is tried again after `tries` requests in vain."""
    return f"{sentence_on(fault).what} {SOON.format(tries=tries, most=settings.QBO_TRIES)}"


def given_up(told: Sequence[Told], tries: int) -> tuple[str, Mend]:
    """Words and button of a step that is not tried again, after `tries` requests in vain.

    Args:
        told: every fault that it met. The first decides on the button; a person who mends it is to know the others.
    """
    first, *others = [sentence_on(each.fault, each.names) for each in told]
    words = [str(first), *(ALSO.format(what=other) for other in dict.fromkeys(map(str, others)) if other != str(first))]
    if tries > 1:
        words.append(TRIED.format(tries=tries))
    return " ".join(words), first.mend


def pause_before(tries: int) -> float:
    """Seconds until the next try after `tries` in vain: each pause is twice the one before."""
    return float(settings.QBO_RETRY_SECONDS * 2 ** (tries - 1))
