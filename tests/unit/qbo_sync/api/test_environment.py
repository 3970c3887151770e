"""Addresses of Intuit's environments and of the simulator."""

from urllib.parse import parse_qs, urlsplit

import pytest

from qbo_sync.api.environment import Environment


@pytest.mark.parametrize(
    ("environment", "name", "api_url", "discovery_url"),
    [
        (
            Environment.sandbox(),
            "sandbox",
            "https://sandbox-quickbooks.api.intuit.com",
            "https://developer.api.intuit.com/.well-known/openid_sandbox_configuration",
        ),
        (
            Environment.production(),
            "production",
            "https://quickbooks.api.intuit.com",
            "https://developer.api.intuit.com/.well-known/openid_configuration",
        ),
        (
            Environment.simulator("http://127.0.0.1:8001/"),
            "simulator",
            "http://127.0.0.1:8001",
            "http://127.0.0.1:8001/.well-known/openid_sandbox_configuration",
        ),
    ],
)
def test_addresses(environment: Environment, name: str, api_url: str, discovery_url: str) -> None:
    assert (environment.name, environment.api_url, environment.discovery_url) == (name, api_url, discovery_url)


@pytest.mark.parametrize(
    ("entity", "page"),
    [
        ("Invoice", "invoice?txnId=7 8"),
        ("Customer", "customerdetail?nameId=7 8"),
        ("Employee", "employees"),
        ("Budget", "homepage"),
    ],
)
def test_record_link_opens_the_record_in_its_company(entity: str, page: str) -> None:
    url = urlsplit(Environment.production().record_url(realm_id="42", entity=entity, id="7 8"))

    assert (url.scheme, url.netloc, url.path) == ("https", "qbo.intuit.com", "/app/login")
    assert parse_qs(url.query) == {"pagereq": [page.replace(" ", "%20")], "deeplinkcompanyid": ["42"]}


def test_record_link_of_the_simulator_opens_its_list() -> None:
    url = Environment.simulator("http://127.0.0.1:8001").record_url(realm_id="42", entity="TimeActivity", id="7")

    assert url == "http://127.0.0.1:8001/company/42/time"
