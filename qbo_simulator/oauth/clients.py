"""Who may ask for tokens: the one development app, and where it may be sent back to."""

import base64
import binascii
import hmac
from collections.abc import Collection
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

CLIENT_ID, CLIENT_SECRET = "simulator-client", "simulator-secret"
APP_NAME = "SMMware"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PLAYGROUND = "https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl"


def knows_redirect(uri: str, registered: Collection[str], loopback: bool = True) -> bool:
    """Whether a redirect URI is registered: exactly as given (qbo-api.md §1.2).

    loopback: anything on this machine counts as registered, as this is a development app.
    """
    if uri in registered or uri == PLAYGROUND:
        return True
    try:
        parts = urlsplit(uri)
        return loopback and parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and not parts.fragment
    except ValueError:
        return False


def authenticated(request: Request) -> bool:
    """Whether the app's id and secret are right, in the Basic header or in the form."""
    given = basic(request.headers.get("Authorization", "")) or (
        request.form.get("client_id", ""),
        request.form.get("client_secret", ""),
    )
    right = (CLIENT_ID, CLIENT_SECRET)
    return all(hmac.compare_digest(one.encode(), other.encode()) for one, other in zip(given, right, strict=True))


def basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret
