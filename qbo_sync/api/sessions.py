"""The one place that makes HTTP sessions and sends with them."""

import ssl
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError

from qbo_sync.api.errors import AnswerLost, NoAnswer, Outcome, Unreachable

T = TypeVar("T")

# Before anything is sent: no connection, or an address that is none.
_NOT_SENT = (
    requests.ConnectTimeout,
    requests.exceptions.ProxyError,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
)


class Timeouts(NamedTuple):
    """Seconds to wait: for a connection, and for each part of the answer.

    Intuit gives up a request after 120 s (qbo-api.md §6), so whoever waits longer loses no answer to impatience.
    """

    connect: float = 10.0
    read: float = 130.0


class _TimeoutAdapter(HTTPAdapter):
    """Gives every request of a session its time-out: intuit-oauth and python-quickbooks set none."""

    def __init__(self, timeouts: Timeouts, pool_maxsize: int) -> None:
        self._timeouts = timeouts
        super().__init__(pool_maxsize=pool_maxsize)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        return super().send(
            request, stream=stream, timeout=timeout or self._timeouts, verify=verify, cert=cert, proxies=proxies
        )


def prepare(session: requests.Session, timeouts: Timeouts, *, pool_maxsize: int = 1) -> requests.Session:
    """Give `session` its time-outs, and as many kept connections as threads use it."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, _TimeoutAdapter(timeouts, pool_maxsize))
    return session


def send(request: Callable[[], T], *, writing: bool) -> T:
    """Call `request`, turning requests' errors into ours.

    The error is raised outside of the handler on purpose: requests' own errors hold the request with its tokens, and
    would travel along as its context, to wherever tracebacks are collected.

    Errors: `Unreachable`, `AnswerLost`.
    """
    try:
        return request()
    except requests.RequestException as error:
        problem = _problem(error, writing=writing)
    raise problem


def _problem(error: requests.RequestException, *, writing: bool) -> NoAnswer:
    name = type(error).__name__
    if _nothing_was_sent(error):
        return Unreachable(f"{Unreachable.words} ({name}).")
    return lost(f"{AnswerLost.words} ({name}).", writing=writing)


def lost(message: str, *, writing: bool, **details: Any) -> AnswerLost:
    """An `AnswerLost`: of unknown outcome for a write, harmless for a read."""
    outcome = Outcome.UNKNOWN if writing else Outcome.REFUSED
    return AnswerLost(message, outcome=outcome, can_retry=not writing, **details)


def _nothing_was_sent(error: requests.RequestException) -> bool:
    """Whether the connection was never made: refused, unknown host, no answer to connecting, a certificate not trusted.

    Everything else may have reached Intuit, a connection reset by the other side included.
    """
    if isinstance(error, _NOT_SENT):
        return True
    reason = getattr(_inner(error), "reason", None)  # what made urllib3 give up (its MaxRetryError)
    return isinstance(reason, ConnectTimeoutError) or isinstance(_inner(reason), ssl.SSLCertVerificationError)


def _inner(error: BaseException | None) -> Any:
    """The error that `error` was made from: requests and urllib3 put it first among the arguments."""
    return error.args[0] if error is not None and error.args else None
