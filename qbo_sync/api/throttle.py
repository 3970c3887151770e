"""Intuit's speed limits, kept on our side so that its own are never met (qbo-api.md §6).

Every request of a company to QuickBooks takes a slot first, whichever thread or process sends it. The counting is that
of the `limits` library: moving windows, in memory or in Redis, by which several processes share them.
"""

import threading
import time
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Literal, Protocol, cast

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from qbo_sync.api.errors import ThrottleUnavailable

Kind = Literal["request", "batch"]

MARGIN_PERCENT = 1  # requests leave us and reach Intuit at slightly different distances
_SHORTEST_WAIT = 0.001  # seconds
_LAST_OF_A_PAUSE = 0.05  # Redis tells what is left of a pause in whole seconds


class Throttle(Protocol):
    """What a company's client asks before it sends."""

    def acquire(self, kind: Kind, timeout: float | None = None) -> bool:
        """Wait for a slot and take it.

        Arguments:
            kind: "batch" counts against the limit on batches as well as against those on all requests.
            timeout: seconds to wait at most; 0 takes a slot that is free now or none; None waits as long as it takes.

        Returns whether a slot was taken. Errors: `ThrottleUnavailable`.
        """

    def pause(self, seconds: float) -> None:
        """Let nobody send to this company for `seconds`, as Intuit asks after HTTP 429; never shortens a pause."""


class Part(Enum):
    """Whose part of a company's limits is meant, where processes do not count together.

    In the embedded default one worker copies, and the web process asks only while somebody connects. Each counts in its
    own memory, so the limits are cut once and for all, and both together never pass Intuit's (design.md §4).
    """

    ENGINE = "all but a tenth"
    PAGES = "a tenth"

    def of(self, limit: int) -> int:
        """How much of `limit` this part is, at least 1. Raises ValueError for a limit that is too small to be cut."""
        if limit < 2:
            raise ValueError(f"A limit of {limit} cannot be cut in two: make it 2 or more, or count in Redis.")
        tenth = max(limit // 10, 1)
        return tenth if self is Part.PAGES else limit - tenth


class _PerMinute(RateLimitItemPerMinute):
    """A minute and the margin."""

    def get_expiry(self) -> int:
        return _with_margin(super().get_expiry())


class _PerSecond(RateLimitItemPerSecond):
    """A second and the margin."""

    def get_expiry(self) -> int:
        return _with_margin(super().get_expiry())


def _with_margin(seconds: int) -> int:
    # limits' annotations know whole seconds only, its moving window over memory and `_Redis` below count in fractions
    return cast(int, seconds * (100 + MARGIN_PERCENT) / 100)


class _Redis(RedisStorage):
    """Counts moving windows in hundredths of a second: Redis' EXPIRE takes whole numbers only, and 1.01 s is none."""

    _TICKS = 100

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        now = time.time() * self._TICKS
        ticks = round(expiry * self._TICKS)
        return bool(self.lua_acquire_moving_window([self.prefixed_key(key)], [now, limit, ticks, amount]))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        now = time.time()
        earliest = (now - expiry) * self._TICKS
        window = self.lua_moving_window([self.prefixed_key(key)], [earliest, limit])
        return (float(window[0]) / self._TICKS, window[1]) if window else (now, 0)


class Throttles:
    """The throttles of all companies, over one store.

    Arguments:
        storage_uri: "memory://", for one process, or "redis://host:port/db", shared by all.
        part: in memory the part of each limit that is this process's; None is all of it. Redis counts for all.
        requests_per_minute, requests_per_second, batches_per_minute: Intuit's limits for one company (qbo-api.md §6).
        sleep: waits the given seconds.
    """

    def __init__(
        self,
        storage_uri: str,
        *,
        part: Part | None = None,
        requests_per_minute: int = 500,
        requests_per_second: int = 10,
        batches_per_minute: int = 40,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._storage = _storage(storage_uri)
        self._sleep = sleep
        cut = part.of if part and isinstance(self._storage, MemoryStorage) else int
        requests = [_PerMinute(cut(requests_per_minute)), _PerSecond(cut(requests_per_second))]
        batches = _PerMinute(cut(batches_per_minute), namespace="BATCHES")
        self._limits: dict[Kind, Sequence[RateLimitItem]] = {"request": requests, "batch": [batches, *requests]}
        self._lock = threading.Lock()
        self._companies: dict[tuple[str, str], CompanyThrottle] = {}

    def company(self, environment: str, realm_id: str) -> "CompanyThrottle":
        """The throttle of one company, the same one whenever asked for."""
        with self._lock:
            key = (environment, realm_id)
            if key not in self._companies:
                self._companies[key] = CompanyThrottle(self._storage, self._limits, key, sleep=self._sleep)
            return self._companies[key]


def _storage(uri: str) -> Storage:
    if uri.startswith("memory://"):
        return MemoryStorage()
    if uri.startswith(("redis://", "rediss://")):
        return _Redis(uri)
    raise ValueError(f"Requests to QuickBooks are counted in memory:// or in redis://…, not in {uri.split(':')[0]}.")


class CompanyThrottle:
    """Slots of one company; see `Throttle`. Made by `Throttles.company`."""

    def __init__(
        self,
        storage: Storage,
        limits: dict[Kind, Sequence[RateLimitItem]],
        company: tuple[str, str],
        *,
        sleep: Callable[[float], None],
    ) -> None:
        self._storage = storage
        self._windows = MovingWindowRateLimiter(storage)
        self._limits = limits
        self._company = company
        self._pause_key = "/".join(("PAUSE", *company))
        self._sleep = sleep
        self._lock = threading.Lock()

    def acquire(self, kind: Kind, timeout: float | None = None) -> bool:
        """See `Throttle.acquire`."""
        deadline = None if timeout is None else time.time() + timeout
        while wait := self._try(kind):
            if deadline is not None and time.time() + wait > deadline:
                return False
            self._sleep(wait)
        return True

    def pause(self, seconds: float) -> None:
        """See `Throttle.pause`."""
        try:
            with self._lock:
                self._pause(seconds)
        except (StorageError, RedisError) as error:
            raise ThrottleUnavailable from error

    def _pause(self, seconds: float) -> None:
        if self._pause_left() >= seconds:
            return
        self._storage.clear(self._pause_key)
        self._storage.incr(self._pause_key, max(1, round(seconds)))

    def _try(self, kind: Kind) -> float:
        """Take a slot of every limit of `kind`: 0 when taken, else the seconds until it is worth asking again."""
        try:
            with self._lock:  # between looking and taking; a slot lost to another process meanwhile is left unused
                if wait := self._wait(kind):
                    return wait
                taken = all(self._windows.hit(limit, *self._company) for limit in self._limits[kind])
        except (StorageError, RedisError) as error:
            raise ThrottleUnavailable from error
        return 0.0 if taken else _SHORTEST_WAIT

    def _wait(self, kind: Kind) -> float:
        full = [limit for limit in self._limits[kind] if not self._windows.test(limit, *self._company)]
        waits = [self._window_left(limit) for limit in full]
        return max([self._pause_left(), *waits])

    def _window_left(self, limit: RateLimitItem) -> float:
        reset = self._windows.get_window_stats(limit, *self._company).reset_time
        return max(reset - time.time(), 0.0) + _SHORTEST_WAIT

    def _pause_left(self) -> float:
        if not self._storage.get(self._pause_key):
            return 0.0
        return max(self._storage.get_expiry(self._pause_key) - time.time(), _LAST_OF_A_PAUSE)
