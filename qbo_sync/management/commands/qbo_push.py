"""Copy the records of a listing to QuickBooks from a terminal: the way of “QBO Add All”, from plan to feedback."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from associates.models import Associate
from qbo_sync.access import NOT_A_QBO_ADMIN, SWITCHED_OFF, is_qbo_admin
from qbo_sync.management.in_words import run_in_words
from qbo_sync.management.watching import Watch
from qbo_sync.models import Connection, Kind, Run
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push import feedback, plan
from qbo_sync.push.asking import asked_for, copied_listings
from qbo_sync.runs import moves
from qbo_sync.tasks import ring
from smmware.core.extensions import listing_add_ons
from smmware.core.listings import Listing
from smmware.core.models import Company

OVER, NOT_ALL, NOT_OVER, INTERRUPTED = 0, 3, 4, 130
FINE = (StepState.READY, StepState.SENDING, StepState.DONE, StepState.LINKED)
EPILOG = """exit codes:
  0    all of it is at QuickBooks; with --dry-run, all of it may go
  1    it could not begin, and nothing was sent
  3    it is over, but not all of it is at QuickBooks; with --dry-run, something is in the way
  4    it was paused, cancelled or stopped, it waits to be connected again, or you said no
  130  Ctrl-C: the run goes on without you
"""
NOT_CONNECTED = "SMMware is not connected to QuickBooks. Connect first: Admin → QuickBooks Online Connect."
NOBODY_TO_ASK = "There is nobody to ask, so nothing was sent. Say --yes to send without asking, or --dry-run."
GOES_ON = "The run goes on without you, as soon as a worker is there. Watch it, or stop it, at {address}"


class Command(BaseCommand):
    help = __doc__

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        as_it_stands = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, epilog=EPILOG, formatter_class=as_it_stands, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", help="a listing, such as invoices, hours, expenses or clients")
        parser.add_argument(
            "--filter", action="append", default=[], metavar="NAME=VALUE", dest="filters",
            help="a filter of that listing, by its name in the listing's address; may be given several times",
        )  # fmt: skip
        parser.add_argument("--as", required=True, metavar="USERNAME", dest="username", help="who asks: a QBO Admin")
        parser.add_argument("--dry-run", action="store_true", help="show the plan and send nothing")
        parser.add_argument("--yes", action="store_true", help="send without asking")

    def handle(self, *args: Any, **options: Any) -> None:
        request = request_of(options["username"])
        with timezone.override(Company.current().zone):
            run = self.plan(request, options["kind"], options["filters"])
            code = self.show(run) if options["dry_run"] else self.copy(run, asks=not options["yes"])
        if code != OVER:
            sys.exit(code)

    def plan(self, request: HttpRequest, key: str, filters: Sequence[str]) -> Run:
        """The plan of copying the listing as filtered, shown."""
        connection, listing = connected(), listing_of(key)
        asked = records_of(listing, request, filters)
        actor: Any = request.user
        run = plan.build(connection=connection, asked=asked, title=f"QBO Add All: {listing.title}", actor=actor)
        self.say(run)
        return run

    def say(self, run: Run) -> None:
        self.stdout.writelines(f"{line}\n" for line in run_in_words(run))

    def show(self, run: Run) -> int:
        """What --dry-run does: the plan stays for a person to look at and to carry out, until it expires."""
        self.stdout.write(f"\nNothing was sent. Until it expires, the plan can be carried out at {address(run)}")
        return how_it_stands(run)

    def copy(self, run: Run, *, asks: bool) -> int:
        """Hand the run to the engine and watch it."""
        count, standing = feedback.summary(run).to_copy, how_it_stands(run)
        if not count:
            moves.cancel(run)
            self.stdout.write("\nThere is nothing to copy.")
            return standing
        if asks and not may_go(run, count):
            moves.cancel(run)
            self.stdout.write("Nothing was sent.")
            return NOT_OVER
        moves.queue(run)
        ring(run.connection_id)
        return self.watch(run)

    def watch(self, run: Run) -> int:
        """Watch a run until it is over, or waits for a person."""
        try:
            Watch(run, self.stdout).until_over()
        except KeyboardInterrupt:
            self.stdout.write(f"\n{GOES_ON.format(address=address(run))}")
            return INTERRUPTED
        self.stdout.write(f"\n{run.get_state_display()}. {run.message}".rstrip())
        self.say(run)
        self.stdout.write(f"\n{address(run)}")
        return how_it_stands(run) if run.state == RunState.DONE else NOT_OVER


def request_of(username: str) -> HttpRequest:
    """A request as the person's browser would send it. Raises CommandError where they may not copy."""
    request = HttpRequest()
    request.company = Company.current()  # type: ignore[attr-defined]
    if not request.company.integrates_with_qbo:  # type: ignore[attr-defined]
        raise CommandError(SWITCHED_OFF)
    person = Associate.objects.filter(username__iexact=username).first()
    if person is None:
        raise CommandError(f"Nobody signs in as “{username}”.")
    if not is_qbo_admin(person):
        raise CommandError(f"{person} may not copy. {NOT_A_QBO_ADMIN}")
    request.user = person
    return request


def connected() -> Connection:
    """The connected company. Raises CommandError where there is none."""
    connection = Connection.active()
    if connection is None or not connection.is_connected:
        raise CommandError(NOT_CONNECTED)
    return connection


def listing_of(key: str) -> Listing:
    """The listing with this key. Raises CommandError, with those that there are, for any other."""
    listings = copied_listings()
    if key not in listings:
        raise CommandError(
            f"“{key}” is no listing of records that are copied. Choose one of: {', '.join(sorted(listings))}."
        )
    return listings[key]


def records_of(listing: Listing, request: HttpRequest, filters: Sequence[str]) -> dict[Kind, set[int]]:
    """What the listing as filtered asks for. Raises CommandError for a filter that is none, or unreadable."""
    pairs = [(name, value) for name, _, value in (each.partition("=") for each in filters)]
    query = urlencode(pairs)
    form = listing.filterset(request, QueryDict(query), listing_add_ons(listing.key, request)).form
    for name, value in pairs:
        if name not in form.fields or not value:
            wrong = f"has no filter “{name}”" if value else f"needs --filter {name}=VALUE"
            raise CommandError(f"{listing.title} {wrong}. Its filters are: {', '.join(sorted(form.fields))}.")
    if form.errors:
        said = "; ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
        raise CommandError(f"The filters of {listing.title} could not be read. {said}")
    try:
        return asked_for(listing, request, query)
    except PermissionDenied as error:
        raise CommandError(str(error)) from error


def may_go(run: Run, count: int) -> bool:
    """Whether the person at the terminal says yes. Raises CommandError, the plan cancelled, where nobody is there."""
    if not sys.stdin.isatty():
        moves.cancel(run)
        raise CommandError(NOBODY_TO_ASK)
    return input(f"\nCopy {count:,} records to {run.connection}? [y/N] ").strip().lower() in ("y", "yes")


def how_it_stands(run: Run) -> int:
    """Whether all of a plan may go, or all of a run is at QuickBooks, as an exit code."""
    return NOT_ALL if run.steps.exclude(state__in=FINE).exists() else OVER


def address(run: Run) -> str:
    """Where the run is seen in a browser."""
    return f"{settings.SITE_URL}{run.get_absolute_url()}"
