"""The custom fields of client profiles: their order, and what is lost with one (domain.md §4)."""

from django.db import transaction
from django.db.models import Count, QuerySet

from clients.models import CustomField, CustomFieldValue

EXAMPLES = 5


def in_order() -> QuerySet[CustomField]:
    """All fields as the profile shows them, each with `filled_in`: for how many clients it has a value."""
    return CustomField.objects.annotate(filled_in=Count("values"))


@transaction.atomic
def append(*, field: CustomField) -> CustomField:
    """Save a new field behind all others."""
    last = CustomField.objects.order_by("position").last()
    field.position = last.position + 1 if last else 0
    field.save()
    return field


@transaction.atomic
def move(*, field: CustomField, steps: int) -> None:
    """Move a field by so many places: negative is up. At either end it stays there.

    Positions are written anew from 0, so that two of the same number cannot hold each other in place.
    """
    fields = list(CustomField.objects.select_for_update())
    place = fields.index(field)
    fields.insert(max(0, place + steps), fields.pop(place))
    for position, each in enumerate(fields):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])


def lost_with(field: CustomField) -> tuple[int, list[CustomFieldValue]]:
    """How many clients have a value in this field, and the first few of those values."""
    values = CustomFieldValue.objects.filter(field=field).select_related("client").order_by("client__name")
    return values.count(), list(values[:EXAMPLES])
