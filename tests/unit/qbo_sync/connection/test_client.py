"""Which QuickBooks is talked to, and with which client."""

from typing import Any

import pytest

from associates.models import Associate
from qbo_sync.api import errors
from qbo_sync.api.environment import Environment
from qbo_sync.api.errors import Fault
from qbo_sync.api.throttle import Part
from qbo_sync.connection.client import client_for, throttles
from qbo_sync.connection.environment import environment_named, qbo_environment, record_url
from qbo_sync.connection.trouble import RECONNECT, in_words
from qbo_sync.models import Connection
from tests.quickbooks import connected, simulated


def test_the_environment_comes_from_the_settings(settings: Any) -> None:
    assert qbo_environment() == Environment.simulator("http://qbo.test")
    settings.QBO_ENVIRONMENT = "production"
    assert qbo_environment() == Environment.production()
    assert environment_named("sandbox") == Environment.sandbox()
    with pytest.raises(ValueError, match="simulator, sandbox or production"):
        environment_named("live")


def test_a_record_s_address_is_that_of_its_connection_s_environment() -> None:
    row = Connection(environment="production", realm_id="123")

    assert record_url(row, "Invoice", "7") == Environment.production().record_url(
        realm_id="123", entity="Invoice", id="7"
    )


@pytest.mark.django_db(transaction=True)
def test_a_client_reads_the_connected_company_and_refreshes_a_rejected_token(owner: Associate) -> None:
    with simulated() as quickbooks:
        row = connected(quickbooks, owner)
        Connection.objects.update(access_token="no-token-of-intuit-s")

        with client_for(row) as client:
            assert (
                client.company_info()["CompanyName"] == quickbooks.query("select * from CompanyInfo")[0]["CompanyName"]
            )

        assert client.throttle is throttles(Part.ENGINE).company("simulator", quickbooks.realm_id)


def test_the_engine_and_the_pages_have_their_parts_of_the_limits(settings: Any) -> None:
    settings.QBO_THROTTLE_STORAGE = "memory://"
    settings.QBO_REQUESTS_PER_SECOND, settings.QBO_REQUESTS_PER_MINUTE = 10_000, 20
    companies = [throttles(part).company("simulator", "parts") for part in (Part.ENGINE, Part.PAGES)]

    taken = [sum(company.acquire("request", timeout=0) for _ in range(21)) for company in companies]

    assert taken == [18, 2]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.AuthorizationLost(), RECONNECT),
        (errors.AuthorizationRefused(), RECONNECT),
        (errors.ClientRejected(), "Intuit does not know SMMware by the keys in its settings."),
        (errors.WrongCompany(), "QuickBooks does not let us into this company."),
        (errors.Throttled(), "QuickBooks has had too many requests in a short time."),
        (errors.ThrottleUnavailable(), "The store that counts our requests to QuickBooks is not running."),
        (errors.Maintenance(), "The company is closed for maintenance at QuickBooks right now."),
        (errors.ListChanged(), "Somebody kept changing the list at QuickBooks while we read it."),
        (errors.Unreachable(), "QuickBooks cannot be reached right now."),
        (errors.AnswerLost(), "QuickBooks cannot be reached right now."),
        (errors.Refused(faults=[Fault("5020")]), "The person who connected QuickBooks may not do this there."),
    ],
)
def test_trouble_in_words(error: errors.QboError, words: str) -> None:
    assert in_words(error).startswith(words)
