"""python-quickbooks' client, with what it leaves open.

Hosts per instance, one session with time-outs, the throttle, request ids on every write, a refreshed token after a 401,
and answers looked at before they are believed.
"""

import json
import logging
import time
from collections.abc import Mapping
from typing import Any, Protocol

import requests
from quickbooks.client import QuickBooks
from requests.auth import AuthBase
from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from qbo_sync.api import answer as answers
from qbo_sync.api.answer import Answer
from qbo_sync.api.environment import Environment
from qbo_sync.api.errors import AuthorizationLost, Throttled
from qbo_sync.api.sessions import send
from qbo_sync.api.throttle import Kind, Throttle

logger = logging.getLogger(__name__)

MINOR_VERSION = 75  # any lower one is served as 75 (qbo-api.md §2.1)
MAX_REQUEST_ID = 50  # characters (qbo-api.md §5)
_JSON = "application/json"


class TokenSource(Protocol):
    """Where a client gets its access token."""

    def __call__(self, rejected: str | None = None, *, again: bool = False) -> str:
        """An access token that is good now.

        Arguments:
            rejected: the token that QuickBooks answered with HTTP 401 just now. Give another one: whichever was stored
                since, or a refreshed one. The same one again means that there is none.
            again: `rejected` was itself given for a rejected one: the authorization is over, whatever refreshing says.

        Errors: whatever refreshing raises (`AuthorizationRefused`, `NoAnswer` …) goes through to the caller.
        """


class _Bearer(AuthBase):
    """The token as requests' own kind of authorization, which also keeps a .netrc from replacing it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Wire(QuickBooks):
    """One company's requests. Its get, post, query, create_object … are python-quickbooks' own; all of them end in
    `make_request`, and give an `Answer`.

    Arguments:
        company_id: the realm.
        session: made by `sessions.prepare`; several threads may use it.
        access_token: asked before every request.
        throttle: asked for a slot before every request, told to pause after a 429.
        slot_timeout: seconds to wait for a slot before giving up with `Throttled`; None waits as long as it takes.
    """

    def __new__(cls, *, company_id: str, **_: Any) -> "Wire":
        return super().__new__(cls, company_id=company_id, minorversion=MINOR_VERSION)

    def __init__(
        self,
        *,
        company_id: str,
        environment: Environment,
        session: requests.Session,
        access_token: TokenSource,
        throttle: Throttle,
        slot_timeout: float | None = None,
    ) -> None:
        self.company_id = company_id
        self.environment = environment
        self.session = session
        self.throttle = throttle
        self._access_token = access_token
        self._slot_timeout = slot_timeout

    @property
    def api_url(self) -> str:
        """Root of the API; the base class knows Intuit's two hosts only."""
        return f"{self.environment.api_url}/v3"

    def make_request(
        self,
        request_type: str,
        url: str,
        request_body: str | None = None,
        content_type: str = _JSON,
        params: Mapping[str, Any] | None = None,
        request_id: str | None = None,
        slot_taken: bool = False,
        **attachment: Any,
    ) -> Answer:
        """Send, and read the answer.

        Arguments:
            content_type: JSON for writes; a query is posted as text, and changes nothing.
            request_id: demanded for writes: sent again with the same one, a write is done once (qbo-api.md §5).
            slot_taken: the caller has taken the throttle's slot for this request already.

        Errors: see `answer.classify` and `sessions.send`; ValueError for a write without a request id.
        """
        if any(attachment.values()):
            raise ValueError("Attachments are not sent.")
        writing = request_type == "POST" and content_type == _JSON
        identity = _identity(request_id) if writing else {}
        request = requests.Request(
            request_type,
            url,
            headers={"Accept": _JSON, "Content-Type": f"{content_type};charset=UTF-8"},
            params={**(params or {}), "minorversion": self.minorversion, **identity},
            data=request_body.encode() if request_body else None,
        )
        return self._with_fresh_token(request, writing=writing, slot_taken=slot_taken)

    def upload(
        self, url: str, metadata: str, content: bytes, *, request_id: str | None, slot_taken: bool = False
    ) -> Answer:
        """Send a file with what is said of it, as multipart; the same `request_id` gives the very same bytes.

        Arguments:
            metadata: exact JSON text of an Attachable, with FileName and ContentType.
            content: the file.

        Errors: those of `make_request`.
        """
        identity = _identity(request_id)
        body, content_type = _multipart(metadata, content, boundary=str(request_id))
        request = requests.Request(
            "POST",
            url,
            headers={"Accept": _JSON, "Content-Type": content_type},
            params={"minorversion": self.minorversion, **identity},
            data=body,
        )
        return self._with_fresh_token(request, writing=True, slot_taken=slot_taken)

    def _with_fresh_token(self, request: requests.Request, *, writing: bool, slot_taken: bool) -> Answer:
        token = self._access_token()
        try:
            return self._send(request, token, writing=writing, slot_taken=slot_taken)
        except AuthorizationLost:
            refreshed = self._access_token(rejected=token)
            if refreshed == token:
                raise
        try:
            return self._send(request, refreshed, writing=writing, slot_taken=False)
        except AuthorizationLost:
            self._access_token(rejected=refreshed, again=True)
            raise

    def _send(self, request: requests.Request, token: str, *, writing: bool, slot_taken: bool) -> Answer:
        if not slot_taken:
            self._take_slot("batch" if request.url.endswith("/batch") else "request")
        request.auth = _Bearer(token)
        prepared = self.session.prepare_request(request)
        response = send(lambda: self._transmit(prepared), writing=writing)
        try:
            return answers.read(response, writing=writing)
        except Throttled as error:
            self.throttle.pause(error.retry_after)
            raise

    def _take_slot(self, kind: Kind) -> None:
        if not self.throttle.acquire(kind, self._slot_timeout):
            raise Throttled("So much is on its way to QuickBooks that this request found no slot in time.")

    def _transmit(self, prepared: requests.PreparedRequest) -> requests.Response:
        started = time.monotonic()
        settings = self.session.merge_environment_settings(prepared.url, {}, False, None, None)
        # A redirect would turn a POST into a GET and be taken for its answer.
        response = self.session.send(prepared, allow_redirects=False, **settings)
        elapsed = (time.monotonic() - started) * 1000
        request = f"{prepared.method} {prepared.path_url}"
        tid = answers.intuit_tid(response)
        logger.debug("%s: HTTP %s after %.0f ms, intuit_tid %s", request, response.status_code, elapsed, tid)
        return response


def _multipart(metadata: str, content: bytes, *, boundary: str) -> tuple[bytes, str]:
    """Body and content type of an upload: what is said of the file, then the file."""
    said = json.loads(metadata)
    described = RequestField("file_metadata_01", metadata, headers={"Content-Type": _JSON})
    described.make_multipart(content_type=_JSON)
    file = RequestField("file_content_01", content, filename=said["FileName"])
    file.make_multipart(content_type=said["ContentType"])
    return encode_multipart_formdata([described, file], boundary=boundary)


def _identity(request_id: str | None) -> dict[str, str]:
    if not request_id or len(request_id) > MAX_REQUEST_ID:
        raise ValueError(f"A write needs a request id of 1 to {MAX_REQUEST_ID} characters.")
    return {"requestid": request_id}
