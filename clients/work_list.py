"""The work list of clients: who referred them, whether they act as reference, and the company's own fields."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from clients.access import manages_clients
from clients.forms import CustomFieldsForm, ReferenceField
from clients.models import Client, CustomField, CustomFieldValue
from smmware.core.work_lists import WorkList


class CompleteClientForm(CustomFieldsForm):
    """What QuickBooks cannot tell of a client."""

    acts_as_reference = ReferenceField()

    class Meta:
        model = Client
        fields = ["referred_by", "acts_as_reference"]


def _records(person: Any) -> QuerySet:
    """The clients in use, with `without_custom` where no custom field is filled in, though there are some."""
    if not manages_clients(person):
        return Client.objects.none()
    values = CustomFieldValue.objects.filter(client=OuterRef("pk"))
    return (
        Client.objects.clients()
        .filter(is_active=True, is_own_company=False)
        .annotate(without_custom=Q(Exists(CustomField.objects.all()), ~Exists(values)))
        .prefetch_related(Prefetch("custom_values", CustomFieldValue.objects.order_by("pk")))
    )


def _lacking(clients: QuerySet) -> QuerySet:
    return clients.filter(Q(referred_by="") | Q(acts_as_reference__isnull=True) | Q(without_custom=True))


def _lacks(client: Any) -> list[str]:
    open_points = (
        (not client.referred_by, "referred by"),
        (client.acts_as_reference is None, "act as reference"),
        (client.without_custom, "custom fields"),
    )
    return [name for is_open, name in open_points if is_open]


def _forms(clients: Iterable[Any], person: Any, data: Any) -> list[CompleteClientForm]:
    fields = list(CustomField.objects.all())
    return [
        CompleteClientForm(data, instance=client, custom_fields=fields, auto_id=f"id_{client.pk}_%s")
        for client in clients
    ]


COMPLETE_CLIENTS = WorkList(
    key="clients",
    title="Clients to complete",
    noun=("client", "clients"),
    why="Who referred them, whether they are willing to act as a reference, and what else you want to know of them.",
    model=Client,
    records=_records,
    lacking=_lacking,
    lacks=_lacks,
    forms=_forms,
    offered=lambda request: manages_clients(request.user),
)
