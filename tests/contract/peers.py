"""Clients that other people wrote, pointed at the simulator with nothing changed but the host."""

from collections.abc import Iterator
from contextlib import contextmanager

import responses
from intuitlib.client import AuthClient
from quickbooks import QuickBooks

from tests.contract.company import Company
from tests.simulator import route_responses

ROOT = "https://qbo.test"  # oauthlib sends no token over plain http


@contextmanager
def python_quickbooks(fresh: Company) -> Iterator[QuickBooks]:
    """python-quickbooks over intuit-oauth, on a simulator of the test's own."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as wire:
        route_responses(wire, fresh.app, ROOT)  # type: ignore[attr-defined]
        auth = AuthClient(
            "simulator-client",
            "simulator-secret",
            "http://localhost:8000/callback",
            f"{ROOT}/.well-known/openid_configuration",
            access_token=fresh.token,
        )
        client = QuickBooks(auth_client=auth, company_id=fresh.realm, minorversion=75)
        client.sandbox = True
        client.sandbox_api_url_v3 = f"{ROOT}/v3"
        yield client
