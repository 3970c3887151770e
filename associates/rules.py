"""Who may raise whom (design.md §3): asked by forms, views, the site administration and commands alike.

`actor` is the associate who asks for a change, or None for somebody at the server's own console, who may do all but
leave the company without an owner.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from associates.models import Associate
from smmware.core.permissions import Level

Actor = Any  # an Associate; or whoever asks, whom Django types more widely

SIGN_IN_FIELDS = ("username", "password", "email")
RANK_FIELDS = ("level", "is_active")

LAST_OWNER = (
    "{name} is the last Company Owner who can sign in. Make somebody else a Company Owner first, with a username and a "
    "password, so that the company is not left without one."
)
FUTURE_RATE = "This day is still to come. Add the rate when it begins: a rate is not changed afterwards."
OWNER_SETS_QBO_ADMIN = "Only a Company Owner says who is a QBO Admin."


def is_company_owner(actor: Actor) -> bool:
    """Whether this is an active Company Owner."""
    return bool(actor.is_authenticated and actor.is_active and actor.level == Level.COMPANY_OWNER)


def grantable_levels(actor: Actor) -> list[Level]:
    """The levels that `actor` may give: none above their own."""
    return [level for level in Level if level <= actor.level]


def may_change_rank(actor: Actor, associate: Associate) -> bool:
    """Whether `actor` may change this associate's level, or whether they are active."""
    return associate.level <= actor.level


def may_change_sign_in(actor: Actor, associate: Associate) -> bool:
    """Whether `actor` may change this associate's username, password and e-mail.

    Whoever sets a password can sign in with it: that must not open what the actor's own account does not, be it a
    higher level or QuickBooks.
    """
    opens_quickbooks = associate.qbo_admin and not actor.qbo_admin
    return may_change_rank(actor, associate) and (is_company_owner(actor) or not opens_quickbooks)


def whose_sign_in_is_open_to(actor: Actor) -> Q:
    """The same as `may_change_sign_in`, as a condition on associates in the database."""
    within = Q(level__lte=actor.level)
    return within if is_company_owner(actor) or actor.qbo_admin else within & Q(qbo_admin=False)


def check_change(actor: Actor | None, changed: Associate) -> None:
    """Refuse a change that `actor` must not make.

    Args:
        actor: who makes it; None at the console.
        changed: the associate as they would be saved; without a key, somebody new.

    Raises ValidationError with a sentence per field.
    """
    stored = Associate.objects.filter(pk=changed.pk).first() if changed.pk else None
    errors: dict[str, str] = {}
    if actor is not None:
        before = stored or Associate(level=Level.BASIC_USER)
        fields = {name for name in (*RANK_FIELDS, *SIGN_IN_FIELDS, "qbo_admin") if _differs(before, changed, name)}
        errors = _refusals(actor, before, changed, fields)
    if stored and _leaves_no_owner(stored, changed):
        errors.setdefault("level", LAST_OWNER.format(name=stored))
    if errors:
        raise ValidationError(errors)


def check_delete(actor: Actor, associate: Associate) -> None:
    """Raise ValidationError for somebody above `actor`, `actor` themselves, or the last Company Owner."""
    if associate.pk == actor.pk:
        raise ValidationError("Nobody deletes themselves.")
    if not may_change_sign_in(actor, associate):
        raise ValidationError(above(associate))
    if _leaves_no_owner(associate, None):
        raise ValidationError(LAST_OWNER.format(name=associate))


def check_rate_day(associate: Associate, day: dt.date) -> dt.date:
    """The day from which a new hourly rate shall hold.

    Raises ValidationError, with a sentence, for a day to come and for one that has a rate: rates are not rewritten.
    """
    if day > timezone.localdate():
        raise ValidationError(FUTURE_RATE)
    if associate.hourly_rates.filter(effective_from=day).exists():
        raise ValidationError("There is a rate from this day on already. Rates are not rewritten: choose another day.")
    return day


@contextmanager
def permitted_change(*, actor: Actor | None, associate: Associate) -> Iterator[None]:
    """The transaction in which to save an associate, new or changed: raises ValidationError where the rules forbid it.

    The owners' rows are locked meanwhile: two owners who demote each other at one moment must not both succeed.
    """
    with transaction.atomic():
        _lock_owners()
        check_change(_as_now(actor), associate)
        yield


@contextmanager
def permitted_delete(*, actor: Actor, associate: Associate) -> Iterator[None]:
    """The transaction in which to delete an associate: raises ValidationError where the rules forbid it."""
    with transaction.atomic():
        _lock_owners()
        check_delete(_as_now(actor), associate)
        yield


def _refusals(actor: Actor, before: Associate, changed: Associate, fields: set[str]) -> dict[str, str]:
    errors = {}
    if "level" in fields and changed.level not in grantable_levels(actor):
        errors["level"] = no_level_above(actor)
    if not may_change_rank(actor, before):
        errors |= dict.fromkeys(fields.intersection(RANK_FIELDS), above(before))
    if not may_change_sign_in(actor, before):
        errors |= dict.fromkeys(fields.intersection(SIGN_IN_FIELDS), above(before))
    if "qbo_admin" in fields and not is_company_owner(actor):
        errors["qbo_admin"] = OWNER_SETS_QBO_ADMIN
    return errors


def no_level_above(actor: Actor) -> str:
    """The sentence for whoever grants a level above their own."""
    return f"Your own level is {Level(actor.level).label}: you cannot grant a level above it."


def above(associate: Associate) -> str:
    """The sentence for whoever may not change this of `associate`."""
    rank = f"{Level(associate.level).label}{' and QBO Admin' if associate.qbo_admin else ''}"
    return f"{associate} is {rank}: this can only be changed by somebody who may do as much."


def _differs(before: Associate, changed: Associate, name: str) -> bool:
    return (getattr(before, name) or "") != (getattr(changed, name) or "")


def _is_owner_who_can_sign_in(associate: Associate) -> bool:
    return associate.level == Level.COMPANY_OWNER and associate.can_sign_in


def _leaves_no_owner(stored: Associate, changed: Associate | None) -> bool:
    """Whether `stored` stops being an owner who can sign in (None: by being deleted), and nobody else is one."""
    if not _is_owner_who_can_sign_in(stored) or (changed and _is_owner_who_can_sign_in(changed)):
        return False
    others = Associate.objects.filter(level=Level.COMPANY_OWNER, is_active=True).exclude(pk=stored.pk)
    return not any(_is_owner_who_can_sign_in(other) for other in others)


def _as_now(actor: Actor | None) -> Actor | None:
    """The actor as stored at this moment: they may have been demoted since their request began."""
    return actor and Associate.objects.get(pk=actor.pk)


def _lock_owners() -> None:
    list(Associate.objects.select_for_update().filter(level=Level.COMPANY_OWNER).values_list("pk", flat=True))
