"""Admin → QuickBooks Online Connect → “First steps”: the manual's steps, how far each is, and its button."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from invoices.models import Invoice
from qbo_sync.access import QboMixin
from qbo_sync.connection.environment import record_url
from qbo_sync.entities.invoice import copied_statuses
from qbo_sync.guide import LISTS, PEOPLE, WHERE_TRACKED, Guide, Stage, Standing
from qbo_sync.models import Connection, ImportList, Kind, Link
from qbo_sync.pull.begin import begin_import
from qbo_sync.push import old_invoices
from qbo_sync.tasks import ring
from qbo_sync.views.copies import plan_for, visible
from qbo_sync.views.settings import BECOMES, NOT_CONNECTED
from smmware.core.display import money
from smmware.core.forms import DateInput

MOST_OFFERED = 50  # invoices to choose the test copy from, the newest first
TONES = {Standing.DONE: "good", Standing.TO_DO: "warn", Standing.WAITING: "neutral"}
WHAT_FOR = BECOMES | {
    ImportList.ACCOUNTS: "where costs and payments are booked",
    ImportList.ITEMS: "what you sell, such as hours",
    ImportList.CLASSES: "where you track classes at QuickBooks",
    ImportList.LOCATIONS: "where you track locations at QuickBooks",
}
NOTHING_ACCEPTED = "Nothing was accepted: tick the proposals that are right, or choose others."


class GoLiveForm(forms.ModelForm):
    """From which day on records are copied."""

    class Meta:
        model = Connection
        fields = ("go_live_date",)
        widgets = {"go_live_date": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["go_live_date"].required = True
        self.fields["go_live_date"].help_text = "The first day that is copied, such as the first of this month."


class TestCopyForm(forms.Form):
    """Which invoice is copied first: one of those that the person may see and that the settings let go."""

    invoice = forms.TypedChoiceField(
        coerce=int,
        error_messages={"invalid_choice": "That invoice is not offered any more. Choose another one."},
    )

    def __init__(self, *args: Any, invoices: list[Invoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(each.pk, f"{each} · {each.job.client} · {money(each.total_amount)}") for each in invoices]  # type: ignore[attr-defined]
        self.fields["invoice"].choices = [("", "— choose —"), *named]  # type: ignore[attr-defined]


class GuideView(QboMixin, TemplateView):
    """The page."""

    template_name = "qbo_sync/guide.html"
    go_live_form: GoLiveForm | None = None
    test_form: TestCopyForm | None = None

    @cached_property
    def connection(self) -> Connection | None:
        return Connection.active()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        guide = Guide(self.connection)
        context = super().get_context_data(
            guide=guide,
            connection=self.connection,
            steps=[(step, TONES[step.standing], step == guide.next) for step in guide.steps],
            **kwargs,
        )
        return context | self._of(self.connection, guide) if self.connection else context

    def _of(self, connection: Connection, guide: Guide) -> dict[str, Any]:
        return {
            "lists": (lists := _rows(guide, (*LISTS, *WHERE_TRACKED))),
            "left_of_lists": sum(not row["is_done"] and not row["run"] for row in lists if row["which"] in LISTS),
            "people": _rows(guide, PEOPLE),
            "go_live_form": self.go_live_form or GoLiveForm(instance=connection),
            "test_form": self.test_form or self._test_form(connection, guide),
            "before": self._before(connection),
            "test_copy": self._test_copy(connection, guide),
        }

    def _test_form(self, connection: Connection, guide: Guide, data: Any = None) -> TestCopyForm | None:
        if guide.standing(Stage.TEST) != Standing.TO_DO:
            return None
        invoices = list(offered_invoices(self.request, connection)[:MOST_OFFERED])
        return TestCopyForm(data, invoices=invoices) if invoices else None

    def _before(self, connection: Connection) -> int:
        """How many invoices from before the go-live date stay here."""
        if connection.go_live_date is None:
            return 0
        return old_invoices.unlinked(connection).count()

    def _test_copy(self, connection: Connection, guide: Guide) -> str:
        """Where at QuickBooks the invoice stands that was copied last; "" where there is none."""
        if guide.standing(Stage.TEST) != Standing.DONE:
            return ""
        copied = Link.objects.filter(connection=connection, invoice__isnull=False, origin=Link.Origin.PUSHED)
        link = copied.exclude(qbo_id=None).order_by("-pk").first()
        return record_url(connection, link.entity, str(link.qbo_id)) if link else ""


class _GuideForm(GuideView):
    """A form of the guide: what is wrong with it is said on the page itself, and nothing typed is lost."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.connection is None or not self.connection.is_connected:
            messages.error(request, NOT_CONNECTED)
            return redirect("qbo:guide")
        return self.answer(self.connection) or self.render_to_response(self.get_context_data())

    def answer(self, connection: Connection) -> HttpResponse | None:
        """Do what was asked; None where the form is to be shown again."""
        raise NotImplementedError


class AcceptView(_GuideForm):
    """“Accept”: what was shown as a proposal, and ticked, is chosen from now on."""

    def answer(self, connection: Connection) -> HttpResponse | None:
        guide, ticked = Guide(connection), set(self.request.POST.getlist("accept"))
        chosen = {slot: pk for slot, _, pk in guide.proposals if f"{slot.name}:{pk}" in ticked}
        accepted = guide.mappings.accept(chosen) if guide.mappings else 0
        if not accepted:
            messages.error(self.request, NOTHING_ACCEPTED)
        else:
            messages.success(self.request, f"{accepted} of {len(ticked)} proposals are chosen now.")
        return redirect("qbo:guide")


class ImportListsView(_GuideForm):
    """“Import these lists”: those of the step that were not imported yet, one after the other."""

    def answer(self, connection: Connection) -> HttpResponse | None:
        guide, now, asked = Guide(connection), timezone.now(), self.request.user
        left = [which for which in LISTS if which not in guide.imported and which not in guide.importing]
        for which in left:
            begin_import(connection, which, actor=asked, now=now)  # type: ignore[arg-type]
        ring(connection.pk)
        return redirect(f"{reverse('qbo:guide')}#{Stage.LISTS.key}")


class ImportsWatchView(QboMixin, View):
    """Asked by the page while an import goes on: it is loaded anew when that has ended, and left alone until then."""

    def get(self, request: HttpRequest) -> HttpResponse:
        guide = Guide(Connection.active())
        return HttpResponse(status=204) if guide.is_reading else HttpResponse(headers={"HX-Refresh": "true"})


class GoLiveView(_GuideForm):
    """The go-live date, or the decision that there is none."""

    def answer(self, connection: Connection) -> HttpResponse | None:
        if "everything" in self.request.POST:
            Connection.objects.filter(pk=connection.pk).update(go_live_date=None, copies_everything=True)
            messages.success(self.request, "Everything may be copied, however old.")
            return redirect("qbo:guide")
        form = GoLiveForm(self.request.POST, instance=connection)
        if not form.is_valid():
            self.go_live_form = form
            self.connection = Connection.active()
            return None
        Connection.objects.filter(pk=connection.pk).update(
            go_live_date=form.cleaned_data["go_live_date"], copies_everything=False
        )
        messages.success(self.request, "Nothing dated before that day is copied.")
        return redirect("qbo:guide")


class TestCopyView(_GuideForm):
    """The plan of one invoice opens. Nothing is sent before “Next” there."""

    def answer(self, connection: Connection) -> HttpResponse | None:
        form = self._test_form(connection, Guide(connection), self.request.POST)
        if form is None:
            return redirect("qbo:guide")
        if not form.is_valid():
            self.test_form = form
            return None
        invoice = Invoice.objects.get(pk=form.cleaned_data["invoice"])
        return plan_for(self.request, Kind.INVOICE, {invoice.pk}, f"Test copy: {invoice}", reverse("qbo:guide"))


def offered_invoices(request: HttpRequest, connection: Connection) -> QuerySet:
    """The invoices that this person may see and that the settings let go to QuickBooks, the newest first."""
    found: Any = _unlinked(visible(request, Kind.INVOICE), connection).filter(
        status__in=copied_statuses(connection), job__client__is_own_company=False
    )
    if connection.go_live_date:
        found = found.filter(date__gte=connection.go_live_date)
    return found.select_related("job__client").with_total().order_by("-date", "-pk")


def _unlinked(invoices: QuerySet, connection: Connection) -> QuerySet:
    return invoices.exclude(qbo_links__connection=connection)


def _rows(guide: Guide, lists: Sequence[ImportList]) -> list[dict[str, Any]]:
    """A row for each list; the first that is still to be imported comes next."""
    left = [which for which in lists if which not in guide.imported and which not in guide.importing]
    return [
        {
            "which": which,
            "what_for": WHAT_FOR[which],
            "is_done": which in guide.imported,
            "is_first": which in left[:1],
            "run": guide.importing.get(which),
            "undecided": guide.undecided.get(which, 0),
        }
        for which in lists
    ]
