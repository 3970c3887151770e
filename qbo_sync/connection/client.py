"""A client for the connected company."""

import functools

from django.conf import settings

from qbo_sync.api.company import CompanyClient
from qbo_sync.api.sessions import Timeouts
from qbo_sync.api.throttle import Throttles
from qbo_sync.connection.environment import environment_named, oauth_client
from qbo_sync.connection.tokens import StoredTokens
from qbo_sync.models import Connection


def client_for(connection: Connection, *, slot_timeout: float | None = None) -> CompanyClient:
    """The API client of a connection, its tokens refreshed as needed, under the company's throttle.

    Args:
        slot_timeout: seconds to wait for a slot of the throttle, for a person who waits in front of a page; None waits
            as long as it takes.
    """
    environment = environment_named(connection.environment)
    return CompanyClient(
        environment,
        connection.realm_id,
        StoredTokens(connection.pk, oauth_client(environment)),
        throttles().company(connection.environment, connection.realm_id),
        timeouts=Timeouts(read=settings.QBO_TIMEOUT_SECONDS),
        pool_maxsize=settings.QBO_SENDERS,
        slot_timeout=slot_timeout,
    )


def throttles() -> Throttles:
    """The throttles of this process; over Redis they count together with those of all others."""
    return _throttles(
        settings.QBO_THROTTLE_STORAGE,
        settings.QBO_REQUESTS_PER_MINUTE,
        settings.QBO_REQUESTS_PER_SECOND,
        settings.QBO_BATCHES_PER_MINUTE,
    )


@functools.cache
def _throttles(storage: str, requests_per_minute: int, requests_per_second: int, batches_per_minute: int) -> Throttles:
    return Throttles(
        storage,
        requests_per_minute=requests_per_minute,
        requests_per_second=requests_per_second,
        batches_per_minute=batches_per_minute,
    )
