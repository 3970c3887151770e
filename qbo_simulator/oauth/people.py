"""The people who can sign in at the simulated Intuit: one to begin with, more through the control plane."""

import hmac
import json
import uuid
from dataclasses import dataclass
from typing import Any

from qbo_simulator.store.database import Database

OWNER = "owner@sandbox.example"
PASSWORD = "sandbox"  # noqa: S105 - shown on the sign-in page
ADDRESS = {
    "streetAddress": "2632 Marine Way",
    "locality": "Mountain View",
    "region": "CA",
    "postalCode": "94043",
    "country": "US",
}
OWNERS_SUBJECT = "5b7a0d1c-4f52-4c1e-9d0a-6a3f2f9f3c11"


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in.

    claims: what userinfo tells of them (qbo-api.md §1.6).  companies: the realm ids they may connect; all where it is
    None.
    """

    email: str
    password: str
    claims: dict[str, Any]
    companies: tuple[str, ...] | None = None

    @property
    def subject(self) -> str:
        return str(self.claims["sub"])

    def may_connect(self, realm: str) -> bool:
        return self.companies is None or realm in self.companies


def claims(email: str, given_name: str, family_name: str, subject: str) -> dict[str, Any]:
    """What userinfo answers, in Intuit's camel case."""
    return {
        "sub": subject,
        "email": email,
        "emailVerified": True,
        "givenName": given_name,
        "familyName": family_name,
        "phoneNumber": "+1 6505550100",
        "phoneNumberVerified": False,
        "address": ADDRESS,
    }


FIRST = Person(OWNER, PASSWORD, claims(OWNER, "Sandy", "Owner", OWNERS_SUBJECT))


class People:
    """Everybody who can sign in."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, email: str) -> Person | None:
        """The person with this address; the first one also for what was allowed before there were others."""
        if email.lower() in (OWNER, ""):
            return FIRST
        with self.database.lock:
            row = self.database.one(
                "SELECT email, password, body, companies FROM person WHERE email = ?", email.lower()
            )
        return Person(row[0], row[1], json.loads(row[2]), companies_of(row[3])) if row else None

    def signing_in(self, email: str, password: str) -> Person | None:
        """The person, where the password is theirs."""
        person = self.find(email.strip()) if email.strip() else None
        right = person.password if person else ""
        return person if hmac.compare_digest(password.encode(), right.encode()) and person else None

    def all(self) -> list[Person]:
        """Everybody, the first one first."""
        with self.database.lock:
            rows = self.database.all("SELECT email FROM person ORDER BY rowid")
        return [FIRST, *(person for row in rows if (person := self.find(row[0])))]

    def add(
        self, email: str, password: str, given_name: str, family_name: str, companies: tuple[str, ...] | None
    ) -> Person:
        """One more person.  Raises ValueError where the address is somebody's already."""
        email = email.strip().lower()
        if self.find(email) is not None:
            raise ValueError(f"Somebody signs in as {email} already.")
        told = claims(email, given_name, family_name, str(uuid.uuid4()))
        kept = "" if companies is None else " ".join(("-", *companies))
        with self.database.transaction():
            self.database.run(
                "INSERT INTO person (email, password, body, companies) VALUES (?, ?, ?, ?)",
                email, password, json.dumps(told), kept,
            )  # fmt: skip
        return Person(email, password, told, companies)


def companies_of(kept: str) -> tuple[str, ...] | None:
    """The column as a tuple: "" means all, "- 77 78" these, "-" none."""
    return tuple(kept.split()[1:]) if kept else None
