"""Walking the authorize pages as a browser does."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import Client, TestResponse

from tests.unit.qbo_simulator.company import REALM

CALLBACK = "http://localhost:8000/qbo/callback"
ACCOUNTING = "com.intuit.quickbooks.accounting"
SIGN_IN = {"step": "sign-in", "user": "owner@sandbox.example", "password": "sandbox"}


def asked(**changes: Any) -> dict[str, str]:
    """What an app sends a person to the authorize page with."""
    query = {
        "client_id": "simulator-client",
        "response_type": "code",
        "scope": ACCOUNTING,
        "redirect_uri": CALLBACK,
        "state": "s1",
        **changes,
    }
    return {name: value for name, value in query.items() if value is not None}


def step(client: Client, query: dict[str, str], **form: str) -> TestResponse:
    return client.post("/connect/oauth2", query_string=query, data=form)


def allow(client: Client, realm: str = REALM, **changes: Any) -> dict[str, str]:
    """Sign in, pick the company, press Authorize; what comes back to the app."""
    query = asked(**changes)
    step(client, query, **SIGN_IN)
    return returned(step(client, query, step="consent", realm=realm, decision="authorize"))


def returned(response: TestResponse) -> dict[str, str]:
    """The query of the redirect back to the app."""
    assert response.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


def heading(response: TestResponse) -> str:
    match = re.search(r"<h1>(.*?)</h1>", response.text)
    assert match
    return match[1].replace("&#39;", "'")
