"""Three ways to ask the same questions: in process, over a socket, and at Intuit's sandbox."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import requests
from werkzeug.test import Client

SANDBOX_DISCOVERY = "https://developer.api.intuit.com/.well-known/openid_sandbox_configuration"
SANDBOX_API = "https://sandbox-quickbooks.api.intuit.com"
NAMES = ("CLIENT_ID", "CLIENT_SECRET", "REALM_ID", "REFRESH_TOKEN_FILE")


@dataclass(frozen=True)
class Answer:
    """An answer as it came.  headers: by lower-case name."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def text(self) -> str:
        return self.content.decode()


class Wire(Protocol):
    """Where requests go."""

    def send(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """One request.  path: from the root of the host on."""
        ...


class InProcess:
    """The simulator's WSGI application, without a socket."""

    def __init__(self, app: Any) -> None:
        self.client = Client(app, use_cookies=False)

    def send(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        answer = self.client.open(path, method=method, query_string=dict(params), headers=dict(headers), data=body)
        return Answer(answer.status_code, lowered(answer.headers), answer.get_data())


class OverHttp:
    """A host.  pause: seconds to wait before each request."""

    def __init__(self, root: str, pause: float = 0) -> None:
        self.root = root
        self.pause = pause
        self.session = requests.Session()
        self.session.trust_env = False

    def send(
        self, method: str, path: str, params: Mapping[str, str], headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        time.sleep(self.pause)
        answer = self.session.request(
            method, self.root + path, params=dict(params), headers=dict(headers), data=body, timeout=130
        )
        return Answer(answer.status_code, lowered(answer.headers), answer.content)


def lowered(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@dataclass(frozen=True)
class Sandbox:
    """A sandbox company at Intuit, from the environment (docs/simulator.md)."""

    client_id: str
    client_secret: str
    realm_id: str
    refresh_token_file: Path
    discovery: str
    api: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Sandbox | None":
        """None where nothing is set.  Raises ValueError where only some of it is."""
        given = [environment.get(f"QBO_CONTRACT_{name}", "") for name in NAMES]
        if not any(given):
            return None
        if not all(given):
            wanted = ", ".join(f"QBO_CONTRACT_{name}" for name in NAMES)
            raise ValueError(f"The contract runs against a sandbox only where all of these are set: {wanted}.")
        return cls(
            *given[:3],
            refresh_token_file=Path(given[3]),
            discovery=environment.get("QBO_CONTRACT_DISCOVERY_URL", SANDBOX_DISCOVERY),
            api=environment.get("QBO_CONTRACT_API_URL", SANDBOX_API),
        )

    @cached_property
    def access_token(self) -> str:
        """A fresh one.  The refresh token that comes with it replaces the file's, since Intuit changes it."""
        endpoint = requests.get(self.discovery, timeout=30).json()["token_endpoint"]
        form = {"grant_type": "refresh_token", "refresh_token": self.refresh_token_file.read_text().strip()}
        answer = requests.post(endpoint, data=form, auth=(self.client_id, self.client_secret), timeout=30)
        answer.raise_for_status()
        self.refresh_token_file.write_text(answer.json()["refresh_token"])
        return str(answer.json()["access_token"])
