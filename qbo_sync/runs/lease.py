"""The connection's lease: one engine at a time writes at QuickBooks for a company (design.md §4).

The number rises with each claim, and every transaction of the holder asks whether the number is still its own. So an
engine that was believed dead and wakes up again can record nothing and sends nothing more.
"""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from qbo_sync.models import Connection

T = TypeVar("T")


class LeaseLost(Exception):
    """Another engine has taken over; whoever gets this stops at once."""


class Disconnected(LeaseLost):
    """Nobody has taken over, but the company is not connected any more: nothing further may be sent."""


@dataclass(frozen=True)
class Lease:
    """A claim on a connection, by its number."""

    connection_id: int
    number: int

    def beat(self) -> None:
        """Prolong the claim, before anything further is sent.

        Raises LeaseLost where it is not ours any more, Disconnected where the company is not connected any more.
        """
        if not self._prolong(state=Connection.State.CONNECTED):
            self.hold()
            raise Disconnected(f"Connection {self.connection_id} is not connected any more.")

    def hold(self) -> None:
        """Prolong the claim, to record what was sent before. Raises LeaseLost where it is not ours any more."""
        if not self._prolong():
            raise LeaseLost(f"Lease {self.number} of connection {self.connection_id} is not ours any more.")

    def _prolong(self, **more: str) -> bool:
        mine = Connection.objects.filter(pk=self.connection_id, lease_number=self.number, **more)
        return bool(mine.update(lease_until=timezone.now() + _length()))

    @contextmanager
    def transaction(self, *, sending: bool = False) -> Iterator[None]:
        """One short transaction, committed only if the claim is still ours. Never speak HTTP inside it.

        Args:
            sending: it writes down what is about to be sent, so the company must still be connected as well.
        """
        with transaction.atomic(durable=True):
            self.beat() if sending else self.hold()
            yield

    def wait_for(self, call: Future[T]) -> T:
        """What a call in another thread answers, however long it takes: the claim is kept up meanwhile."""
        while True:
            self.hold()
            finished, _ = wait([call], timeout=settings.QBO_HEARTBEAT_SECONDS)
            if finished:
                return call.result()

    def while_reading(self, pages: Iterator[T]) -> Iterator[T]:
        """The pages, the next one read by a thread while one is worked on; the claim is kept up while waiting.

        The first one is asked for at once, so that several lists are read side by side.
        """
        reader = ThreadPoolExecutor(1, thread_name_prefix="qbo-reader")
        return self._reading(reader, reader.submit(next, pages, None), pages)

    def _reading(self, reader: ThreadPoolExecutor, upcoming: "Future[T | None]", pages: Iterator[T]) -> Iterator[T]:
        with reader:
            while (page := self.wait_for(upcoming)) is not None:
                self.beat()
                upcoming = reader.submit(next, pages, None)
                yield page

    def release(self) -> None:
        """Give the claim back, so that nobody waits for it to run out."""
        Connection.objects.filter(pk=self.connection_id, lease_number=self.number).update(lease_until=None)


def claim(connection_id: int) -> Lease | None:
    """Claim the lease of a connection: the Lease, or None where somebody holds it."""
    now = timezone.now()
    number = Connection.objects.values_list("lease_number", flat=True).get(pk=connection_id)
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    claimed = Connection.objects.filter(free, pk=connection_id, lease_number=number).update(
        lease_number=number + 1, lease_until=now + _length()
    )
    return Lease(connection_id, number + 1) if claimed else None


def _length() -> dt.timedelta:
    return dt.timedelta(seconds=settings.QBO_LEASE_SECONDS)
