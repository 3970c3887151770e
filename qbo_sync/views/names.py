"""What a form says of a name while somebody types it: who bears it at QuickBooks, and which name is free."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.views.generic import TemplateView

from associates.models import Associate
from clients.models import Client
from qbo_sync.access import QboMixin, qbo_offered
from qbo_sync.custodian import Holder, Named, free_name, holders, unread
from qbo_sync.matching import sought
from qbo_sync.models import Connection, Kind
from smmware.core.extensions import LiveCheck, RecordAddOn

# What is read of each form; it is said below the first of them.
READ: dict[str, tuple[str, ...]] = {
    Kind.CLIENT: ("name", "is_own_company"),
    Kind.ORGANIZATION: ("name", "city"),
    Kind.ASSOCIATE: ("last_name", "first_name", "middle_name", "kind", "city"),
}
LINKED = "QuickBooks has {a_list} of this name already (QBO ID {id}), which is linked here to"
SAME_LIST = (
    "QuickBooks has {a_list} of this name already (QBO ID {id}). If that is this {kind}, leave the name as it is: "
    "“QBO Add” links the two."
)
OTHER_LIST = (
    "QuickBooks has {a_list} of this name already (QBO ID {id}), and takes a name only once over customers, vendors "
    "and employees."
)
INACTIVE = (
    "QuickBooks has {a_list} of this name that is inactive there (QBO ID {id}). If that is this {kind}, make it active "
    "there; else another name keeps the two apart."
)
LONGEST = 255


@dataclass(frozen=True)
class Remark:
    """A sentence on somebody who bears the name; it ends with the record here that it is linked to, if any."""

    words: str
    record: Any = None


class NameChecks(RecordAddOn):
    """Says so below the name, where the integration is on and connected."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def offered(self, request: HttpRequest) -> bool:
        return qbo_offered(request)

    def live_checks(self, request: HttpRequest, record: Any) -> list[LiveCheck]:
        if Connection.active() is None:
            return []
        address = [self.kind.value] if record is None else [self.kind.value, record.pk]
        return [LiveCheck(READ[self.kind][0], READ[self.kind], reverse("qbo:name_check", args=address))]


class NameCheckView(QboMixin, TemplateView):
    """What is to be said of the name that stands in a form; nothing where the name is free or never copied."""

    template_name = "qbo_sync/name_check.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if kwargs["kind"] not in READ:
            raise Http404
        kind, connection = Kind(kwargs["kind"]), Connection.active()
        record = self._typed(kind, kwargs.get("pk"))
        if connection is None or _is_never_copied(record):
            return context
        found = holders(connection, record)
        return context | {
            "remarks": [_remark(each, record, kind) for each in found],
            "offer": free_name(connection, record) if found else None,
            "unread": [f"{entity.label.lower()}s" for entity in unread(connection)] if record.name.strip() else [],
        }

    def _typed(self, kind: Kind, pk: int | None) -> Named:
        """The record as it stands in the form, not saved."""
        records = kind.model._default_manager
        record: Any = (records.filter(pk=pk).first() if pk else None) or kind.model()
        for name in READ[kind]:
            setattr(record, name, self.request.GET.get(name, "")[:LONGEST].replace("\0", ""))
        return record


def _is_never_copied(record: Named) -> bool:
    if isinstance(record, Client):
        return bool(record.is_own_company)
    return isinstance(record, Associate) and record.is_vehicle


def _remark(holder: Holder, record: Named, kind: Kind) -> Remark:
    listed = holder.record.get_entity_display().lower()
    values = {
        "a_list": f"an {listed}" if listed[0] in "aeiou" else f"a {listed}",
        "id": holder.record.qbo_id,
        "kind": kind.label.lower(),
    }
    if holder.ours:
        return Remark(LINKED.format(**values), getattr(holder.ours, holder.ours.kind))
    if not holder.record.is_active:
        return Remark(INACTIVE.format(**values))
    is_same_list = holder.record.entity == sought(record).entity
    return Remark((SAME_LIST if is_same_list else OTHER_LIST).format(**values))
