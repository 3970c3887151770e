"""Companies, reset and tokens of the control plane."""

import pytest
from werkzeug.test import Client

from tests.simulator import connect
from tests.unit.qbo_simulator.company import REALM, Company

EMPTY = "4620816365291273970"


def test_tokens_for_the_first_company_or_the_one_named(client: Client) -> None:
    given = connect(client)
    assert set(given) == {"client_id", "client_secret", "realm_id", "access_token", "refresh_token"}
    assert (given["client_id"], given["client_secret"], given["realm_id"]) == (
        "simulator-client",
        "simulator-secret",
        REALM,
    )
    assert connect(client, REALM)["realm_id"] == REALM
    refused = client.post("/_simulator/tokens", json={"realm_id": "1"})
    assert (refused.status_code, refused.get_json()) == (
        400,
        {"error": f"There is no company with the realm id 1; there are {REALM}."},
    )


def test_reset_lays_out_new_books_and_forgets_the_rest(company: Company) -> None:
    company.post("Customer", {"DisplayName": "Rosa Lind"}, requestid="r1")
    company.behave(access_token_seconds=5)
    answer = company.client.post("/_simulator/reset", json={"company": "sandbox"})
    assert answer.get_json() == {"company": "sandbox", "realm_id": REALM}
    assert company.log() == []
    assert company.query("select count(*) from Customer where DisplayName = 'Rosa Lind'") == {"totalCount": 0}
    assert company.post("Vendor", {"DisplayName": "Rosa Lind"}, requestid="r1")["Vendor"]["Id"] == "65"
    assert company.client.get("/_simulator/behaviour").get_json()["access_token_seconds"] == 3600


def test_reset_to_an_empty_company(company: Company) -> None:
    assert company.client.post("/_simulator/reset", json={"company": "empty"}).get_json() == {
        "company": "empty",
        "realm_id": EMPTY,
    }
    assert company.ask("GET", "customer/1").status_code == 403
    tokens = connect(company.client)
    headers = {**company.headers, "Authorization": f"Bearer {tokens['access_token']}"}
    empty = Company(company.client, EMPTY, headers)
    counts = {
        entity: empty.query(f"select count(*) from {entity}")["totalCount"]
        for entity in ("Account", "Item", "PaymentMethod", "Term", "Customer", "Vendor", "Employee")
    }
    assert counts == {
        "Account": 36,
        "Item": 2,
        "PaymentMethod": 7,
        "Term": 4,
        "Customer": 0,
        "Vendor": 0,
        "Employee": 0,
    }


@pytest.mark.parametrize("body", [{"company": "large"}, {"company": 1}])
def test_an_unknown_kind_of_company_is_refused(client: Client, body: dict[str, object]) -> None:
    answer = client.post("/_simulator/reset", json=body)
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith("company must be one of sandbox, empty")


def test_one_more_company(client: Client) -> None:
    body = {"realm_id": "77", "company": "empty", "name": "Second"}
    assert client.post("/_simulator/companies", json=body).get_json() == body
    assert client.post("/_simulator/companies", json=body).status_code == 400
    assert client.post("/_simulator/companies", json={"realm_id": "x"}).status_code == 400
    assert "Second" in client.get("/").text


def test_unknown_paths_and_methods(client: Client) -> None:
    assert client.get("/nothing").status_code == 404
    assert client.get("/_simulator/reset").status_code == 405
    assert client.get("/company/1/customers").status_code == 404
    assert client.get(f"/company/{REALM}/nothing").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example", "Host": "evil.example"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "reset"), ("POST", "tokens"), ("POST", "companies"), ("POST", "users"), ("POST", "disconnect"),
        ("PUT", "behaviour"), ("DELETE", "behaviour"),
    ],
)  # fmt: skip
def test_a_page_of_somebody_elses_changes_nothing(
    company: Company, method: str, path: str, headers: dict[str, str]
) -> None:
    company.post("Customer", {"DisplayName": "Rosa Lind"})
    before = (company.client.get("/_simulator/behaviour").get_json()["rules"], company.log())

    answer = company.client.open(f"/_simulator/{path}", method=method, headers=headers, content_type="text/plain")

    assert (answer.status_code, list(answer.get_json())) == (403, ["error"])
    assert (company.client.get("/_simulator/behaviour").get_json()["rules"], company.log()) == before
    assert company.query("select count(*) from Customer where DisplayName = 'Rosa Lind'") == {"totalCount": 1}


def test_a_program_may_call_the_simulator_by_any_name(company: Company) -> None:
    answer = company.client.post("/_simulator/tokens", base_url="http://quickbooks:8001")
    own = {"Origin": "http://localhost:8001", "Sec-Fetch-Site": "same-origin"}
    from_a_page = company.client.post("/_simulator/tokens", base_url="http://localhost:8001", headers=own)
    assert (answer.status_code, from_a_page.status_code) == (200, 200)
