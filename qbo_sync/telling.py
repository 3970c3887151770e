"""A mail to whoever asked for a long run, or pressed “Next” for it, when it ends.

Once for each ending, whatever dies in between: the ending stands on the run, and a sweep looks for those of which
nobody has been told. Who is about to send claims the ending by a conditional UPDATE, with a time after which another
may try. A mail that is sent a second time, because a worker died before it had noted the first, bears the same
Message-ID, by which mail programs know the two as one. Nothing is sent from within a run: a mail server that is down
holds up no copying.
"""

import datetime as dt
import logging
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from qbo_sync.models import Run
from qbo_sync.pull.report import counts_in_words
from qbo_sync.push import feedback
from smmware.core.models import Company

log = logging.getLogger(__name__)
TRY_AGAIN = dt.timedelta(minutes=5)  # after a mail server that did not answer, or a worker that died
GIVE_UP = dt.timedelta(days=1)  # what is older is no news any more


def endings(now: dt.datetime) -> QuerySet[Run]:
    """The runs that have ended and whose ending is still to be looked at, oldest first."""
    new = Q(told_of=None) | ~Q(told_of=F("finished_at"))
    unclaimed = Q(tell_after=None) | Q(tell_after__lte=now)
    return Run.objects.filter(new, unclaimed, finished_at__isnull=False).order_by("finished_at", "pk")


def tell(*, now: dt.datetime) -> None:
    """Mail what is to be mailed. Where the mail server does not take one, the rest waits for the next time too."""
    for run in endings(now).select_related("connection", "asked_by", "confirmed_by"):
        if _claim(run, now) and not _tell_of(run, now):
            return


def _claim(run: Run, now: dt.datetime) -> bool:
    """Whether this ending is ours to tell of: one of several workers gets it."""
    return bool(endings(now).filter(pk=run.pk, finished_at=run.finished_at).update(tell_after=now + TRY_AGAIN))


def _tell_of(run: Run, now: dt.datetime) -> bool:
    """Tell of one ending, where that is wanted, and note it. False where the mail did not leave."""
    if _is_wanted(run, now):
        try:
            _mail(run).send()
        except (OSError, SMTPException) as error:
            log.warning("The mail about run %s did not leave: %s", run.pk, error)
            return False
    Run.objects.filter(pk=run.pk).update(told_of=run.finished_at, tell_after=None)
    return True


def _is_wanted(run: Run, now: dt.datetime) -> bool:
    """Whether a person waits for it: the run was long, by the company's own measure, and is not long over.

    What counts is how long it worked, not how long it waited for a person.
    """
    minutes, person = run.connection.long_run_minutes, run.actor
    if minutes is None or run.queued_at is None or not (person.is_active and person.email):
        return False
    assert run.finished_at is not None  # noqa: S101 - that is what `endings` asks for
    if now - run.finished_at > GIVE_UP:
        log.warning("%s was not told in time that run %s has ended.", person, run.pk)
        return False
    return run.worked_until - run.queued_at >= dt.timedelta(minutes=minutes)


def _mail(run: Run) -> EmailMessage:
    assert run.finished_at is not None  # noqa: S101
    with timezone.override(Company.current().zone):
        body = render_to_string("qbo_sync/run_over.txt", _said(run))
    subject = f"{' '.join(run.title.split())}: {run.get_state_display().lower()}"
    ending = f"qbo-run-{run.pk}-{int(run.finished_at.timestamp() * 1000)}@{urlsplit(settings.SITE_URL).hostname}"
    headers = {"Message-ID": f"<{ending}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[run.actor.email], headers=headers)


def _said(run: Run) -> dict[str, object]:
    """What the mail says of the run."""
    is_import = run.type == Run.Type.IMPORT
    return {
        "run": run,
        "person": run.actor.first_name or str(run.actor),
        "counts": counts_in_words(run.report) if is_import else feedback.summary(run).in_words,
        "url": f"{settings.SITE_URL}{run.get_absolute_url()}",
    }
