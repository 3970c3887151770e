"""Other people's clients, with nothing changed but the host: python-quickbooks and intuit-oauth."""

import warnings
from collections.abc import Iterator

import pytest
import responses
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks import QuickBooks
from quickbooks.batch import batch_create
from quickbooks.exceptions import AuthorizationException, ObjectNotFoundException, QuickbooksException
from quickbooks.objects import Customer, Employee, Invoice, Payment, Preferences, TimeActivity, Vendor
from quickbooks.objects.base import LinkedTxn
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.item import Item
from quickbooks.objects.payment import PaymentLine
from werkzeug.test import Client

from qbo_simulator import Simulator
from tests.simulator import connect, route_responses
from tests.unit.qbo_simulator.company import REALM
from tests.unit.qbo_simulator.pages import CALLBACK, allow

HOST = "http://qbo.test"


@pytest.fixture
def wire(app: Simulator) -> Iterator[None]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as rsps:
        route_responses(rsps, app, HOST)
        yield


@pytest.fixture
def auth_client(wire: None) -> AuthClient:
    return AuthClient(
        "simulator-client", "simulator-secret", CALLBACK, f"{HOST}/.well-known/openid_configuration/"
    )  # fmt: skip


@pytest.fixture
def qb(auth_client: AuthClient, monkeypatch: pytest.MonkeyPatch) -> QuickBooks:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setattr(QuickBooks, "api_url_v3", f"{HOST}/v3")
    tokens = connect(HOST)
    auth_client.refresh(tokens["refresh_token"])
    return QuickBooks(
        auth_client=auth_client, refresh_token=tokens["refresh_token"], company_id=REALM, minorversion=75
    )  # fmt: skip


def test_intuit_oauth_signs_in_refreshes_and_revokes(auth_client: AuthClient, client: Client) -> None:
    url = auth_client.get_authorization_url([Scopes.ACCOUNTING, Scopes.OPENID])
    assert url.startswith(f"{HOST}/connect/oauth2?")
    back = allow(client, scope="com.intuit.quickbooks.accounting openid", state=auth_client.state_token)
    assert back["state"] == auth_client.state_token
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the client's own utcnow
        auth_client.get_bearer_token(back["code"], realm_id=back["realmId"])
    assert (auth_client.realm_id, auth_client.expires_in, auth_client.id_token is not None) == (REALM, 3600, True)
    auth_client.refresh()
    assert auth_client.get_user_info().json()["givenName"] == "Sandy"
    assert auth_client.revoke() is True
    with pytest.raises(AuthClientError) as refused:
        auth_client.refresh()
    assert refused.value.status_code == 400


def test_python_quickbooks_creates_reads_changes_and_finds(qb: QuickBooks) -> None:
    customer = Customer()
    customer.DisplayName = "O'Neil & Sons"
    customer.save(qb=qb)
    found = Customer.filter(DisplayName="O'Neil & Sons", qb=qb)
    assert [each.Id for each in found] == [customer.Id]
    customer = Customer.get(customer.Id, qb=qb)
    customer.Notes = "Two cats"
    assert customer.save(qb=qb).SyncToken == "1"
    assert Customer.count(qb=qb) == 33
    assert [item.Name for item in Item.all(order_by="Id", max_results=2, qb=qb)] == ["Services", "Hours"]
    assert Preferences.get(qb=qb).TimeTrackingPrefs.WorkWeekStartDate == "Monday"


def test_python_quickbooks_bills_time_and_takes_the_payment(qb: QuickBooks) -> None:
    customer = Customer.get(1, qb=qb)
    activity = TimeActivity()
    activity.NameOf, activity.EmployeeRef = "Employee", Employee.get(55, qb=qb).to_ref()
    activity.CustomerRef, activity.BillableStatus = customer.to_ref(), "Billable"
    activity.HourlyRate, activity.Hours, activity.Minutes = 50, 2, 0
    activity.save(qb=qb)
    link = LinkedTxn()
    link.TxnId, link.TxnType = activity.Id, "TimeActivity"
    line = SalesItemLine()
    line.Amount, line.LinkedTxn = 100, [link]
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.Qty, line.SalesItemLineDetail.UnitPrice = 2, 50
    invoice = Invoice()
    invoice.CustomerRef, invoice.Line, invoice.LinkedTxn = customer.to_ref(), [line], [link]
    invoice.save(qb=qb, request_id="r1")
    assert TimeActivity.get(activity.Id, qb=qb).BillableStatus == "HasBeenBilled"
    paid = PaymentLine()
    paid.Amount, paid.LinkedTxn = 100, [invoice.to_linked_txn()]
    payment = Payment()
    payment.CustomerRef, payment.TotalAmt, payment.Line = customer.to_ref(), 100, [paid]
    payment.save(qb=qb)
    assert Invoice.get(invoice.Id, qb=qb).Balance == 0
    payment.void(qb=qb)
    assert Invoice.get(invoice.Id, qb=qb).Balance == 100


def test_python_quickbooks_sends_batches(qb: QuickBooks) -> None:
    vendors = []
    for name in ("Cool Cars", "New vendor"):
        vendor = Vendor()
        vendor.DisplayName = name
        vendors.append(vendor)
    result = batch_create(vendors, qb=qb)
    assert [vendor.DisplayName for vendor in result.successes] == ["New vendor"]
    assert [fault.Error[0].code for fault in result.faults] == ["6240"]


def test_python_quickbooks_tells_faults_apart(qb: QuickBooks) -> None:
    with pytest.raises(ObjectNotFoundException):
        Customer.get(999, qb=qb)
    customer = Customer()
    customer.DisplayName = "Cool Cars"
    with pytest.raises(QuickbooksException) as refused:
        customer.save(qb=qb)
    assert (refused.value.error_code, refused.value.detail) == (6240, "The name supplied already exists. : Id=3")
    qb.auth_client.revoke()
    with pytest.raises(AuthorizationException):
        Customer.get(1, qb=qb)
