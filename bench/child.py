"""One copy in a process of its own: `python -m bench.child WAY FACTOR`, which prints its figures as JSON."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from bench.database import throttle_used
from bench.served import Simulator, simulator

LATENCY = {"base_ms": 100, "per_operation_ms": 10}
# Intuit's limits for one company (qbo-api.md §6), and by how much both sides are sped up so that this ends in time.
REQUESTS_A_MINUTE, REQUESTS_A_SECOND, BATCHES_A_MINUTE = 500, 10, 40
OF_ALL_APPS, AT_ONCE = 120, 10  # the simulator's own: all apps together, and requests under way
TIMES = 10
FREE = 1_000_000
TOO_MANY = 429
SENDERS = 9  # where limits are ten times Intuit's and latency is not, four are slower than the limits; Intuit takes 10


def main() -> int:
    way, factor = sys.argv[1], int(sys.argv[2])
    with simulator() as served:
        _set_up(served, limited=way == "limited")
        print(json.dumps(WAYS[way](served, factor)))
    return 0


def _set_up(served: Simulator, *, limited: bool) -> None:
    times = TIMES if limited else FREE
    os.environ |= {
        "QBO_SIMULATOR_URL": served.url,
        "QBO_REQUESTS_PER_MINUTE": str(REQUESTS_A_MINUTE * times),
        "QBO_REQUESTS_PER_SECOND": str(REQUESTS_A_SECOND * times),
        "QBO_BATCHES_PER_MINUTE": str(BATCHES_A_MINUTE * times),
    }
    if limited:
        os.environ["QBO_SENDERS"] = str(SENDERS)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def one_by_one(served: Simulator, factor: int) -> dict[str, Any]:
    """Measured on 300 records, and scaled kind by kind to all of them."""
    from bench import office, peers
    from bench.measure import measured

    connection = _filled(served, office.PART)
    with measured() as cost:
        took = peers.one_by_one(connection, peers.client_of(connection, served))
    _check(connection, office.PART)
    whole = office.WHOLE.by_kind
    return {
        "records": office.WHOLE.records,
        "requests": office.WHOLE.records,
        "wall_s": round(sum(each.seconds / each.records * whole[kind] for kind, each in took.items()), 2),
        "cpu_ms_per_record": round(cost.cpu_s / office.PART.records * 1000, 3),
        "measured_on": office.PART.records,
    }


def batch_create(served: Simulator, factor: int) -> dict[str, Any]:
    """All of them, kind by kind."""
    from bench import office, peers
    from bench.measure import measured

    size = office.WHOLE.times(factor)
    connection = _filled(served, size)
    before = len(served.requests())
    with measured() as cost:
        peers.in_batches(connection, peers.client_of(connection, served))
    requests = len(served.requests()) - before
    _check(connection, size)
    return {
        "records": size.records,
        "requests": requests,
        "wall_s": round(cost.wall_s, 2),
        "cpu_ms_per_record": round(cost.cpu_s / size.records * 1000, 3),
    }


def engine(served: Simulator, factor: int) -> dict[str, Any]:
    """This engine, from the button to the last answer."""
    from bench import copying, office

    size = office.WHOLE.times(factor)
    connection = _filled(served, size)
    before = len(served.requests())
    run, cost = copying.copy(connection)
    requests = served.requests()[before:]
    copying.check(run)
    _check(connection, size)
    return copying.figures(run, cost, requests, size)


def limited(served: Simulator, factor: int) -> dict[str, Any]:
    """This engine with the limits on, at the simulator too."""
    from bench import copying, office

    size = office.WHOLE.times(factor)
    connection = _filled(served, size)
    served.ask("PUT", "/_simulator/behaviour", {"latency": LATENCY, "limits": _limits()})
    before = len(served.requests())
    run, _ = copying.copy(connection)
    throttled = sum(each["status"] == TOO_MANY for each in served.requests()[before:])
    copying.check(run)
    _check(connection, size)
    floor, last = copying.floor_and_last(run, batches_a_minute=_of_the_engine(BATCHES_A_MINUTE * TIMES))
    return {
        "records": size.records,
        "share_of_allowed": round(floor / last, 4),
        "throttled": throttled,
        "floor_s": floor,
        "last_batch_s": round(last, 2),
    }


def _of_the_engine(limit: int) -> int:
    """How much of a limit the engine has: all of it where requests are counted in Redis."""
    from qbo_sync.api.throttle import Part

    return limit if throttle_used() == "Redis" else Part.ENGINE.of(limit)


def _limits() -> dict[str, Any]:
    return {
        "on": True,
        "per_minute": REQUESTS_A_MINUTE * TIMES,
        "per_second": REQUESTS_A_SECOND * TIMES,
        "batches_per_minute": BATCHES_A_MINUTE * TIMES,
        "batches_per_minute_of_all_apps": OF_ALL_APPS * TIMES,
        "at_once": AT_ONCE,
    }


def _filled(served: Simulator, size: Any) -> Any:
    """A connection of an office of this size; the simulator takes its time from here on."""
    from bench import office

    connection = office.connected(served)
    office.fill(size)
    served.ask("PUT", "/_simulator/behaviour", {"latency": LATENCY, "limits": {"on": False}})
    return connection


def _check(connection: Any, size: Any) -> None:
    from bench import office

    if wrong := office.missing_or_doubled(connection, size):
        sys.exit(wrong)


WAYS: dict[str, Callable[[Simulator, int], dict[str, Any]]] = {
    way.__name__: way for way in (one_by_one, batch_create, engine, limited)
}

if __name__ == "__main__":
    sys.exit(main())
