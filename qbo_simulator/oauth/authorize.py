"""The pages of /connect/oauth2: sign in, pick the company, allow or refuse (qbo-api.md §1.2)."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Request, Response

from qbo_simulator.oauth import clients, people
from qbo_simulator.oauth.people import People, Person
from qbo_simulator.oauth.tokens import Asked, Tokens
from qbo_simulator.pages.render import page
from qbo_simulator.store.database import Database

COOKIE = "simulator_session"
WITH_COMPANY = ("com.intuit.quickbooks.accounting", "com.intuit.quickbooks.payment")


@dataclass
class StoppedError(Exception):
    """The request cannot go on, and must not go back to the app; the text says why."""

    why: str


class Authorize:
    """The pages.  Every step comes back to the same URL, so that what the app asked for stays in its query."""

    def __init__(self, database: Database, tokens: Tokens, registered: tuple[str, ...]) -> None:
        self.database = database
        self.tokens = tokens
        self.people = People(database)
        self.registered = registered

    def __call__(self, request: Request) -> Response:
        try:
            self.check(request)
        except StoppedError as stopped:
            return page("authorize/error.html", 400, why=stopped.why)
        if request.method == "POST" and request.form.get("step") == "sign-in":
            return self.signed(request)
        person = self.signed_in(request)
        if person is None:
            return self.sign_in(request)
        if request.method != "POST":
            return self.pick(request, person)
        return self.decided(request, person) if "decision" in request.form else self.consent(request, person)

    def check(self, request: Request) -> None:
        """An unknown app or redirect URI is answered here, on Intuit's own page (qbo-api.md §1.2)."""
        asked = request.args
        if asked.get("client_id") != clients.CLIENT_ID:
            raise StoppedError("The client_id query parameter value is not valid: no such app is registered.")
        registered = (*self.registered, *self.tokens.behaviour["redirect_uris"])
        loopback = self.tokens.behaviour["loopback_redirects"]
        if not clients.knows_redirect(asked.get("redirect_uri", ""), registered, loopback):
            raise StoppedError("The redirect_uri query parameter value is invalid: it is not registered for this app.")
        if asked.get("response_type") != "code":
            raise StoppedError("The response_type query parameter must be code.")
        if not asked.get("scope") or not asked.get("state"):
            raise StoppedError("The scope and state query parameters are required.")

    def signed_in(self, request: Request) -> Person | None:
        """Who is signed in, or None."""
        session = request.cookies.get(COOKIE, "")
        with self.database.lock:
            row = self.database.one("SELECT person FROM signed_in WHERE session = ?", session)
        return self.people.find(row[0]) if row else None

    def sign_in(self, request: Request, wrong: bool = False) -> Response:
        return page("authorize/sign_in.html", user=people.OWNER, password=people.PASSWORD, wrong=wrong)

    def signed(self, request: Request) -> Response:
        """Check user and password; on to the company."""
        person = self.people.signing_in(request.form.get("user", ""), request.form.get("password", ""))
        if person is None:
            return self.sign_in(request, wrong=True)
        session = secrets.token_urlsafe(24)
        with self.database.transaction():
            self.database.run(
                "INSERT INTO signed_in (session, at, person) VALUES (?, ?, ?)",
                session, self.tokens.clock.seconds(), person.email,
            )  # fmt: skip
        response = self.pick(request, person)
        response.set_cookie(COOKIE, session, httponly=True, samesite="Lax", path="/connect")
        return response

    def pick(self, request: Request, person: Person) -> Response:
        """The company page; without an accounting scope there is none to pick."""
        if not self.needs_company(request):
            return page("authorize/consent.html", app=clients.APP_NAME, realm="", company="", scopes=scopes(request))
        return page("authorize/company.html", app=clients.APP_NAME, companies=self.companies(person))

    def consent(self, request: Request, person: Person) -> Response:
        realm = request.form.get("realm", "")
        name = dict(self.companies(person)).get(realm)
        if name is None:
            return self.pick(request, person)
        return page(
            "authorize/consent.html", app=clients.APP_NAME, realm=realm, company=name, scopes=scopes(request)
        )  # fmt: skip

    def decided(self, request: Request, person: Person) -> Response:
        """Back to the app, with a code or with the refusal."""
        state = request.args["state"]
        if request.form["decision"] != "authorize":
            return back(request, {"error": "access_denied", "state": state})
        realm = request.form.get("realm", "") if self.needs_company(request) else ""
        if self.needs_company(request) and realm not in dict(self.companies(person)):
            return self.pick(request, person)
        asked = Asked(realm, request.args["scope"], person.email)
        code = self.tokens.code(request.args["redirect_uri"], asked, challenge(request))
        company = {"realmId": realm} if realm else {}
        return back(request, {"code": code, "state": state, **company})

    def needs_company(self, request: Request) -> bool:
        return any(scope in WITH_COMPANY for scope in scopes(request))

    def companies(self, person: Person) -> list[tuple[str, str]]:
        """(realm, name) of the companies that a person may connect."""
        with self.database.lock:
            rows = self.database.all("SELECT realm, name FROM company ORDER BY name")
        return [(realm, name) for realm, name in rows if person.may_connect(realm)]


def scopes(request: Request) -> list[str]:
    return request.args["scope"].split()


def challenge(request: Request) -> str:
    """The PKCE challenge of an authorize request with its method; "" where there is none."""
    sent = request.args.get("code_challenge", "")
    return f"{request.args.get('code_challenge_method', 'plain')}:{sent}" if sent else ""


def back(request: Request, values: dict[str, str]) -> Response:
    """Redirect to the app; what its redirect URI carries in its own query stays."""
    uri = request.args["redirect_uri"]
    joint = "&" if urlsplit(uri).query else "?"
    return Response(
        "", status=302, headers={"Location": f"{uri}{joint}{urlencode(values)}", "Cache-Control": "no-store"}
    )
