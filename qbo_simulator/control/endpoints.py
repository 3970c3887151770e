"""The control plane over HTTP."""

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request, Response

from qbo_simulator import jsontext
from qbo_simulator.answers import plain_json
from qbo_simulator.books.load import KINDS, open_company
from qbo_simulator.clock import Clock
from qbo_simulator.control.behaviour import Behaviour, MisunderstoodError
from qbo_simulator.control.controls import CONTROLS
from qbo_simulator.control.declared import Control as Declared
from qbo_simulator.control.log import RequestLog
from qbo_simulator.oauth import clients
from qbo_simulator.oauth.people import OWNER, People
from qbo_simulator.oauth.tokens import ACCOUNTING, Tokens
from qbo_simulator.store.database import Database
from qbo_simulator.webhooks.sender import Sender


class Control:
    """What tests and rehearsals may ask of the simulator beyond Intuit's API."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        behaviour: Behaviour,
        log: RequestLog,
        tokens: Tokens,
        webhooks: Sender,
    ) -> None:
        self.database = database
        self.clock = clock
        self.behaviour = behaviour
        self.log = log
        self.tokens = tokens
        self.webhooks = webhooks
        self.people = People(database)

    def answer(self, request: Request, endpoint: Callable[[Request], Any]) -> Response:
        """An endpoint's JSON, or 400 with the sentence that says what is wrong."""
        try:
            return plain_json(endpoint(request))
        except MisunderstoodError as error:
            return plain_json({"error": str(error)}, 400)

    def give_tokens(self, request: Request) -> dict[str, str]:
        """POST /_simulator/tokens: a connection without any page, to the first company or to that of {"realm_id"};
        {"user"} and {"scope"} say who allowed it, and what.
        """
        body = body_of(request)
        wanted, user = body.get("realm_id"), str(body.get("user", OWNER))
        if self.people.find(user) is None:
            raise MisunderstoodError(f"Nobody signs in as {user}.")
        realms = self.realms()
        if wanted is not None and wanted not in realms:
            raise MisunderstoodError(f"There is no company with the realm id {wanted}; there are {', '.join(realms)}.")
        realm = wanted or realms[0]
        given = self.tokens.given(realm, str(body.get("scope", ACCOUNTING)), user)
        return {
            "client_id": clients.CLIENT_ID,
            "client_secret": clients.CLIENT_SECRET,
            "realm_id": realm,
            "access_token": given["access_token"],
            "refresh_token": given["refresh_token"],
        }

    def reset(self, request: Request) -> dict[str, Any]:
        """POST /_simulator/reset: one company with new books ({"company": "sandbox" or "empty"}), default behaviour, an
        empty request log.  Sign-ins stay valid for companies that are still there."""
        kind = self.kind(body_of(request).get("company", self.first_kind()))
        with self.database.transaction():
            self.database.run("DELETE FROM company")
        realm = open_company(self.database, self.clock, kind)
        self.behaviour.reset()
        self.log.clear()
        return {"company": kind, "realm_id": realm}

    def add_company(self, request: Request) -> dict[str, Any]:
        """POST /_simulator/companies: one more company ({"realm_id", "company", "name"})."""
        wanted = body_of(request)
        kind, realm = self.kind(wanted.get("company", "empty")), str(wanted.get("realm_id", ""))
        if not realm.isdigit() or realm in self.realms():
            raise MisunderstoodError("realm_id must be a number that no company has yet.")
        name = str(wanted.get("name") or f"Company {realm}")
        return {"company": kind, "realm_id": open_company(self.database, self.clock, kind, realm, name), "name": name}

    def requests(self, request: Request) -> dict[str, Any]:
        """GET /_simulator/requests: what was asked, `since` a number."""
        since = request.args.get("since", "0")
        if not since.isdigit():
            raise MisunderstoodError("since must be the number of a request.")
        return {"requests": self.log.since(int(since))}

    def behave(self, request: Request) -> dict[str, Any]:
        """GET, PUT and DELETE /_simulator/behaviour: see, change, and take back how the simulator behaves."""
        if request.method == "PUT":
            self.behaviour.change(body_of(request))
        elif request.method == "DELETE":
            self.behaviour.reset()
        return self.behaviour.shown()

    def describe(self, request: Request) -> dict[str, Any]:
        """GET /_simulator/controls: each control with its default and what it does."""
        return {name: described(control) for name, control in CONTROLS.items()}

    def counts(self, request: Request) -> dict[str, Any]:
        """GET /_simulator/counts: how often each kind of fault was injected and each limit reached, since the start."""
        return {"injected": dict(self.behaviour.injected)}

    def notifications(self, request: Request) -> dict[str, Any]:
        """GET /_simulator/webhooks: the last notifications with their tries; those that wait are not delivered yet."""
        return {"notifications": self.webhooks.shown()}

    def users(self, request: Request) -> dict[str, Any]:
        """GET and POST /_simulator/users: who can sign in, and one more of them.

        {"email", "password", "given_name", "family_name", "companies"}: the realm ids they may connect, all by default.
        """
        if request.method == "POST":
            self.add_user(body_of(request))
        return {
            "users": [
                {"email": each.email, "companies": each.companies and list(each.companies), **each.claims}
                for each in self.people.all()
            ]
        }

    def add_user(self, body: dict[str, Any]) -> None:
        email, companies = str(body.get("email", "")), body.get("companies")
        if "@" not in email or not body.get("password"):
            raise MisunderstoodError("email must be an e-mail address, and password must be given.")
        unknown = sorted(set(map(str, companies or ())) - set(self.realms())) if isinstance(companies, list) else []
        if unknown or not isinstance(companies, (list, type(None))):
            raise MisunderstoodError(f"companies must be a list of realm ids; there are {', '.join(self.realms())}.")
        names = (str(body.get("given_name", "Robin")), str(body.get("family_name", "User")))
        try:
            allowed = None if companies is None else tuple(map(str, companies))
            self.people.add(email, str(body["password"]), *names, allowed)
        except ValueError as error:
            raise MisunderstoodError(str(error)) from None

    def disconnect(self, request: Request) -> dict[str, Any]:
        """POST /_simulator/disconnect: as somebody at QuickBooks who takes the app's access away ({"realm_id"})."""
        realm = str(body_of(request).get("realm_id", ""))
        if realm not in self.realms():
            known = ", ".join(self.realms())
            raise MisunderstoodError(f"There is no company with the realm id {realm}; there are {known}.")
        return {"realm_id": realm, "ended": self.tokens.ended_for(realm)}

    def realms(self) -> list[str]:
        with self.database.lock:
            return [row[0] for row in self.database.all("SELECT realm FROM company ORDER BY rowid")]

    def first_kind(self) -> str:
        with self.database.lock:
            return str(self.database.one("SELECT kind FROM company ORDER BY rowid")[0])

    def kind(self, wanted: Any) -> str:
        if wanted not in KINDS:
            raise MisunderstoodError(f"company must be one of {', '.join(KINDS)}, not {wanted!r}.")
        return str(wanted)


def described(declared: Declared) -> dict[str, Any]:
    """A control as JSON; its default as it is shown."""
    default = declared.value.shown(declared.value.read(declared.name, declared.default))
    return {
        **declared.value.described(),
        "default": default,
        "help": declared.help,
        "group": declared.group,
        "fact": declared.fact,
    }


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object sent, {} where nothing is.  Raises MisunderstoodError for anything else."""
    if not request.get_data().strip():
        return {}
    try:
        body = jsontext.read(request.get_data())
    except ValueError:
        raise MisunderstoodError("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise MisunderstoodError("The body must be a JSON object.")
    return body
