"""One import in a process of its own, which prints its figures: `python -m bench.importing_child ROWS DELAY_MS`."""

import datetime as dt
import json
import sys
import time
from typing import Any

from bench.child import _set_up
from bench.served import Simulator, simulator

PAGE = 1000
BATCH = 30
SEED = 6
HERE = 10  # every tenth is here already
PAUSE = dt.timedelta(minutes=10)  # that a person takes over the plan; it is not waited for


def main() -> int:
    customers, delay = int(sys.argv[1]), int(sys.argv[2])
    with simulator() as served:
        _set_up(served, limited=False)
        print(json.dumps(measure(served, customers, delay)))
    return 0


def measure(served: Simulator, customers: int, delay: int) -> dict[str, Any]:
    """The import from its button to its end, without the pause over the plan."""
    from bench import office
    from bench.measure import measured
    from clients.models import Client
    from qbo_sync.models import ImportList, Link, NameRecord
    from qbo_sync.pull.begin import begin_import
    from qbo_sync.runs import moves
    from qbo_sync.serve import serve

    connection = office.connected(served)
    fill(served, connection, customers)
    warm_up(connection)
    slowly = {"rules": [{"match": {"operation": "query"}, "then": {"delay_ms": delay}, "times": None}]}
    served.ask("PUT", "/_simulator/behaviour", {**slowly, "limits": {"on": False}})
    bare_s = bare(connection, customers)
    asked = len(served.requests())
    with measured() as cost:
        started = time.monotonic()
        run = begin_import(connection, ImportList.CLIENTS, actor=connection.connected_by, now=now())
        while serve(connection.pk):
            pass
        plan_s = time.monotonic() - started
        run.refresh_from_db()
        NameRecord.objects.update(read_at=now() + PAUSE)
        assert moves.queue(run), (run.state, run.message)
        while serve(connection.pk):
            pass
    run.refresh_from_db()
    if wrong := missing(run, customers, Client.objects.count(), Link.objects.count()):
        sys.exit(wrong)
    return {
        "customers": customers,
        "bare_s": round(bare_s, 2),
        "import_s": round(cost.wall_s, 2),
        "plan_s": round(plan_s, 2),
        "apply_s": round(cost.wall_s - plan_s, 2),
        "cpu_s": round(cost.cpu_s, 2),
        "queries": cost.queries,
        "requests": len(served.requests()) - asked,
        "peak_kb": cost.peak_kb,
    }


def now() -> dt.datetime:
    from django.utils import timezone

    return timezone.now()


def fill(served: Simulator, connection: Any, customers: int) -> None:
    """Customers at QuickBooks; every tenth of them here as well, half of those under a slightly different name."""
    from bench.match_quality.people import People
    from clients.models import Client
    from qbo_sync.api.batch import Item, batch_body
    from qbo_sync.connection.client import client_for

    served.ask("PUT", "/_simulator/behaviour", {"limits": {"on": False}})
    people = People(SEED)
    lives = [people.person() for _ in range(customers)]
    with client_for(connection) as client:
        for start in range(0, customers, BATCH):
            items = [Item(str(at), "Customer", body(life)) for at, life in enumerate(lives[start : start + BATCH])]
            client.batch(batch_body(items), request_id=f"fill-{start}")
    here = lives[::HERE]
    Client.objects.bulk_create(
        Client(name=life.name if place % 2 else f"{life.family}, {life.given}", stage="client", phone=life.phone)
        for place, life in enumerate(here)
    )


def body(life: Any) -> dict[str, Any]:
    street, city, rest = life.address.split(", ")[0], life.address.split(", ")[1], life.address[-5:]
    return {
        "DisplayName": life.name,
        "GivenName": life.given,
        "FamilyName": life.family,
        "PrimaryEmailAddr": {"Address": life.email},
        "PrimaryPhone": {"FreeFormNumber": life.phone},
        "BillAddr": {"Line1": street, "City": city, "CountrySubDivisionCode": "WI", "PostalCode": rest},
    }


def warm_up(connection: Any) -> None:
    """What a worker has loaded long before: the other lists are imported, and a vendor's plan is made."""
    from qbo_sync.models import ImportList
    from qbo_sync.pull.begin import begin_import
    from qbo_sync.serve import serve

    for which in (ImportList.ACCOUNTS, ImportList.VENDORS, ImportList.ASSOCIATES):
        begin_import(connection, which, actor=connection.connected_by, now=now())
    while serve(connection.pk):
        pass


def bare(connection: Any, customers: int) -> float:
    """Seconds for nothing but the pages, ordered by Id, one after the other."""
    from qbo_sync.api import query
    from qbo_sync.connection.client import client_for

    seen = 0
    with client_for(connection) as client:
        started = time.monotonic()
        while seen < customers:
            seen += len(client.query(query.select("Customer", where=query.ACTIVE_AND_NOT, start=seen + 1)).rows)
        return time.monotonic() - started


def missing(run: Any, customers: int, clients: int, links: int) -> str:
    """What is wrong in the end; "" for nothing: each is there once, and the likely ones wait."""
    counts = run.report["counts"]
    here = customers // HERE
    waits = counts.get("choice", 0)
    right = (
        run.state == "done"
        and sum(counts.values()) == customers
        and links == customers - waits
        and clients == here + counts["new"]
        and here // 2 <= counts["linked"] + waits
    )
    return "" if right else f"The import is {run.state} ({run.message}): {counts}, {clients} clients, {links} links."


if __name__ == "__main__":
    sys.exit(main())
