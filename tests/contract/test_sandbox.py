"""The way to a sandbox: credentials from the environment, a fresh token, and the refresh token kept."""

from pathlib import Path

import pytest
import responses

from tests.contract.company import Company
from tests.contract.conftest import Simulated
from tests.contract.marks import simulator_only
from tests.contract.wire import SANDBOX_API, OverHttp, Sandbox
from tests.simulator import route_responses

pytestmark = simulator_only("the simulator plays the sandbox")
ROOT = "http://qbo.test"


def credentials(file: Path, realm: str) -> dict[str, str]:
    return {
        "QBO_CONTRACT_CLIENT_ID": "simulator-client",
        "QBO_CONTRACT_CLIENT_SECRET": "simulator-secret",
        "QBO_CONTRACT_REALM_ID": realm,
        "QBO_CONTRACT_REFRESH_TOKEN_FILE": str(file),
    }


def test_without_credentials_there_is_no_sandbox() -> None:
    assert Sandbox.from_environment({}) is None


def test_half_of_the_credentials_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="QBO_CONTRACT_CLIENT_SECRET"):
        Sandbox.from_environment({"QBO_CONTRACT_CLIENT_ID": "x"})


def test_a_sandbox_is_intuits_unless_said_otherwise(tmp_path: Path) -> None:
    where = Sandbox.from_environment(credentials(tmp_path / "token", "1"))
    assert where is not None
    assert where.api == SANDBOX_API


def test_a_token_is_fetched_and_the_new_refresh_token_kept(fresh: Simulated, tmp_path: Path) -> None:
    fresh.behave(refresh_rotation="each")
    file = tmp_path / "token"
    file.write_text(f"{fresh.refresh_token}\n")
    given = {"QBO_CONTRACT_DISCOVERY_URL": f"{ROOT}/.well-known/openid_configuration", "QBO_CONTRACT_API_URL": ROOT}
    where = Sandbox.from_environment({**credentials(file, fresh.realm), **given})
    assert where is not None
    with responses.RequestsMock() as wire:
        route_responses(wire, fresh.app, ROOT)
        wire.assert_all_requests_are_fired = False
        company = Company(OverHttp(where.api), where.realm_id, where.access_token)
        assert company.customer()["Active"] is True
    assert file.read_text() not in ("", fresh.refresh_token)
