"""Who may ask for tokens: the one development app and the one person who can sign in."""

import base64
import binascii
import hmac
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

CLIENT_ID, CLIENT_SECRET = "simulator-client", "simulator-secret"
APP_NAME = "SMMware"
USER = "owner@sandbox.example"
PASSWORD = "sandbox"  # noqa: S105 - shown on the sign-in page
SUBJECT = "5b7a0d1c-4f52-4c1e-9d0a-6a3f2f9f3c11"
PERSON = {
    "sub": SUBJECT,
    "email": USER,
    "emailVerified": True,
    "givenName": "Sandy",
    "familyName": "Owner",
    "phoneNumber": "+1 6505550100",
    "phoneNumberVerified": False,
    "address": {
        "streetAddress": "2632 Marine Way",
        "locality": "Mountain View",
        "region": "CA",
        "postalCode": "94043",
        "country": "US",
    },
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PLAYGROUND = "https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl"


def knows_redirect(uri: str, registered: tuple[str, ...]) -> bool:
    """Whether a redirect URI is registered: exactly as given, or anything on loopback, as this is a development app."""
    if uri in (PLAYGROUND, *registered):
        return True
    try:
        parts = urlsplit(uri)
        return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and not parts.fragment
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
