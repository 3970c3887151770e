"""One connected company at QuickBooks Online, as everything above this package sees it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Self
from urllib.parse import quote

import requests

from qbo_sync.api import query as statements
from qbo_sync.api.answer import Answer
from qbo_sync.api.batch import MAX_REQUEST_ID as MAX_BATCH_REQUEST_ID
from qbo_sync.api.batch import BatchAnswer, metadata_in, read_batch, read_upload
from qbo_sync.api.environment import Environment
from qbo_sync.api.reading import Page, Reading
from qbo_sync.api.sessions import Timeouts, lost, prepare
from qbo_sync.api.throttle import Throttle
from qbo_sync.api.wire import TokenSource, Wire


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query: `rows` as QuickBooks keeps them, or `total` where a count was asked for."""

    rows: list[dict[str, Any]]
    total: int | None
    transaction_id: str


class CompanyClient:
    """Reads and writes one company's books. Several threads may use one client.

    Every write demands a `request_id`, made and stored before it is sent: sent again with the same id and the same
    body, it is done once (qbo-api.md §5). Bodies are exact texts (`body.to_json`, `batch.batch_body`) for that reason.

    Arguments:
        environment: where the company lives.
        realm_id: its id, digits.
        access_token: gives a good token, and another one where the last was answered with HTTP 401.
        throttle: the company's (`Throttles.company`).
        timeouts: seconds.
        pool_maxsize: connections kept open; as many as threads use the client.
        slot_timeout: seconds to wait for a slot of the throttle before a request ends in `Throttled`; None waits as
            long as it takes, which is for background work.

    Errors of all methods: see `answer.classify` and `sessions.send`, and what `access_token` raises.
    """

    def __init__(
        self,
        environment: Environment,
        realm_id: str,
        access_token: TokenSource,
        throttle: Throttle,
        *,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - a tuple, never changed
        pool_maxsize: int = 4,
        slot_timeout: float | None = None,
    ) -> None:
        if not (realm_id.isascii() and realm_id.isdigit()):
            raise ValueError("A company's id consists of digits.")
        self.environment = environment
        self.realm_id = realm_id
        self.throttle = throttle
        self._session = prepare(requests.Session(), timeouts, pool_maxsize=pool_maxsize)
        self._wire = Wire(
            company_id=realm_id,
            environment=environment,
            session=self._session,
            access_token=access_token,
            throttle=throttle,
            slot_timeout=slot_timeout,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def query(self, statement: str) -> Rows:
        """What `statement` finds (see `query.select`); an unknown entity or property ends in `Refused` 4000 or 4001."""
        answer = self._wire.query(statement)
        content = answer.part("QueryResponse", writing=False)
        rows = next((value for value in content.values() if isinstance(value, list)), [])
        return Rows(rows=rows, total=content.get("totalCount"), transaction_id=answer.transaction_id)

    def count(self, entity: str, where: str = "") -> int:
        """The number of rows of `entity`, inactive ones only where `where` asks for them."""
        found = self.query(statements.count(entity, where=where))
        if found.total is None:
            raise lost("QuickBooks' answer holds no count.", writing=False, transaction_id=found.transaction_id)
        return found.total

    def pages(
        self,
        entity: str,
        where: str = "",
        *,
        include_inactive: bool = False,
        page_size: int = statements.MAX_RESULTS,
        expecting: Callable[[], int] | None = None,
        keep: Collection[str] = (),
        read: Collection[str] = (),
        last: str = "",
    ) -> Iterator[Page]:
        """All rows of `entity`, page by page, each row once, ordered by Id.

        A row deleted meanwhile moves its successors forward, past the reader (qbo-api.md §3). So each page begins with
        the last row of the page before, which must still be there, and the rows are counted at the end. Where either
        is not so the list is read again, and pages of rows not seen before follow.

        Arguments:
            where: conditions without the word WHERE.
            include_inactive: for name lists; transactions know no Active.
            page_size: rows per request, 2 to 1,000.
            expecting: how many rows there are, where the caller counts them; asked once the first page is there. Then
                three pages are on their way, and the rows are counted at the end while the last page is worked on.
            keep: properties of a row that are wanted, Id among them; the others are dropped as soon as a page is there,
                since pages wait for one another. () for all of them.
            read: Ids of the rows that a reading got before it broke off, of which `last` was the last: only those
                behind it are asked for. Where it is not in its place any more, or there are not as many rows in the
                end as were read, one cannot go on like that.

        Errors: `ListChanged` where it changed during three readings in a row; at once where `read` does not fit.
        """
        if not 2 <= page_size <= statements.MAX_RESULTS:
            raise ValueError(f"A page has 2 to {statements.MAX_RESULTS} rows.")
        where = statements.both(where, statements.ACTIVE_AND_NOT if include_inactive else "")
        reading = Reading(
            lambda statement: self.query(statement).rows, partial(self.count, entity, where), entity, where,
            page_size=page_size, expecting=expecting, keep=keep,
        )  # fmt: skip
        return reading.behind(read, last) if read else reading.from_the_beginning()

    def read(self, entity: str, id: str) -> Answer:
        """One record; `Refused` with code 610 where there is none of that id."""
        return self._wire.get_single_object(entity, quote(id, safe="")).part(entity, writing=False)

    def company_info(self) -> Answer:
        """The company's name, address and subscription (qbo-api.md §8.11)."""
        return self.read("CompanyInfo", self.realm_id)

    def preferences(self) -> Answer:
        """The company's settings (qbo-api.md §8.12)."""
        url = f"{self._wire.api_url}/company/{self.realm_id}/preferences"
        return self._wire.get(url).part("Preferences", writing=False)

    def create(self, entity: str, body: str, *, request_id: str) -> Answer:
        """Make a record, and give it as QuickBooks keeps it, with Id and SyncToken.

        Arguments:
            body: exact JSON text of the record's fields.
            request_id: 1 to 50 characters, stored before this call.
        """
        return self._wire.create_object(entity, body, request_id=request_id).part(entity, writing=True)

    def update(self, entity: str, body: str, *, request_id: str) -> Answer:
        """Change a record: `body` holds its Id and SyncToken, and ``"sparse": true`` unless all its fields (§2.3).

        Errors: `Refused` with code 5010 where somebody changed it since.
        """
        return self._wire.update_object(entity, body, request_id=request_id).part(entity, writing=True)

    def batch(self, body: str, *, request_id: str, slot_taken: bool = False) -> BatchAnswer:
        """Send a batch, and give an answer for each of its items.

        Arguments:
            body: exact text from `batch.batch_body`.
            request_id: 1 to 36 characters, stored before this call.
            slot_taken: the caller has called ``throttle.acquire("batch")`` for it, before filling it (design.md §7).

        Errors: only where the batch as a whole failed; what its items met is in their answers.
        """
        if len(request_id) > MAX_BATCH_REQUEST_ID:
            raise ValueError(f"A batch's request id has {MAX_BATCH_REQUEST_ID} characters at most.")
        url = f"{self._wire.api_url}/company/{self.realm_id}/batch"
        answer = self._wire.post(url, body, request_id=request_id, slot_taken=slot_taken)
        return read_batch(body, answer)

    def upload(self, body: str, content: bytes, *, request_id: str, slot_taken: bool = False) -> BatchAnswer:
        """Upload a file with what is said of it, and give the answer as that of a batch of one.

        Arguments: those of `batch`; `content` is the file whose name `body` holds.
        """
        url = f"{self._wire.api_url}/company/{self.realm_id}/upload"
        answer = self._wire.upload(url, metadata_in(body), content, request_id=request_id, slot_taken=slot_taken)
        return read_upload(body, answer)
