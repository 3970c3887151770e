"""“QuickBooks Online Runs”: everything that was copied, changed, taken back or imported; who, when, how it ended."""

from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django_tables2.columns import BoundColumn

from associates.models import Associate
from qbo_sync.access import QboMixin, qbo_offered
from qbo_sync.models import Outcome, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.causes import URGENT
from qbo_sync.push.feedback import RUN_TONES
from qbo_sync.runs.moves import has_expired
from smmware.core.filters import SearchFilter, from_day, to_day
from smmware.core.listings import Listing, ListingView
from smmware.core.tables import FigureColumn, MomentColumn, OfficeTable, PillColumn

NOT_DONE = (*URGENT, StepState.BLOCKED)


class CountColumn(FigureColumn):
    """How many."""

    written = staticmethod(partial(number_format, force_grouping=True))


class StateColumn(PillColumn):
    """The state; of a plan that nobody carried out in time, that it has expired."""

    def __init__(self) -> None:
        super().__init__(tones=RUN_TONES)

    def render(self, value: Any, record: Run, bound_column: BoundColumn) -> SafeString:
        return super().render(self.value(value, record), record, bound_column)

    def value(self, value: Any, record: Run) -> str:  # type: ignore[override]
        expired = record.state == RunState.PLANNED and has_expired(record)
        return "Expired" if expired else str(value)


class RunTable(OfficeTable):
    """A run in a line. Of an import “Done” are the rows that are settled, “Not done” those left alone or not chosen."""

    title = tables.Column(verbose_name="What", linkify=True)
    type = tables.Column()
    asked_by = tables.Column(verbose_name="Who", order_by=("asked_by__last_name", "asked_by__first_name"))
    created_at = MomentColumn(verbose_name="When")
    state = StateColumn()
    size = CountColumn(verbose_name="Records")
    done = CountColumn()
    not_done = CountColumn(verbose_name="Not done")
    finished_at = MomentColumn(verbose_name="Ended")

    class Meta(OfficeTable.Meta):
        model = Run
        fields = ("title", "type", "asked_by", "created_at", "state", "size", "done", "not_done", "finished_at")
        sequence = fields


def people(request: Any) -> QuerySet[Associate]:
    """Whoever has ever asked for a run."""
    return Associate.objects.filter(pk__in=Run.objects.order_by().values("asked_by")).order_by("last_name", "pk")


class RunFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("title",), label="What")
    type = django_filters.ChoiceFilter(label="Type", choices=Run.Type.choices, empty_label="All")
    state = django_filters.ChoiceFilter(label="State", choices=RunState.choices, empty_label="All")
    asked_by = django_filters.ModelChoiceFilter(label="Who", queryset=people, empty_label="Everybody")
    date_from = from_day("created_at__date")
    date_to = to_day("created_at__date")

    class Meta:
        model = Run
        fields: tuple[str, ...] = ()


def runs(person: Any) -> QuerySet[Run]:
    """All runs with how much of each is done and not done, in one query."""
    is_import = When(type=Run.Type.IMPORT, then=F("progress"))
    not_imported = When(type=Run.Type.IMPORT, then=_counted(Outcome.LEFT) + _counted(Outcome.CHOICE))
    return Run.objects.select_related("asked_by").annotate(
        done=Case(is_import, default=_steps(StepState.DONE), output_field=IntegerField()),
        not_done=Case(not_imported, default=_steps(*NOT_DONE), output_field=IntegerField()),
    )


def _counted(outcome: Outcome) -> Coalesce:
    """How many rows of an import came to this."""
    return Coalesce(Cast(KT(f"report__counts__{outcome}"), IntegerField()), Value(0))


def _steps(*states: StepState) -> Coalesce:
    """How many steps of a run are in one of these states."""
    chosen = Step.objects.filter(run=OuterRef("pk"), state__in=states).order_by().values("run")
    return Coalesce(Subquery(chosen.values(count=Count("pk"))), Value(0))


RUNS = Listing(
    key="runs",
    title="QuickBooks Online Runs",
    noun=("run", "runs"),
    url_name="qbo:runs",
    model=Run,
    table_class=RunTable,
    filterset_class=RunFilter,
    base_queryset=runs,
    offered=qbo_offered,
    empty="Nothing has been copied or imported yet. Press “Add QBO” on a record, or “QBO Add All” on a listing.",
)


class RunListView(QboMixin, ListingView):
    """All runs: who, when, and how they ended."""

    listing_key = RUNS.key
