"""The database and the broker of a chaos test: PostgreSQL and Redis, or SQLite and the file broker."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from bench.database import environment
from scripts.services import postgres_answers, redis_answers, redis_url, why_missing

PAIRS = {"services": "PostgreSQL and Redis", "embedded": "SQLite and the file broker"}
# The same product with its times in proportion, but seconds instead of minutes.
SHORT_TIMES = {
    "QBO_SETTLE_SECONDS": "0.8",  # Intuit's own 120
    "QBO_TIMEOUT_SECONDS": "0.9",  # just above
    "QBO_LEASE_SECONDS": "0.6",
    "QBO_HEARTBEAT_SECONDS": "0.12",
    "QBO_SWEEP_SECONDS": "0.1",
    "QBO_DOORBELL_SECONDS": "5",
    "QBO_RETRY_SECONDS": "0.1",
    "QBO_TRIES": "30",  # no record is given up for the sake of a round's weather
    "QBO_REQUESTS_PER_MINUTE": "100000",
    "QBO_REQUESTS_PER_SECOND": "10000",
    "QBO_BATCHES_PER_MINUTE": "100000",
    "SQLITE_SYNCHRONOUS": "OFF",  # processes are killed here, the machine is not
    "LOG_LEVEL": "INFO",
}


def usual_pair() -> str:
    """The services where both answer."""
    return "services" if postgres_answers() and redis_answers() else "embedded"


def why_not(pair: str) -> str:
    """Why this pair cannot be used on this machine, "" where it can."""
    missing = {"postgres": postgres_answers, "redis": redis_answers} if pair == "services" else {}
    return " ".join(why_missing(name) for name, there in missing.items() if not there())


@contextmanager
def settings(pair: str, template: str = "") -> Iterator[dict[str, str]]:
    """The environment of an office on this pair, its database its own; cleaned up at the end of the block.

    template: a migrated database that its own begins as a copy of.
    """
    with environment(embedded=pair == "embedded", template=template) as given, _broker(pair) as broker:
        yield given | SHORT_TIMES | broker


@contextmanager
def _broker(pair: str) -> Iterator[dict[str, str]]:
    if pair == "embedded":
        yield {"CELERY_BROKER_URL": "filesystem://localhost//"}
        return
    queue = f"chaos_{uuid.uuid4().hex[:12]}"
    try:
        yield {"CELERY_BROKER_URL": redis_url(), "CELERY_QUEUE": queue}
    finally:
        redis.Redis.from_url(redis_url()).delete(queue, f"_kombu.binding.{queue}")
