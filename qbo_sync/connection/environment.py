"""Which QuickBooks this office talks to, from the settings."""

from django.conf import settings

from qbo_sync.api.environment import Environment
from qbo_sync.api.oauth import DiscoveryCache, OAuthClient
from qbo_sync.models import Connection

DISCOVERY = DiscoveryCache()  # Intuit's sign-in says where its pages are: asked once a day and process


def qbo_environment() -> Environment:
    """The configured environment: simulator, sandbox or production."""
    return environment_named(settings.QBO_ENVIRONMENT)


def environment_named(name: str) -> Environment:
    """The environment of this name. Raises ValueError for a name that is none."""
    if name == "simulator":
        return Environment.simulator(settings.QBO_SIMULATOR_URL)
    if name == "sandbox":
        return Environment.sandbox()
    if name == "production":
        return Environment.production()
    raise ValueError(f"QBO_ENVIRONMENT is {name!r}; it must be simulator, sandbox or production.")


def oauth_client(environment: Environment | None = None) -> OAuthClient:
    """This application at Intuit's sign-in; of the configured environment unless another is given."""
    return OAuthClient(
        environment or qbo_environment(),
        settings.QBO_CLIENT_ID,
        settings.QBO_CLIENT_SECRET,
        settings.QBO_REDIRECT_URI,
        DISCOVERY,
    )


def record_url(connection: Connection, entity: str, qbo_id: str) -> str:
    """The address of a record's screen in QuickBooks."""
    environment = environment_named(connection.environment)
    return environment.record_url(realm_id=connection.realm_id, entity=entity, id=qbo_id)
