"""Disconnecting: the tokens go, the links stay."""

import datetime as dt

from django.db import transaction

from qbo_sync.api.errors import AuthorizationRefused, QboError
from qbo_sync.connection.environment import environment_named, oauth_client
from qbo_sync.connection.tokens import disconnected
from qbo_sync.connection.trouble import in_words
from qbo_sync.models import Connection

DISCONNECTED = "SMMware is disconnected from {company}. What is linked stays linked, for when you connect it again."
STILL_LISTED = (
    "QuickBooks could not be told ({reason}) The tokens are deleted here, so SMMware can do nothing there any more; to "
    "end it at QuickBooks too, open Apps there and disconnect SMMware."
)


def disconnect(connection: Connection, *, now: dt.datetime) -> str:
    """Revoke the tokens at Intuit and wipe them here, even where revoking fails.

    Returns "" where QuickBooks knows of it, or a sentence that says what failed and what to do there.
    """
    complaint = _revoke(connection)
    with transaction.atomic(durable=True):
        Connection.objects.filter(pk=connection.pk).update(**disconnected(now))
    return complaint


def _revoke(connection: Connection) -> str:
    """The refresh token is revoked, which ends the access token with it (qbo-api.md §1.6)."""
    if not connection.refresh_token:
        return ""
    try:
        oauth_client(environment_named(connection.environment)).revoke(connection.refresh_token)
    except AuthorizationRefused:
        return ""  # it was over at Intuit already
    except QboError as error:
        return STILL_LISTED.format(reason=in_words(error))
    return ""
