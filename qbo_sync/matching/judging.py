"""How sure it is that two records stand for the same, from how their names compare and how both are reached."""

from dataclasses import dataclass

from django.db import models

from qbo_sync.matching.names import OTHER_MIDDLE, Compared, Relation, compare, taken_apart
from qbo_sync.matching.reaching import Reached, reached
from qbo_sync.matching.seeking import Sought
from qbo_sync.models import NameRecord

OTHER_LIST_COSTS = 4


class Sure(models.TextChoices):
    """How sure it is that a candidate is the record sought."""

    EXACT = "exact", "Exact"
    LIKELY = "likely", "Likely"
    POSSIBLE = "possible", "Possible"


@dataclass(frozen=True)
class Judged:
    """A verdict.  why: what speaks for it; differs: what speaks against it; score: more where more speaks for it."""

    how_sure: Sure
    why: tuple[str, ...]
    differs: tuple[str, ...]
    score: float


def judged(seeker: Sought, record: NameRecord) -> Judged | None:
    """The verdict on a record of the directory, None for one that nobody would take for the one sought.

    Two of one household are never exact, nor are father and son or two namesakes of whom nothing else agrees:
    exact are the same whole names, letter for letter or with an e-mail address, phone or address in common.
    """
    principal = compare(seeker.names[0], record.display_name)
    best, alias = _nearest(seeker, record, principal)
    known = reached(seeker, record)
    if not _is_candidate(seeker, record, best, known):
        return None
    generations = _generation(seeker.names), _generation(_names(record))
    how_sure = _how_sure(seeker, record, (principal, best), known, generations)
    return Judged(
        how_sure=how_sure,
        why=(f"{best.why}{alias}", *(f"the same {each}" for each in known.same)),
        differs=(
            *_other_generation(*generations),
            *_other_sex(seeker, record),
            *_other_middle(principal, best),
            *_other_form(seeker, record),
            *(f"another {each}" for each in known.other),
        ),
        score=best.score + known.score - (OTHER_LIST_COSTS if record.entity != seeker.entity else 0),
    )


def _nearest(seeker: Sought, record: NameRecord, principal: Compared) -> tuple[Compared, str]:
    """How the nearest of their names compare, and which name of the record's that is where it is not its own."""
    if principal.relation == Relation.EQUAL:
        return principal, ""
    compared = [
        (compare(ours, theirs), "" if theirs == record.display_name else f" as “{theirs}” there")
        for ours in seeker.names
        for theirs in _names(record)
        if not _is_where_both_belong(seeker, record, ours, theirs)
    ]
    return max(((principal, ""), *compared), key=lambda each: each[0].score)


def _is_where_both_belong(seeker: Sought, record: NameRecord, ours: str, theirs: str) -> bool:
    """Two residents of one house or two people of one firm are not the same for its name."""
    ours_is_company = ours == seeker.company and ours != seeker.names[0]
    return ours_is_company and theirs == record.company_name and theirs != record.display_name


def _names(record: NameRecord) -> tuple[str, ...]:
    person = f"{record.given_name} {record.family_name}".strip()
    return tuple(name for name in dict.fromkeys((record.display_name, person, record.company_name)) if name)


def _is_candidate(seeker: Sought, record: NameRecord, best: Compared, known: Reached) -> bool:
    """Sub-customers and jobs, which take their names from others, are candidates by their whole name alone."""
    if best.relation == Relation.EQUAL:
        return True
    if seeker.is_job or record.parent_id:
        return False
    return best.relation.is_close or bool(known.same)


def _how_sure(
    seeker: Sought,
    record: NameRecord,
    names: tuple[Compared, Compared],
    known: Reached,
    generations: tuple[str, str],
) -> Sure:
    principal, best = names
    ours, theirs = generations
    if ours and theirs and ours != theirs:
        return Sure.POSSIBLE
    if best.relation == Relation.EQUAL:
        is_exact = (
            ours == theirs
            and _agree(principal, known)
            and not _other_form(seeker, record)
            and not _other_sex(seeker, record)
            and record.entity == seeker.entity
            and record.is_active
            and bool(record.parent_id) == seeker.is_job
        )
        return Sure.EXACT if is_exact else Sure.LIKELY
    return Sure.LIKELY if _is_likely(best, known) else Sure.POSSIBLE


def _agree(principal: Compared, known: Reached) -> bool:
    """Whether nothing speaks against it that all of the names are the same."""
    if principal.relation != Relation.EQUAL:
        return principal.relation.is_close and bool(known.same)
    letter_by_letter = principal.why == "The same name"
    return bool(known.same) or (letter_by_letter and not known.other)


def _is_likely(best: Compared, known: Reached) -> bool:
    if best.relation.is_close:
        return bool(known.same) or not known.other
    return best.relation == Relation.OTHER_LAST and bool({"e-mail", "phone"} & set(known.same))


def _generation(names: tuple[str, ...]) -> str:
    return next((found for name in names if (found := taken_apart(name).generation)), "")


def _other_generation(ours: str, theirs: str) -> tuple[str, ...]:
    if ours == theirs:
        return ()
    return (f"{theirs or 'no ' + ours} there, {ours or 'not'} here",)


def _other_sex(seeker: Sought, record: NameRecord) -> tuple[str, ...]:
    """Mrs. Harold Beasley is not Mr. Harold Beasley."""
    ours, theirs = taken_apart(seeker.names[0]).sexes, taken_apart(record.display_name).sexes
    return (f"{min(theirs)} there, {min(ours)} here",) if ours and theirs and not ours & theirs else ()


def _other_middle(principal: Compared, best: Compared) -> tuple[str, ...]:
    return ("another middle name",) if principal.why == OTHER_MIDDLE and best is not principal else ()


def _other_form(seeker: Sought, record: NameRecord) -> tuple[str, ...]:
    """Badger LLC and Badger Inc. are two companies, until somebody says otherwise; Badger may be either."""
    ours, theirs = taken_apart(seeker.names[0]).forms, taken_apart(record.display_name).forms
    return ("another company form",) if ours and theirs and not ours & theirs else ()
