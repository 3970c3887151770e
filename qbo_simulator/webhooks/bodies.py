"""The two forms of a notification, and its signature (qbo-api.md §10.2)."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SOURCE = "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU="
# operation of an event → the word that CloudEvents has for it
WORDS = {
    "Create": "created",
    "Update": "updated",
    "Delete": "deleted",
    "Merge": "merged",
    "Void": "voided",
    "Emailed": "emailed",
}


@dataclass(frozen=True)
class Event:
    """Something that happened to a record.  at: seconds since 1970.  deleted_id: the record that a merge took away."""

    number: int
    realm: str
    entity: str
    id: str
    operation: str
    deleted_id: str | None
    at: float


def merged(events: Sequence[Event]) -> list[Event]:
    """Of several events of one kind on one record the last stays; the order is that of the first."""
    kept = {(each.realm, each.entity, each.id, each.operation): each for each in events}
    return list(kept.values())


def classic(events: Sequence[Event]) -> dict[str, Any]:
    """`eventNotifications`: one entry for each company."""
    by_realm: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        by_realm.setdefault(event.realm, []).append(classic_entity(event))
    notifications = [
        {"realmId": realm, "dataChangeEvent": {"entities": entities}} for realm, entities in by_realm.items()
    ]
    return {"eventNotifications": notifications}


def classic_entity(event: Event) -> dict[str, Any]:
    moment = datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {"name": event.entity, "id": event.id, "operation": event.operation, "lastUpdated": moment}
    return {**told, "deletedId": event.deleted_id} if event.deleted_id else told


def cloud_events(events: Sequence[Event]) -> list[dict[str, Any]]:
    """CloudEvents 1.0, one object for each event; `time` has nanoseconds."""
    return [
        {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": SOURCE,
            "type": f"qbo.{event.entity.lower()}.{WORDS[event.operation]}.v1",
            "datacontenttype": "application/json",
            "time": f"{datetime.fromtimestamp(event.at, UTC):%Y-%m-%dT%H:%M:%S.%f}000Z",
            "intuitentityid": event.id,
            "intuitaccountid": event.realm,
            "data": {},
        }
        for event in events
    ]


def body_of(events: Sequence[Event], form: str) -> bytes:
    """The body of a notification.  form: classic or cloudevents."""
    content = cloud_events(events) if form == "cloudevents" else classic(events)
    return json.dumps(content, separators=(",", ":")).encode()


def signature(body: bytes, verifier_token: str) -> str:
    """The header intuit-signature: base64(HMAC-SHA256(body, verifier token))."""
    return base64.b64encode(hmac.new(verifier_token.encode(), body, hashlib.sha256).digest()).decode()
