"""The work list of organizations: QuickBooks does not categorize vendors."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from organizations.listings import manages
from organizations.models import Category, Organization
from smmware.core.forms import RecordForm
from smmware.core.work_lists import WorkList


class CategorizeForm(RecordForm):
    """An organization's category. `choices` are read once for many forms."""

    class Meta:
        model = Organization
        fields = ["category"]

    def __init__(self, *args: Any, choices: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.widget.choices = choices


def _records(person: Any) -> QuerySet[Organization]:
    return Organization.objects.filter(is_active=True) if manages(person) else Organization.objects.none()


def _forms(organizations: Iterable[Any], person: Any, data: Any) -> list[CategorizeForm]:
    choices: list[tuple[Any, str]] = [("", "Uncategorized"), *Category.objects.values_list("pk", "name")]
    return [CategorizeForm(data, instance=each, choices=choices, auto_id=f"id_{each.pk}_%s") for each in organizations]


CATEGORIZE = WorkList(
    key="organizations",
    title="Organizations to categorize",
    noun=("organization", "organizations"),
    why="QuickBooks has no categories, so vendors arrive without one. They may stay uncategorized, if you like.",
    model=Organization,
    records=_records,
    lacking=lambda organizations: organizations.filter(category=None),
    lacks=lambda organization: [] if organization.category_id else ["a category"],
    forms=_forms,
    offered=lambda request: manages(request.user),
)
