"""What QuickBooks does to a round, drawn from its seed: answers lost, failures, limits, time-outs, stale tokens."""

from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from django.conf import settings

Rule: TypeAlias = dict[str, Any]
REQUESTS = {"*/upload": 3, "*/batch": 16}  # about as many as a round has: so late may a rule come into play
OTHER_REQUESTS = 8
AT_MOST_ITEMS = 30
WRITES = ("*/batch", "*/upload")
ENTITIES = ("Customer", "Vendor", "Employee", "TimeActivity", "Purchase", "Invoice", "CreditMemo", "Payment")
STALE_TOKENS: tuple[dict[str, Any], ...] = (
    {},
    {"clock": {"now": "+3700"}},  # the access token is over, and ours thinks otherwise
    {"access_token_seconds": 4},
    {"clock": {"now": "+3700"}, "refresh_rotation": "each", "refresh_grace_seconds": 60},
)
UNCERTAIN: dict[str, tuple[Any, ...]] = {
    "requestid_concurrent": ("replay", "refuse"),
    "requestid_keeps_errors": (False, True),
    "requestid_mismatch": ("replay", "refuse", "execute"),
    "batch_answer_order": ("as_sent", "reversed"),
}


def drawn(random: Random) -> dict[str, Any]:
    """The behaviour of the simulator for one round, as `PUT /_simulator/behaviour` takes it."""
    latency = {"base_ms": random.randrange(60, 240), "per_operation_ms": random.randrange(6)}
    stale = random.choice(STALE_TOKENS)
    rules = [random.choice(KINDS)(random) for _ in range(random.randrange(8, 16))]
    if not stale:  # two refusals of one request would mean that somebody has to connect again
        rules.append(token_refused(random))
    uncertain = {name: random.choice(values) for name, values in UNCERTAIN.items()}
    return {"latency": latency, "rules": rules, **uncertain, **stale}


def _rule(random: Random, match: dict[str, Any], **then: Any) -> Rule:
    most = REQUESTS.get(match.get("path", ""), OTHER_REQUESTS)
    return {"match": {**match, "nth": random.randint(1, most)}, "then": then, "times": 1}


def lost_write(random: Random) -> Rule:
    """The answer to a write is lost: before, after or midway, its request id remembered or not."""
    then: dict[str, Any] = {"drop": random.choice(("before", "after", "midway")), "remember": random.random() < 0.5}
    if then["drop"] == "midway":
        then["after_items"] = random.randrange(AT_MOST_ITEMS)
    return _rule(random, {"path": random.choice(WRITES)}, **then)


def lost_write_of_a_kind(random: Random) -> Rule:
    """The same, of a request that holds this entity: kinds with few requests are met as well."""
    rule = lost_write(random)
    return {**rule, "match": {"entity": random.choice(ENTITIES), "method": "POST", "nth": random.randint(1, 3)}}


def lost_read(random: Random) -> Rule:
    return _rule(random, {"operation": "query"}, drop=random.choice(("before", "after")))


def failure(random: Random) -> Rule:
    """QuickBooks fails over a whole request, before it has done anything."""
    match = random.choice(({"path": "*/batch"}, {"path": "*/upload"}, {"operation": "query"}))
    return _rule(random, match, status=random.choice((500, 503)))


def failure_of_one(random: Random) -> Rule:
    """One record of a batch fails in QuickBooks' system, or somebody is editing names right then."""
    entity = random.choice(ENTITIES)
    fault = random.choice(("10000", "6000") if entity in ENTITIES[:3] else ("10000",))
    return _rule(random, {"entity": entity, "method": "POST"}, fault=fault)


def too_many(random: Random) -> Rule:
    return _rule(random, random.choice(({"path": "*/batch"}, {"operation": "query"})), status=429)


def time_out(random: Random) -> Rule:
    """The request is carried out, and its answer comes when nobody waits for it any more."""
    late = int(settings.QBO_TIMEOUT_SECONDS * 1000) + random.randrange(100, 600)
    return _rule(random, random.choice(({"path": "*/batch"}, {"operation": "query"})), delay_ms=late)


def token_refused(random: Random) -> Rule:
    return _rule(random, {"path": "*/v3/*"}, status=401)


def sign_in_fails(random: Random) -> Rule:
    then = random.choice(({"status": 500}, {"drop": "before"}))
    return {"match": {"path": "*/tokens/bearer"}, "then": then, "times": 1}


KINDS: tuple[Callable[[Random], Rule], ...] = (
    *(lost_write, lost_write, lost_write, lost_write_of_a_kind, lost_write_of_a_kind),
    *(lost_read, failure, failure, failure_of_one, too_many, time_out, sign_in_fails),
)
