"""Codes and tokens: how they are given, rotated, revoked and looked up (qbo-api.md §1.3-1.6)."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from qbo_simulator.clock import Clock
from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.oauth import people
from qbo_simulator.oauth.clients import CLIENT_ID
from qbo_simulator.oauth.refusals import RefusedError
from qbo_simulator.store.database import Database

CODE_SECONDS = 600
LARGEST_ACCESS, LARGEST_REFRESH = 4096, 512
ROTATION_SECONDS = 86_400
ACCOUNTING = "com.intuit.quickbooks.accounting"
JWE_HEADER = "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0"


@dataclass(frozen=True)
class Asked:
    """What a person allowed, before it has a number.

    realm: the company, "" where no scope needs one.  person: the e-mail address of who allowed it.
    """

    realm: str
    scope: str = ACCOUNTING
    person: str = people.OWNER
    client_id: str = CLIENT_ID


@dataclass(frozen=True)
class Consent:
    """What a person allowed: the app, for one company, with these scopes."""

    id: int
    asked: Asked
    given: float

    @property
    def scopes(self) -> list[str]:
        return self.asked.scope.split()


@dataclass(frozen=True)
class Bearer:
    """Whom a good access token speaks for."""

    realm: str
    scope: str
    client_id: str
    person: str

    @property
    def scopes(self) -> list[str]:
        return self.scope.split()


class Tokens:
    """All codes and tokens.  Methods open their own transaction."""

    def __init__(self, database: Database, clock: Clock, behaviour: Behaviour) -> None:
        self.database = database
        self.clock = clock
        self.behaviour = behaviour

    def code(self, redirect_uri: str, asked: Asked, challenge: str = "") -> str:
        """A new authorization code: single use, ten minutes.  challenge: a PKCE code_challenge, "" where none came."""
        code = f"XAB1{secrets.token_hex(23)}"
        with self.database.transaction():
            self.database.run(
                """INSERT INTO code (code, client_id, redirect_uri, scope, realm, expires, person, challenge)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                code, asked.client_id, redirect_uri, asked.scope, asked.realm, self.clock.seconds() + CODE_SECONDS,
                asked.person, challenge,
            )  # fmt: skip
        return code

    def exchanged(self, code: str, redirect_uri: str, verifier: str = "") -> tuple[Consent, dict[str, Any]]:
        """Tokens for a code.  A code used twice gives nothing, and ends what its first use began."""
        with self.database.transaction():
            row = self.database.one(
                """SELECT redirect_uri, expires, grant_id, challenge, realm, scope, person, client_id
                   FROM code WHERE code = ?""",
                code,
            )
            used_before = row is not None and row[2] is not None
            if used_before:
                self.end(row[2])
            good = row and not used_before and row[0] == redirect_uri and row[1] > self.clock.seconds()
            if good and self.proven(row[3], verifier):
                consent = self.consent(Asked(*row[4:]))
                self.database.run("UPDATE code SET grant_id = ? WHERE code = ?", consent.id, code)
                return consent, self.fresh(consent)
        raise RefusedError("invalid_grant")

    def proven(self, challenge: str, verifier: str) -> bool:
        """Whether the verifier fits the challenge (RFC 7636, S256 or plain), where the switch says that it must."""
        if not challenge or self.behaviour["pkce"] == "ignored":
            return True
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return challenge in (f"S256:{digest}", f"plain:{verifier}")

    def given(self, realm: str, scope: str = ACCOUNTING, person: str = people.OWNER) -> dict[str, Any]:
        """Tokens for a company without any page, for tests."""
        with self.database.transaction():
            return self.fresh(self.consent(Asked(realm, scope, person)))

    def consent(self, asked: Asked) -> Consent:
        """A new consent; it ends earlier ones of the app and company where the switch says so."""
        now = self.clock.seconds()
        if asked.realm and self.behaviour["second_consent"] == "replaces":
            self.database.run(
                "UPDATE consent SET revoked = ? WHERE client_id = ? AND realm = ? AND revoked IS NULL",
                now, asked.client_id, asked.realm,
            )  # fmt: skip
        cursor = self.database.run(
            "INSERT INTO consent (client_id, realm, scope, given, person) VALUES (?, ?, ?, ?, ?)",
            asked.client_id, asked.realm, asked.scope, now, asked.person,
        )  # fmt: skip
        return Consent(int(cursor.lastrowid or 0), asked, now)

    def fresh(self, consent: Consent) -> dict[str, Any]:
        """A new access token and a new refresh token, which outlives the authorization by no second."""
        now = self.clock.seconds()
        lifetime = min(self.behaviour["refresh_token_seconds"], self.hard_seconds(consent))
        refresh = refresh_token(int(now) + lifetime, self.behaviour["token_length"])
        self.database.run(
            "INSERT INTO refresh_token (token, consent, issued, expires) VALUES (?, ?, ?, ?)",
            refresh, consent.id, now, now + lifetime,
        )  # fmt: skip
        return self.answer(consent, refresh, lifetime)

    def hard_seconds(self, consent: Consent) -> int:
        """How long the authorization still lasts (qbo-api.md §1.4)."""
        return int(consent.given + self.behaviour["refresh_hard_seconds"] - self.clock.seconds())

    def answer(self, consent: Consent, refresh: str, refresh_seconds: int) -> dict[str, Any]:
        """The token endpoint's answer with a new access token."""
        lifetime = self.behaviour["access_token_seconds"]
        access = access_token(self.behaviour["token_length"])
        self.database.run(
            "INSERT INTO access_token (token, consent, expires) VALUES (?, ?, ?)",
            access, consent.id, self.clock.seconds() + lifetime,
        )  # fmt: skip
        return {
            "token_type": "bearer",
            "access_token": access,
            "expires_in": lifetime,
            "refresh_token": refresh,
            "x_refresh_token_expires_in": refresh_seconds,
        }

    def refreshed(self, token: str) -> tuple[Consent, dict[str, Any]]:
        """Tokens for a refresh token: the same refresh token within a day, a new one after (qbo-api.md §1.4)."""
        now = self.clock.seconds()
        with self.database.transaction():
            row = self.database.one(
                """SELECT refresh_token.issued, refresh_token.expires, refresh_token.replaced, consent.revoked,
                          consent.id, consent.given, consent.realm, consent.scope, consent.person, consent.client_id
                   FROM refresh_token JOIN consent ON consent.id = refresh_token.consent WHERE token = ?""",
                token,
            )
            self.check_refresh(token, row, now)
            consent = Consent(row[4], Asked(*row[6:]), row[5])
            if self.behaviour["refresh_rotation"] == "daily" and now - row[0] < ROTATION_SECONDS:
                full = self.behaviour["refresh_expires_in"] == "full"
                return consent, self.answer(consent, token, int(row[1] - (row[0] if full else now)))
            self.database.run("UPDATE refresh_token SET replaced = ? WHERE token = ? AND replaced IS NULL", now, token)
            return consent, self.fresh(consent)

    def check_refresh(self, token: str, row: Any, now: float) -> None:
        if row is None:
            if self.database.one("SELECT 1 FROM access_token WHERE token = ?", token):
                raise RefusedError("invalid_grant", "Incorrect Token type or clientID")
            raise RefusedError("invalid_grant", "Incorrect or invalid refresh token")
        _, expires, replaced, revoked, _, given, *_ = row
        late = replaced is not None and now >= replaced + self.behaviour["refresh_grace_seconds"]
        if late or revoked or expires <= now or given + self.behaviour["refresh_hard_seconds"] <= now:
            raise RefusedError("invalid_grant", "Incorrect or invalid refresh token")

    def revoked(self, token: str) -> bool:
        """End the connection that a token of either kind belongs to; False for an unknown token."""
        with self.database.transaction():
            row = self.database.one(
                """SELECT consent FROM access_token WHERE token = ?
                   UNION SELECT consent FROM refresh_token WHERE token = ?""",
                token, token,
            )  # fmt: skip
            if row:
                self.end(row[0])
            return row is not None

    def end(self, consent: int) -> None:
        self.database.run("UPDATE consent SET revoked = ? WHERE id = ?", self.clock.seconds(), consent)

    def ended_for(self, realm: str) -> int:
        """End all connections of a company, as a person does who disconnects the app at QuickBooks; how many."""
        with self.database.transaction():
            return self.database.run(
                "UPDATE consent SET revoked = ? WHERE realm = ? AND revoked IS NULL", self.clock.seconds(), realm
            ).rowcount

    def bearer(self, token: str) -> Bearer | str | None:
        """Whom an access token speaks for; otherwise what the gateway says of it (None: nothing)."""
        with self.database.lock:
            row = self.database.one(
                """SELECT consent.revoked, access_token.expires,
                          consent.realm, consent.scope, consent.client_id, consent.person
                   FROM access_token JOIN consent ON consent.id = access_token.consent WHERE token = ?""",
                token,
            )
        if row is None:
            return "Malformed bearer token: too short or too long" if len(token) < 200 else None
        if row[0] is not None:
            return None
        return "Token expired" if row[1] <= self.clock.seconds() else Bearer(*row[2:])


def access_token(length: str = "usual") -> str:
    """Like Intuit's: an encrypted token of five parts, about 1 kB or the largest there is, that says nothing."""
    usual = f"{JWE_HEADER}..{secrets.token_urlsafe(16)}.{secrets.token_urlsafe(690)}.{secrets.token_urlsafe(16)}"
    return usual if length == "usual" else f"{usual}{secrets.token_urlsafe(LARGEST_ACCESS)}"[:LARGEST_ACCESS]


def refresh_token(expires: int, length: str = "usual") -> str:
    """Like Intuit's present ones.  expires: seconds since 1970."""
    usual = f"RT1-{secrets.randbelow(250)}-H0-{expires}{secrets.token_hex(10)}"
    return usual if length == "usual" else f"{usual}{secrets.token_hex(LARGEST_REFRESH)}"[:LARGEST_REFRESH]
