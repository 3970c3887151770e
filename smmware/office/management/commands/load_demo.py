"""`manage.py load_demo`: fill an empty database with a fictitious company."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from smmware.office.demo import cast, loading


class Command(BaseCommand):
    help = "Fill an empty database with a fictitious company: for rehearsals, never for a site that is in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing, instead of refusing, where it is not empty."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.QBO_ENVIRONMENT == "production":
            raise CommandError("This site works with QuickBooks itself: a fictitious company has no place in it.")
        if not loading.is_empty():
            if options["if_empty"]:
                return
            raise CommandError("This database is not empty: the fictitious company goes into an empty one only.")
        loading.load()
        if options["verbosity"]:
            self.stdout.write(
                f"{cast.COMPANY_NAME} is open. Sign in as owner, manager, lead or associate; password: demo"
            )
