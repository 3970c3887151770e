"""The simulator as a WSGI application: one way for every request, from the rules of behaviour to the answer."""

import errno
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from qbo_simulator import answers, entities, faults
from qbo_simulator.accounting import service
from qbo_simulator.accounting.wording import worded
from qbo_simulator.books.load import open_company
from qbo_simulator.clock import Clock
from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.control.endpoints import Control
from qbo_simulator.control.limits import Limits
from qbo_simulator.control.log import RequestLog
from qbo_simulator.control.plan import Plan, plan_for
from qbo_simulator.control.rules import Refusal
from qbo_simulator.control.turns import Turns
from qbo_simulator.engine.shape import fit
from qbo_simulator.exchange import Exchange
from qbo_simulator.faults import Fault, GatewayFault
from qbo_simulator.files.addresses import Downloads
from qbo_simulator.oauth.authorize import Authorize
from qbo_simulator.oauth.endpoints import Endpoints, discovery
from qbo_simulator.oauth.endpoints import refusal as refusal_answer
from qbo_simulator.oauth.refusals import RefusedError
from qbo_simulator.oauth.tokens import ACCOUNTING, Bearer, Tokens
from qbo_simulator.pages import guard, site
from qbo_simulator.pages.desk import Desk
from qbo_simulator.pages.site import Route
from qbo_simulator.store.database import Database
from qbo_simulator.webhooks.sender import Sender

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
DISCOVERY = ("openid_configuration", "openid_sandbox_configuration")


class ConnectionDroppedError(ConnectionResetError):
    """The connection is to be closed without an answer; the server does so when this leaves the application."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "The simulator dropped the connection, as it was told to.")


def create_app(
    data: str, company: str = "sandbox", *, redirect_uris: Iterable[str] = (), clock: Clock | None = None
) -> "Simulator":
    """The simulator on its data.

    data: the SQLite file, or ":memory:".  company: what the books start with where the file is new, sandbox or empty.
    redirect_uris: redirect URIs registered besides those on loopback.  clock: another clock than the machine's.
    """
    return Simulator(Database(data), company, tuple(redirect_uris), clock or Clock())


class Simulator:
    """Intuit's sign-in and Accounting API, and the control plane beside them."""

    def __init__(self, database: Database, company: str, redirect_uris: tuple[str, ...], clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.behaviour = Behaviour(database, clock)
        self.log = RequestLog(clock)
        self.tokens = Tokens(database, clock, self.behaviour)
        self.limits = Limits(self.behaviour, clock)
        self.turns = Turns(self.behaviour)
        self.webhooks = Sender(database, clock, self.behaviour)
        fit(database, entities.REGISTRY)
        if database.one("SELECT 1 FROM company") is None:
            open_company(database, clock, company)
        self.routes = tuple(self.own_paths(redirect_uris))
        self.map = mapped(tuple((path, methods) for path, _, methods in self.routes))

    def own_paths(self, redirect_uris: tuple[str, ...]) -> Iterator[Route]:
        """Every path but the Accounting API's own."""
        sign_in = Endpoints(self.database, self.clock, self.tokens)
        control = Control(self.database, self.clock, self.behaviour, self.log, self.tokens, self.webhooks)
        authorize = Authorize(self.database, self.tokens, redirect_uris)
        downloads = Downloads(self.database, self.clock)
        yield from site.routes(Desk(self.database, self.clock, self.behaviour, self.log, self.tokens))
        yield "/attachments/<realm>/<int:id>/<filename>", downloads, ("GET",)
        yield "/connect/oauth2", authorize, ("GET", "POST")
        yield "/oauth2/v1/tokens/bearer", sign_in.token, ("POST",)
        yield "/v2/oauth2/tokens/revoke", sign_in.revoke, ("POST",)
        yield "/v1/openid_connect/userinfo", sign_in.userinfo, ("GET",)
        yield "/op/v1/jwks", sign_in.jwks, ("GET",)
        for name in DISCOVERY:
            yield f"/.well-known/{name}", discovery, ("GET",)
        for name, endpoint, methods in (
            ("tokens", control.give_tokens, ("POST",)),
            ("reset", control.reset, ("POST",)),
            ("companies", control.add_company, ("POST",)),
            ("requests", control.requests, ("GET",)),
            ("behaviour", control.behave, ("GET", "PUT", "DELETE")),
            ("controls", control.describe, ("GET",)),
            ("counts", control.counts, ("GET",)),
            ("webhooks", control.notifications, ("GET",)),
            ("users", control.users, ("GET", "POST")),
            ("disconnect", control.disconnect, ("POST",)),
        ):
            yield f"/_simulator/{name}", under(control, endpoint), methods

    def close(self) -> None:
        """Let the webhooks' thread end, and close the data file."""
        self.webhooks.stop()
        self.database.close()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        exchange = Exchange(Request(environ))
        if exchange.is_own:
            return self.answer(exchange, ExitStack())(environ, start_response)
        entry = self.log.enter(exchange)
        plan = plan_for(self.behaviour, exchange)
        with ExitStack() as turns:
            response = self.carried_out(exchange, plan, turns)
            entry.update(replayed=exchange.replayed, dropped=plan.drop)
            wait_until(plan.due)
            if response is not None:
                response.headers["intuit_tid"] = answers.transaction_id()
            self.log.answered(entry, exchange, response)
            if response is None:
                raise ConnectionDroppedError
            return response(environ, start_response)

    def carried_out(self, exchange: Exchange, plan: Plan, turns: ExitStack) -> Response | None:
        """The answer, or None where the connection is to be dropped.

        turns: what the request holds until its answer has left.
        """
        if plan.drop == "before":
            return None
        response = self.refused(exchange, plan.refusal) if plan.refusal else self.answer(exchange, turns)
        return None if plan.drop else response

    def answer(self, exchange: Exchange, turns: ExitStack) -> Response:
        """What the request gets; an error of the simulator's own is Intuit's code 10000, and told on stderr."""
        try:
            return self.accounting(exchange, turns) if exchange.parts else self.routed(exchange.request)
        except (GatewayFault, Fault) as fault:
            return self.refused(exchange, fault)
        except Exception:  # noqa: BLE001 - a client never sees a traceback, whatever it sent
            traceback.print_exc(file=sys.stderr)
            return answers.refused(exchange.request, self.clock, faults.system_failure())

    def accounting(self, exchange: Exchange, turns: ExitStack) -> Response:
        """The Accounting API: the token, its company, then the request (order of qbo-api.md §12.2)."""
        scheme, _, token = exchange.request.headers.get("Authorization", "").partition(" ")
        found = self.tokens.bearer(token.strip()) if scheme.lower() == "bearer" else None
        if not isinstance(found, Bearer):
            raise faults.unauthenticated(found)
        right = ACCOUNTING in found.scopes and found.realm == exchange.parts["realm"]
        if not right or not self.has_company(found.realm):
            raise faults.unauthorised()
        turns.enter_context(self.limits.turn(exchange, found.realm, found.client_id))
        turns.enter_context(self.turns.turn(exchange))
        return service.serve(self.database, self.clock, exchange, self.behaviour)

    def has_company(self, realm: str) -> bool:
        with self.database.lock:
            return self.database.one("SELECT 1 FROM company WHERE realm = ?", realm) is not None

    def refused(self, exchange: Exchange, refusal: Refusal) -> Response:
        """A refusal of the sign-in, the gateway or the service as an answer."""
        if isinstance(refusal, RefusedError):
            return refusal_answer(refusal)
        if isinstance(refusal, Fault):
            return answers.refused(exchange.request, self.clock, worded(refusal, self.behaviour))
        response = answers.stopped(self.clock, refusal, exchange.request)
        if not self.behaviour["www_authenticate"]:
            response.headers.pop("WWW-Authenticate", None)
        return response

    def routed(self, request: Request) -> Response:
        try:
            number, values = self.map.bind_to_environ(request.environ).match()
        except RequestRedirect as redirect:
            return Response("", status=308, headers={"Location": redirect.new_url})
        except HTTPException as error:
            return Response(f"{error.code} {error.name}: {error.description}\n", status=error.code or 404)
        _, endpoint, _ = self.routes[number]
        return endpoint(request, **values)


@cache
def mapped(paths: tuple[tuple[str, tuple[str, ...]], ...]) -> Map:
    """The map of these paths and their methods, each of which leads to its number.

    Made once in a process: it takes longer than all else that starts a simulator.
    """
    rules = [Rule(path, endpoint=number, methods=methods) for number, (path, methods) in enumerate(paths)]
    return Map(rules, strict_slashes=False)


def wait_until(due: float) -> None:
    """Sleep until a moment of the monotonic clock; where that has passed, not even for 0 s: it would cost a turn."""
    left = due - time.monotonic()
    if left > 0:
        time.sleep(left)


def under(control: Control, endpoint: Callable[[Request], Any]) -> Callable[[Request], Response]:
    """An endpoint of the control plane behind its guard: a page of somebody else's changes nothing."""

    def answer(request: Request) -> Response:
        try:
            guard.check_program(request)
        except guard.ForeignError as error:
            return answers.plain_json({"error": str(error)}, 403)
        return control.answer(request, endpoint)

    return answer
