"""What a broken connection means, on real sockets."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests
import urllib3

from qbo_sync.api.errors import AnswerLost, NoAnswer, Outcome, Unreachable
from qbo_sync.api.sessions import Timeouts, prepare, send

QUICK = Timeouts(connect=0.5, read=0.2)


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Accepts one connection, reads the request and lets `answer` do with it what it wants."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            thread.join()


def failure(url: str, *, writing: bool) -> NoAnswer:
    with prepare(requests.Session(), QUICK) as session, pytest.raises(NoAnswer) as caught:
        send(lambda: session.post(url, headers={"Authorization": "Bearer secret-token"}), writing=writing)
    return caught.value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.mark.parametrize("writing", [True, False])
def test_a_refused_connection_did_nothing(writing: bool) -> None:
    error = failure(f"http://127.0.0.1:{free_port()}/v3", writing=writing)

    assert (type(error), error.outcome, error.can_retry) == (Unreachable, Outcome.REFUSED, True)


@pytest.mark.parametrize(
    "url",
    ["http://no-such-host.invalid/", "no scheme at all", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:99999/"],
)
def test_an_address_that_is_none_did_nothing(url: str) -> None:
    error = failure(url, writing=True)

    assert (type(error), error.outcome) == (Unreachable, Outcome.REFUSED)


@pytest.mark.parametrize(
    ("writing", "outcome", "can_retry"), [(True, Outcome.UNKNOWN, False), (False, Outcome.REFUSED, True)]
)
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda connection: None, id="closed without an answer"),
        pytest.param(
            lambda connection: connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), id="half a body"
        ),
        pytest.param(lambda connection: connection.send(b"not HTTP at all\r\n\r\n"), id="not HTTP"),
        pytest.param(lambda connection: threading.Event().wait(0.4), id="read time-out"),
        pytest.param(
            lambda connection: connection.send(
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"
            ),
            id="not what it is said to be",
        ),
    ],
)
def test_a_lost_answer_leaves_a_write_in_doubt(
    answer: Callable[[socket.socket], None], writing: bool, outcome: Outcome, can_retry: bool
) -> None:
    with server(answer) as url:
        error = failure(url, writing=writing)

    assert (type(error), error.outcome, error.can_retry) == (AnswerLost, outcome, can_retry)


def test_a_connection_reset_leaves_a_write_in_doubt() -> None:
    def reset(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    with server(reset) as url:
        error = failure(url, writing=True)

    assert (type(error), error.outcome) == (AnswerLost, Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (ssl.SSLCertVerificationError("self-signed certificate"), Unreachable),
        (ssl.SSLError("decryption failed or bad record mac"), AnswerLost),
    ],
)
def test_only_a_certificate_not_trusted_is_sure_to_precede_the_request(
    reason: ssl.SSLError, kind: type[NoAnswer]
) -> None:
    pool = urllib3.HTTPConnectionPool("127.0.0.1")

    def fail() -> None:
        raise requests.exceptions.SSLError(
            urllib3.exceptions.MaxRetryError(pool, "/", urllib3.exceptions.SSLError(reason))
        )

    with pytest.raises(kind):
        send(fail, writing=True)


@pytest.mark.parametrize(
    ("error", "kind"), [(requests.ConnectTimeout(), Unreachable), (requests.ReadTimeout(), AnswerLost)]
)
def test_the_two_time_outs(error: requests.RequestException, kind: type[NoAnswer]) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(kind):
        send(fail, writing=True)


def test_an_error_carries_no_token_along() -> None:
    error = failure(f"http://127.0.0.1:{free_port()}/v3", writing=True)

    assert "secret-token" not in repr(error)
    assert error.__context__ is None
    assert error.__cause__ is None


def test_a_request_may_choose_its_own_time_out() -> None:
    with server(lambda connection: threading.Event().wait(0.4) and None) as url:
        session = prepare(requests.Session(), Timeouts(connect=5, read=5))
        with session, pytest.raises(AnswerLost, match="ReadTimeout"):
            send(lambda: session.get(url, timeout=0.1), writing=False)
