"""Codes and tokens: how they are given, rotated, revoked and looked up (qbo-api.md §1.3-1.6)."""

import secrets
from dataclasses import dataclass
from typing import Any

from qbo_simulator.clock import Clock
from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.oauth.clients import CLIENT_ID
from qbo_simulator.store.database import Database

CODE_SECONDS = 600
REFRESH_SECONDS = 8_726_400
HARD_SECONDS = 157_680_000
ROTATION_SECONDS = 86_400
ACCOUNTING = "com.intuit.quickbooks.accounting"
JWE_HEADER = "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0"


@dataclass
class RefusedError(Exception):
    """An error of the token endpoint: `error` and, where Intuit gives one, `error_description`."""

    error: str
    description: str | None = None
    status: int = 400


@dataclass(frozen=True)
class Consent:
    """What a person allowed: the app, for one company, with these scopes."""

    id: int
    realm: str
    scope: str
    given: float


class Tokens:
    """All codes and tokens.  Methods open their own transaction."""

    def __init__(self, database: Database, clock: Clock, behaviour: Behaviour) -> None:
        self.database = database
        self.clock = clock
        self.behaviour = behaviour

    def code(self, redirect_uri: str, scope: str, realm: str) -> str:
        """A new authorization code: single use, ten minutes."""
        code = f"XAB1{secrets.token_hex(23)}"
        with self.database.transaction():
            self.database.run(
                "INSERT INTO code (code, client_id, redirect_uri, scope, realm, expires) VALUES (?, ?, ?, ?, ?, ?)",
                code, CLIENT_ID, redirect_uri, scope, realm, self.clock.seconds() + CODE_SECONDS,
            )  # fmt: skip
        return code

    def exchanged(self, code: str, redirect_uri: str) -> tuple[Consent, dict[str, Any]]:
        """Tokens for a code.  A code used twice gives nothing, and ends what its first use began."""
        with self.database.transaction():
            row = self.database.one(
                "SELECT redirect_uri, scope, realm, expires, grant_id FROM code WHERE code = ?", code
            )
            used_before = row is not None and row[4] is not None
            if used_before:
                self.end(row[4])
            good = row and not used_before and row[0] == redirect_uri and row[3] > self.clock.seconds()
            if good:
                consent = self.consent(row[1], row[2])
                self.database.run("UPDATE code SET grant_id = ? WHERE code = ?", consent.id, code)
                return consent, self.fresh(consent)
        raise RefusedError("invalid_grant")

    def given(self, realm: str, scope: str = ACCOUNTING) -> dict[str, Any]:
        """Tokens for a company without any page, for tests."""
        with self.database.transaction():
            return self.fresh(self.consent(scope, realm))

    def consent(self, scope: str, realm: str) -> Consent:
        now = self.clock.seconds()
        cursor = self.database.run(
            "INSERT INTO consent (client_id, realm, scope, given) VALUES (?, ?, ?, ?)", CLIENT_ID, realm, scope, now
        )
        return Consent(int(cursor.lastrowid or 0), realm, scope, now)

    def fresh(self, consent: Consent) -> dict[str, Any]:
        """A new access token and a new refresh token."""
        now = self.clock.seconds()
        refresh = f"RT1-{secrets.randbelow(250)}-H0-{int(now) + REFRESH_SECONDS}{secrets.token_hex(10)}"
        self.database.run(
            "INSERT INTO refresh_token (token, consent, issued, expires) VALUES (?, ?, ?, ?)",
            refresh, consent.id, now, now + REFRESH_SECONDS,
        )  # fmt: skip
        return self.answer(consent, refresh, REFRESH_SECONDS)

    def answer(self, consent: Consent, refresh: str, refresh_seconds: int) -> dict[str, Any]:
        """The token endpoint's answer with a new access token."""
        lifetime = self.behaviour["access_token_seconds"]
        access = access_token()
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
                """SELECT refresh_token.issued, refresh_token.expires, refresh_token.replaced,
                          consent.id, consent.realm, consent.scope, consent.given, consent.revoked
                   FROM refresh_token JOIN consent ON consent.id = refresh_token.consent WHERE token = ?""",
                token,
            )
            self.check_refresh(token, row, now)
            consent = Consent(*row[3:7])
            if self.behaviour["refresh_rotation"] == "daily" and now - row[0] < ROTATION_SECONDS:
                return consent, self.answer(consent, token, int(row[1] - now))
            self.database.run("UPDATE refresh_token SET replaced = ? WHERE token = ? AND replaced IS NULL", now, token)
            return consent, self.fresh(consent)

    def check_refresh(self, token: str, row: Any, now: float) -> None:
        if row is None:
            if self.database.one("SELECT 1 FROM access_token WHERE token = ?", token):
                raise RefusedError("invalid_grant", "Incorrect Token type or clientID")
            raise RefusedError("invalid_grant", "Incorrect or invalid refresh token")
        _, expires, replaced, *_, given, revoked = row
        late = replaced is not None and now >= replaced + self.behaviour["refresh_grace_seconds"]
        if late or revoked or expires <= now or given + HARD_SECONDS <= now:
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

    def bearer(self, token: str) -> tuple[str, str] | str | None:
        """(realm, scope) of an access token; otherwise what the gateway says of it (None: nothing)."""
        with self.database.lock:
            row = self.database.one(
                """SELECT consent.realm, consent.scope, consent.revoked, access_token.expires
                   FROM access_token JOIN consent ON consent.id = access_token.consent WHERE token = ?""",
                token,
            )
        if row is None:
            return "Malformed bearer token: too short or too long" if len(token) < 200 else None
        if row[2] is not None:
            return None
        return "Token expired" if row[3] <= self.clock.seconds() else (row[0], row[1])


def access_token() -> str:
    """Like Intuit's: an encrypted token of five parts, about 1 kB, that says nothing to anybody."""
    return f"{JWE_HEADER}..{secrets.token_urlsafe(16)}.{secrets.token_urlsafe(690)}.{secrets.token_urlsafe(16)}"
