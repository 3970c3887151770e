"""The two ways that python-quickbooks offers by itself: objects saved one by one, and batch_create kind by kind.

They get the same objects as the engine sends, and remember the QBO IDs in memory. They write nothing down before they
send, so that they know nothing after a crash: that is their advantage in speed.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from intuitlib.client import AuthClient  # noqa: TID251 - what is measured is what others would do
from quickbooks import QuickBooks  # noqa: TID251
from quickbooks.batch import batch_create  # noqa: TID251

from bench.served import Simulator
from qbo_sync.entities import COPIED, Context
from qbo_sync.models import Connection, Kind, Link
from qbo_sync.push.context import context_for

KINDS = (Kind.CLIENT, Kind.ASSOCIATE, Kind.HOUR_ENTRY, Kind.INVOICE)


@dataclass(frozen=True)
class Took:
    """How many of a kind, and in how many seconds."""

    records: int
    seconds: float


def client_of(connection: Connection, simulator: Simulator) -> QuickBooks:
    """python-quickbooks as its README has it; only the host differs."""
    auth = AuthClient(
        "simulator-client", "simulator-secret", "http://localhost:8000/callback",
        f"{simulator.url}/.well-known/openid_configuration", access_token=connection.access_token,
    )  # fmt: skip
    client = QuickBooks(auth_client=auth, company_id=connection.realm_id, minorversion=75)
    client.sandbox, client.sandbox_api_url_v3 = True, f"{simulator.url}/v3"
    return client


def one_by_one(connection: Connection, client: QuickBooks) -> dict[Kind, Took]:
    """`save()` for each record."""
    return dict(_kind_by_kind(connection, lambda made: [_saved(each, client) for each in made]))


def _saved(made: Any, client: QuickBooks) -> str:
    return str(made.save(qb=client).Id)


def in_batches(connection: Connection, client: QuickBooks) -> dict[Kind, Took]:
    """`batch_create()` for each kind."""
    return dict(_kind_by_kind(connection, lambda made: _created(made, client)))


def _created(made: list[Any], client: QuickBooks) -> list[str]:
    answer = batch_create(made, qb=client)
    if answer.faults:
        raise SystemExit(f"QuickBooks refused {len(answer.faults)} records: {answer.faults[0].Error[0].Detail}")
    return [str(each.Id) for each in answer.successes]


def _kind_by_kind(connection: Connection, send: Any) -> Iterator[tuple[Kind, Took]]:
    context = context_for(connection, {})
    for kind in KINDS:
        started, copied = time.monotonic(), COPIED[kind]
        records = [each for each in copied.records().order_by("pk") if not getattr(each, "qbo_admin", False)]
        ids = send([copied.body(record, context) for record in records])
        context = _with(context, kind, records, ids)
        yield kind, Took(len(records), time.monotonic() - started)


def _with(context: Context, kind: Kind, records: list[Any], ids: list[str]) -> Context:
    """The context with the QBO IDs of what was just made."""
    made = {
        (kind, record.pk): Link(entity=COPIED[kind].entity(record), qbo_id=qbo_id)
        for record, qbo_id in zip(records, ids, strict=True)
    }
    return replace(context, links={**context.links, **made})
