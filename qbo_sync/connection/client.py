"""A client for the connected company."""

import functools

from django.conf import settings

from qbo_sync.api.company import CompanyClient
from qbo_sync.api.sessions import Timeouts
from qbo_sync.api.throttle import Part, Throttles
from qbo_sync.connection.environment import environment_named, oauth_client
from qbo_sync.connection.tokens import StoredTokens
from qbo_sync.models import Connection


def client_for(connection: Connection) -> CompanyClient:
    """The API client of a connection for whoever holds its lease: tokens refreshed as needed, the engine's throttle."""
    environment = environment_named(connection.environment)
    return CompanyClient(
        environment,
        connection.realm_id,
        StoredTokens(connection.pk, oauth_client(environment)),
        throttles(Part.ENGINE).company(connection.environment, connection.realm_id),
        timeouts=Timeouts(read=settings.QBO_TIMEOUT_SECONDS),
        pool_maxsize=settings.QBO_SENDERS,
    )


def throttles(part: Part) -> Throttles:
    """The throttles of this process; over Redis they count together with those of all others.

    Args:
        part: what they may use of each limit where processes count in memory, each for itself. The engine's part is
            used under the lease, so that one process at a time has it.
    """
    return _throttles(
        settings.QBO_THROTTLE_STORAGE,
        part,
        settings.QBO_REQUESTS_PER_MINUTE,
        settings.QBO_REQUESTS_PER_SECOND,
        settings.QBO_BATCHES_PER_MINUTE,
    )


@functools.cache
def _throttles(
    storage: str, part: Part, requests_per_minute: int, requests_per_second: int, batches_per_minute: int
) -> Throttles:
    return Throttles(
        storage,
        part=part,
        requests_per_minute=requests_per_minute,
        requests_per_second=requests_per_second,
        batches_per_minute=batches_per_minute,
    )
