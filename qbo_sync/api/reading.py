"""Reading a whole list, which may change meanwhile (qbo-api.md §3)."""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from typing import Any, TypeAlias

from qbo_sync.api import query as statements
from qbo_sync.api.errors import ListChanged

AT_ONCE = 3  # pages, beside a count
MOST_READINGS = 3  # of a list that keeps changing

Page: TypeAlias = list[dict[str, Any]]


class Reading:
    """The reading of one list.

    A row deleted meanwhile moves its successors forward, past the reader. So each page begins with the last row of the
    page before, which must still be there, and the rows are counted at the end.

    Arguments:
        ask: the rows that a statement finds.
        counted: how many rows the list has now.
        the others: those of `CompanyClient.pages`.
    """

    def __init__(
        self,
        ask: Callable[[str], Page],
        counted: Callable[[], int],
        entity: str,
        where: str,
        *,
        page_size: int,
        expecting: Callable[[], int] | None,
        keep: Collection[str],
    ) -> None:
        self._rows = ask
        self._counted = counted
        self._entity = entity
        self._where = where
        self._page_size = page_size
        self._expecting = expecting
        self._keep = keep
        self._seen: set[str] = set()
        self._last = ""

    def from_the_beginning(self) -> Iterator[Page]:
        """All rows; where the list changed it is read again, and rows that were not seen before follow."""
        for _ in range(MOST_READINGS):
            try:
                yield from self._through()
            except ListChanged:
                continue
            return
        raise ListChanged(f"{ListChanged.words}: {self._entity}.")

    def behind(self, read: Collection[str], last: str) -> Iterator[Page]:
        """The rows behind those that were `read`, the `last` of which must stand where it stood; else `ListChanged`."""
        self._seen, self._last = set(read), last
        return self._through()

    def _through(self) -> Iterator[Page]:
        """Pages of the rows that were not seen yet, to the end; `ListChanged` where that was not sound."""
        last, total = self._last, len(self._seen) if self._last else 0
        counted = self._counted
        with ThreadPoolExecutor(1, thread_name_prefix="qbo-pages") as counter:
            for page in self._in_order(max(total, 1)):
                if self._is_short(page) and self._expecting:
                    counted = counter.submit(self._counted).result
                rows = _behind(page, last)
                last = page[-1]["Id"] if page else ""
                total += len(rows)
                if fresh := self._fresh(rows):
                    yield fresh
            if total != counted():
                raise ListChanged

    def _fresh(self, rows: Page) -> Page:
        fresh = [row for row in rows if row["Id"] not in self._seen]
        if self._last and len(fresh) < len(rows):
            raise ListChanged  # what was read before has moved behind
        self._seen.update(row["Id"] for row in fresh)
        return fresh

    def _in_order(self, first: int) -> Iterator[Page]:
        """Pages in their order, each from the last row of the one before."""
        page, step = self._ask(first), self._page_size - 1
        yield page
        first += step
        pages = self._ahead(first, step) if self._expecting else map(self._ask, count(first, step))
        while not self._is_short(page):
            page = next(pages)
            yield page

    def _ahead(self, first: int, step: int) -> Iterator[Page]:
        """The same, of those that are expected three on their way."""
        starts = range(first, self._expecting() if self._expecting else first, step)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="qbo-pages") as readers:
            asked: deque[Future[Page]] = deque()
            for start in starts:
                asked.append(readers.submit(self._ask, start))
                if len(asked) == AT_ONCE:
                    yield asked.popleft().result()
            while asked:
                yield asked.popleft().result()
        yield from map(self._ask, count(first + step * len(starts), step))

    def _ask(self, start: int) -> Page:
        rows = self._rows(statements.select(self._entity, where=self._where, start=start, limit=self._page_size))
        return [{name: row[name] for name in self._keep if name in row} for row in rows] if self._keep else rows

    def _is_short(self, page: Page) -> bool:
        """Whether it is the last one."""
        return len(page) < self._page_size


def _behind(page: Page, last: str) -> Page:
    """The rows of a page behind the `last` of the one before, with which it begins."""
    if not last:
        return page
    if not page or page[0]["Id"] != last:
        raise ListChanged
    return page[1:]
