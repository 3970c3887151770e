"""Discovery, token, revoke, userinfo and jwks: what a client's server asks (qbo-api.md §1)."""

import json
from typing import Any

from werkzeug.wrappers import Request, Response

from qbo_simulator.answers import plain_json, stopped
from qbo_simulator.clock import Clock
from qbo_simulator.faults import unauthenticated
from qbo_simulator.oauth import clients, people, signing
from qbo_simulator.oauth.people import People
from qbo_simulator.oauth.refusals import INVALID_CLIENT, RefusedError
from qbo_simulator.oauth.tokens import Bearer, Consent, Tokens
from qbo_simulator.store.database import Database

NO_CACHE = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}


def issuer(request: Request) -> str:
    """The issuer, on the host that was asked."""
    return f"{request.host_url.rstrip('/')}/op/v1"


def discovery(request: Request) -> Response:
    """The discovery document; every URL stands on the request's own host (qbo-api.md §1.1)."""
    root = request.host_url.rstrip("/")
    document = {
        "issuer": issuer(request),
        "authorization_endpoint": f"{root}/connect/oauth2",
        "token_endpoint": f"{root}/oauth2/v1/tokens/bearer",
        "userinfo_endpoint": f"{root}/v1/openid_connect/userinfo",
        "revocation_endpoint": f"{root}/v2/oauth2/tokens/revoke",
        "jwks_uri": f"{root}/op/v1/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }
    return plain_json(document)


class Endpoints:
    """The endpoints that know tokens."""

    def __init__(self, database: Database, clock: Clock, tokens: Tokens) -> None:
        self.database = database
        self.clock = clock
        self.tokens = tokens
        self.people = People(database)

    def token(self, request: Request) -> Response:
        """Code exchange and refresh."""
        if not clients.authenticated(request):
            return unknown_client()
        try:
            consent, answer = self.granted(request)
        except RefusedError as refused:
            return refusal(refused)
        if "openid" in consent.scopes:
            answer["id_token"] = self.id_token(request, consent)
        if request.headers.get("x-include-refresh-token-hard-expires-in", "").lower() == "true":
            answer["x_refresh_token_hard_expires_in"] = self.tokens.hard_seconds(consent)
        response = plain_json(answer)
        response.headers.update(NO_CACHE)
        return response

    def granted(self, request: Request) -> tuple[Consent, dict[str, Any]]:
        """What the grant in the form gives.  Raises RefusedError in the words of qbo-api.md §1.5."""
        form = request.form
        if form.get("grant_type") == "authorization_code":
            if not form.get("code") or not form.get("redirect_uri"):
                raise RefusedError("invalid_request")
            return self.tokens.exchanged(form["code"], form["redirect_uri"], form.get("code_verifier", ""))
        if form.get("grant_type") == "refresh_token":
            if not form.get("refresh_token"):
                raise RefusedError("invalid_request")
            return self.tokens.refreshed(form["refresh_token"])
        raise RefusedError("unsupported_grant_type" if form.get("grant_type") else "invalid_request")

    def id_token(self, request: Request, consent: Consent) -> str:
        person = self.people.find(consent.asked.person) or people.FIRST
        realm = consent.asked.realm or None
        return signing.id_token(self.database, issuer(request), person.subject, realm, self.clock.seconds())

    def revoke(self, request: Request) -> Response:
        """Ends the connection of either token; 200 with an empty body (qbo-api.md §1.6)."""
        if not clients.authenticated(request):
            return unknown_client()
        if not self.tokens.revoked(token_in(request)) and self.tokens.behaviour["revoke_unknown"] == "400":
            return refusal(RefusedError("invalid_grant"))
        return Response("", status=200)

    def userinfo(self, request: Request) -> Response:
        """Who signed in; needs the scope openid."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        found = self.tokens.bearer(token) if scheme.lower() == "bearer" else None
        if not isinstance(found, Bearer) or "openid" not in found.scopes:
            return stopped(self.clock, unauthenticated(found if isinstance(found, str) else None))
        return plain_json((self.people.find(found.person) or people.FIRST).claims)

    def jwks(self, request: Request) -> Response:
        return plain_json(signing.jwks(self.database))


def token_in(request: Request) -> str:
    """The token to revoke, from a JSON body or a form."""
    try:
        body = json.loads(request.get_data())
    except ValueError:
        return request.form.get("token", "")
    return str(body.get("token", "")) if isinstance(body, dict) else ""


def unknown_client() -> Response:
    return refusal(INVALID_CLIENT)


def refusal(refused: RefusedError) -> Response:
    """An error of the token endpoint as an answer (qbo-api.md §1.5)."""
    described = {"error_description": refused.description} if refused.description else {}
    response = plain_json({**described, "error": refused.error}, refused.status)
    response.headers.update(NO_CACHE)
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Intuit"'
    return response
