"""The id_token and the key that proves it (qbo-api.md §1.6).

The cryptographic libraries are loaded when they are first needed: they would take a third of the time to start.
"""

import base64
import secrets
from typing import TYPE_CHECKING, Any

from qbo_simulator.oauth.clients import CLIENT_ID
from qbo_simulator.store.database import Database

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LIFETIME = 3600


def signing_key(database: Database) -> "tuple[str, RSAPrivateKey]":
    """(kid, key); made on first use and kept with the data."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    with database.transaction():
        row = database.one("SELECT kid, pem FROM signing_key")
        if row is None:
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            row = (f"r4p5SbL2qaFehFzhj8gI{secrets.token_hex(4)}", pem.decode())
            database.run("INSERT INTO signing_key (kid, pem) VALUES (?, ?)", *row)
    loaded = serialization.load_pem_private_key(row[1].encode(), password=None)
    if not isinstance(loaded, rsa.RSAPrivateKey):
        raise TypeError("the signing key in the data file is no RSA key")
    return row[0], loaded


def id_token(database: Database, issuer: str, subject: str, realm: str | None, now: float) -> str:
    """Who signed in, for this app; `aud` is an array.

    issuer: as the discovery document says it.  subject: who signed in.  now: seconds since 1970.
    """
    import jwt

    kid, key = signing_key(database)
    claims: dict[str, Any] = {"sub": subject, "aud": [CLIENT_ID]}
    if realm:
        claims["realmid"] = realm
    claims |= {"auth_time": int(now), "iss": issuer, "exp": int(now) + LIFETIME, "iat": int(now)}
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})


def jwks(database: Database) -> dict[str, Any]:
    """The public key as a JSON Web Key Set."""
    kid, key = signing_key(database)
    numbers = key.public_key().public_numbers()
    modulus = base64.urlsafe_b64encode(numbers.n.to_bytes(256, "big")).rstrip(b"=").decode()
    return {"keys": [{"kty": "RSA", "e": "AQAB", "use": "sig", "kid": kid, "alg": "RS256", "n": modulus}]}
