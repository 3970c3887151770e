"""Intuit's speed limits: windows, margins, pauses, and that processes share them through Redis."""

import os
import threading
from collections.abc import Iterator
from itertools import count, pairwise
from uuid import uuid4

import pytest
import redis
import time_machine

from qbo_sync.api.errors import Outcome, ThrottleUnavailable
from qbo_sync.api.throttle import CompanyThrottle, Part, Throttles

REDIS = "redis://127.0.0.1:6379/9"
START = 1_772_366_400.0


class Clock:
    """The process' clock standing still until somebody sleeps."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.now = START
        self._traveller = traveller
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self._traveller.move_to(self.now)


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(START, tick=False) as traveller:
        yield Clock(traveller)


def redis_or_skip() -> None:
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.RedisError:
        if "redis" in os.environ.get("SMMWARE_TEST_REQUIRE", ""):
            raise
        pytest.skip("Redis does not answer")


@pytest.fixture(params=["memory://", pytest.param(REDIS, marks=pytest.mark.services)])
def storage(request: pytest.FixtureRequest) -> str:
    if request.param == REDIS:
        redis_or_skip()
    return str(request.param)


def throttle(clock: Clock, storage: str = "memory://", **limits: int) -> CompanyThrottle:
    return Throttles(storage, sleep=clock.sleep, **limits).company("sandbox", uuid4().hex)


def times(clock: Clock, company: CompanyThrottle, kind: str, count: int) -> list[float]:
    taken = []
    for _ in range(count):
        assert company.acquire(kind)  # type: ignore[arg-type]
        taken.append(round(clock.now - START, 3))
    return taken


def test_ten_requests_a_second_with_the_margin(clock: Clock, storage: str) -> None:
    taken = times(clock, throttle(clock, storage), "request", 30)

    assert taken[:10] == [0] * 10
    assert [later - earlier >= 1.01 for earlier, later in zip(taken, taken[10:], strict=False)] == [True] * 20
    assert taken[-1] == pytest.approx(2.02, abs=0.02)


def test_five_hundred_requests_a_minute_with_the_margin(clock: Clock) -> None:
    taken = times(clock, throttle(clock), "request", 1001)

    assert all(later - earlier >= 1.01 for earlier, later in zip(taken, taken[10:], strict=False))
    assert all(later - earlier >= 60.6 for earlier, later in zip(taken, taken[500:], strict=False))
    assert taken[-1] == pytest.approx(121.2, abs=0.2)


def test_forty_batches_a_minute_beside_other_requests(clock: Clock, storage: str) -> None:
    company = throttle(clock, storage)

    taken = times(clock, company, "batch", 41)

    assert taken[39] == pytest.approx(3.03, abs=0.02)
    assert taken[40] == pytest.approx(60.6, abs=0.02)
    assert times(clock, company, "request", 1) == [taken[40]]


def test_a_batch_counts_as_a_request_too(clock: Clock) -> None:
    company = throttle(clock, requests_per_second=2)
    times(clock, company, "batch", 2)

    assert company.acquire("request", timeout=0) is False
    assert clock.slept == []


def test_what_finds_no_slot_takes_none(clock: Clock, storage: str) -> None:
    company = throttle(clock, storage, requests_per_second=2, batches_per_minute=1)
    times(clock, company, "batch", 1)

    assert [company.acquire("batch", timeout=0) for _ in range(5)] == [False] * 5
    assert [company.acquire("request", timeout=0) for _ in range(2)] == [True, False]


def test_it_waits_no_longer_than_allowed(clock: Clock) -> None:
    company = throttle(clock, requests_per_second=1)
    times(clock, company, "request", 1)

    assert company.acquire("request", timeout=1.0) is False
    assert clock.slept == []
    assert company.acquire("request", timeout=1.1) is True
    assert clock.slept == [pytest.approx(1.011)]


def test_a_pause_stops_everybody(clock: Clock) -> None:
    company = throttle(clock)
    company.pause(60)

    assert company.acquire("request", timeout=59) is False
    assert times(clock, company, "batch", 1) == [pytest.approx(60, abs=0.01)]


def test_a_pause_is_prolonged_but_never_shortened(clock: Clock) -> None:
    company = throttle(clock)
    for seconds in (10, 30, 5):
        company.pause(seconds)

    assert times(clock, company, "request", 1) == [pytest.approx(30, abs=0.01)]


def test_a_pause_of_nothing_lasts_a_second(clock: Clock) -> None:
    company = throttle(clock)
    company.pause(0.2)

    assert times(clock, company, "request", 1) == [pytest.approx(1, abs=0.01)]


def test_companies_and_environments_do_not_slow_each_other(clock: Clock, storage: str) -> None:
    throttles = Throttles(storage, sleep=clock.sleep, requests_per_second=1)
    realm = uuid4().hex
    companies = [throttles.company("sandbox", realm), throttles.company("production", realm)]
    companies[0].pause(60)

    assert companies[1].acquire("request", timeout=0) is True
    assert companies[0].acquire("request", timeout=0) is False


def test_a_company_has_one_throttle(clock: Clock) -> None:
    throttles = Throttles("memory://", sleep=clock.sleep)

    assert throttles.company("sandbox", "1") is throttles.company("sandbox", "1")


def test_threads_together_keep_the_limit() -> None:
    company = Throttles("memory://").company("sandbox", "1")
    taken: list[bool] = []

    def send() -> None:
        taken.extend(company.acquire("request", timeout=0) for _ in range(5))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == 10


def slots(company: CompanyThrottle, kind: str) -> int:
    """How many are free at this moment."""
    return next(taken for taken in count() if not company.acquire(kind, timeout=0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "limits", "parts"),
    [
        ("request", {}, (9, 1)),  # ten a second
        ("request", {"requests_per_second": 500}, (450, 50)),  # five hundred a minute
        ("batch", {"requests_per_second": 500}, (36, 4)),  # forty batches a minute
        ("batch", {"requests_per_second": 500, "batches_per_minute": 9}, (8, 1)),
        ("batch", {"requests_per_second": 500, "batches_per_minute": 2}, (1, 1)),
    ],
)
def test_processes_that_count_for_themselves_never_pass_the_limits_together(
    clock: Clock, kind: str, limits: dict[str, int], parts: tuple[int, int]
) -> None:
    engine, pages = (
        Throttles("memory://", part=part, sleep=clock.sleep, **limits).company("sandbox", "1") for part in Part
    )

    assert (slots(engine, kind), slots(pages, kind)) == parts


@pytest.mark.services
def test_in_redis_whoever_comes_first_has_all_of_the_limit() -> None:
    redis_or_skip()
    realm = uuid4().hex
    engine, pages = (Throttles(REDIS, part=part).company("sandbox", realm) for part in Part)

    assert (slots(engine, "request"), slots(pages, "request")) == (10, 0)


def test_a_limit_of_one_cannot_be_cut(clock: Clock) -> None:
    with pytest.raises(ValueError, match="A limit of 1 cannot be cut in two: make it 2 or more, or count in Redis"):
        Throttles("memory://", part=Part.ENGINE, requests_per_second=1)


@pytest.mark.services
def test_processes_share_slots_and_pauses_through_redis() -> None:
    redis_or_skip()
    realm = uuid4().hex
    first, second = (Throttles(REDIS).company("sandbox", realm) for _ in range(2))

    slots = [company.acquire("request", timeout=0) for _ in range(6) for company in (first, second)]
    assert slots == [True] * 10 + [False] * 2

    first.pause(30)
    assert second.acquire("request", timeout=2) is False


@pytest.mark.services
def test_redis_pauses_for_as_long_as_asked_in_real_time() -> None:
    redis_or_skip()
    company = Throttles(REDIS).company("sandbox", uuid4().hex)
    company.pause(1)

    waits = [company._pause_left(), company.acquire("request", timeout=5), company._pause_left()]
    assert waits == [pytest.approx(1, abs=0.3), True, 0]


@pytest.mark.services
def test_slots_in_redis_expire() -> None:
    redis_or_skip()
    realm = uuid4().hex
    Throttles(REDIS).company("sandbox", realm).acquire("batch")

    store = redis.Redis.from_url(REDIS)
    keys = sorted(store.keys(f"*{realm}*"))
    assert len(keys) == 3
    assert all(0 < store.ttl(key) <= 6060 for key in keys)


def test_a_store_that_does_not_answer_means_that_nothing_was_sent() -> None:
    company = Throttles("redis://127.0.0.1:1/0").company("sandbox", "1")

    for call in (lambda: company.acquire("request"), lambda: company.pause(1)):
        with pytest.raises(ThrottleUnavailable) as caught:
            call()
        assert (caught.value.outcome, caught.value.can_retry) == (Outcome.REFUSED, True)


def test_an_unknown_store_is_refused() -> None:
    with pytest.raises(ValueError, match="memcached"):
        Throttles("memcached://user:secret@host")


def test_waiting_is_steady(clock: Clock) -> None:
    """No busy waiting: one sleep per full window, not hundreds of short ones."""
    taken = times(clock, throttle(clock), "request", 100)

    assert len(clock.slept) == 9
    assert all(later >= earlier for earlier, later in pairwise(taken))
