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
from qbo_simulator.oauth.tokens import Tokens
from qbo_simulator.store.database import Database


class Control:
    """What tests and rehearsals may ask of the simulator beyond Intuit's API."""

    def __init__(self, database: Database, clock: Clock, behaviour: Behaviour, log: RequestLog, tokens: Tokens) -> None:
        self.database = database
        self.clock = clock
        self.behaviour = behaviour
        self.log = log
        self.tokens = tokens

    def answer(self, request: Request, endpoint: Callable[[Request], Any]) -> Response:
        """An endpoint's JSON, or 400 with the sentence that says what is wrong."""
        try:
            return plain_json(endpoint(request))
        except MisunderstoodError as error:
            return plain_json({"error": str(error)}, 400)

    def give_tokens(self, request: Request) -> dict[str, str]:
        """POST /_simulator/tokens: a connection without any page, to the first company or to that of {"realm_id"}."""
        wanted = body_of(request).get("realm_id")
        realms = self.realms()
        if wanted is not None and wanted not in realms:
            raise MisunderstoodError(f"There is no company with the realm id {wanted}; there are {', '.join(realms)}.")
        realm = wanted or realms[0]
        given = self.tokens.given(realm)
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
