"""The first Company Owner, on an empty database."""

import os
import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from associates import rules
from associates.models import Associate
from smmware.core.permissions import Level

PASSWORD_VARIABLE = "SMMWARE_OWNER_PASSWORD"  # noqa: S105 - the name of a variable


class Command(BaseCommand):
    help = f"Make the first Company Owner. The password is asked for, or read from stdin or from {PASSWORD_VARIABLE}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", required=True)
        parser.add_argument("--email", default="")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_where_an_owner_exists()
        owner = Associate(
            username=Associate.normalize_username(options["username"]),
            first_name=options["first_name"],
            last_name=options["last_name"],
            email=options["email"],
            level=Level.COMPANY_OWNER,
        )
        password = read_password(from_stdin=options["password_stdin"])
        try:
            validate_password(password, owner)
            owner.set_password(password)
            owner.full_clean()
            with rules.permitted_change(actor=None, associate=owner):
                refuse_where_an_owner_exists()
                owner.save()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{owner} is Company Owner and signs in as “{owner.username}”.")


def refuse_where_an_owner_exists() -> None:
    """Raise CommandError with the owner's name: from the first one on, owners are made in the Associate Manager."""
    owner = Associate.objects.filter(level=Level.COMPANY_OWNER).first()
    if owner is not None:
        raise CommandError(
            f"{owner} is Company Owner already, so this command makes no other. Sign in and use the Associate Manager."
        )


def read_password(*, from_stdin: bool) -> str:
    """The password from stdin, from the environment, or asked for twice at the terminal. Raises CommandError."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if password := os.environ.get(PASSWORD_VARIABLE):
        return password
    password = getpass("Password: ")
    if password != getpass("Password again: "):
        raise CommandError("The two passwords are not the same. Nothing is made.")
    return password
