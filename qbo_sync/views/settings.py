"""Admin → “QuickBooks Online Settings”: imports and mappings (manual, “Configuration and Importing Initial Data”)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from invoices.models import InvoiceSettings
from qbo_sync.access import QboMixin
from qbo_sync.guide import Guide
from qbo_sync.mappings import USED_FOR, Choice, Mappings, Slot, types_for
from qbo_sync.mappings.uses import Uses
from qbo_sync.models import Connection, ImportList, Kind, Link, Purpose, Run
from qbo_sync.models.mapping import FALLBACKS
from qbo_sync.models.states import RunState
from qbo_sync.pull.begin import latest_imports
from qbo_sync.pull.report import counts_in_words
from qbo_sync.runs.moves import OPEN_RUNS, has_expired
from smmware.core.forms import DateInput

BECOMES = {
    ImportList.ACCOUNTS: "to choose from below",
    ImportList.ITEMS: "to choose from below",
    ImportList.PAYMENT_METHODS: "become payment methods here",
    ImportList.TERMS: "become terms here",
    ImportList.CLASSES: "to choose from below, where you track classes",
    ImportList.LOCATIONS: "to choose from below, where you track locations",
    ImportList.CLIENTS: "customers at QuickBooks become clients",
    ImportList.VENDORS: "vendors at QuickBooks become organizations",
    ImportList.ASSOCIATES: "employees at QuickBooks become associates",
}
OF_THE_CONNECTION = (
    "go_live_date",
    "copied_from_status",
    "invoice_numbers",
    "jobs_are_customers",
    "receipts_are_copied",
    "long_run_minutes",
    "name_rule",
    "customer_suffix",
    "vendor_suffix",
    "employee_suffix",
)
SPECIAL_ITEMS = {
    Purpose.JOB_CODE_ITEM: "Items for job codes",
    Purpose.CATEGORY_ITEM: "Items for expense categories",
    Purpose.PRESET_ITEM: "Items for flat fees",
}
NOT_CONNECTED = "SMMware is not connected to QuickBooks. Connect first."


class SettingsView(QboMixin, TemplateView):
    """The lists to import in the manual's order, and how far the mappings are."""

    template_name = "qbo_sync/settings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        connection = Connection.active()
        context = super().get_context_data(connection=connection, **kwargs)
        return context if connection is None else context | _of(connection)


def _of(connection: Connection) -> dict[str, Any]:
    latest, mappings = latest_imports(connection), Mappings(connection)
    uses = Uses(connection, mappings.chosen_keys)
    shown = [slot for slot in mappings.slots if slot.purpose not in FALLBACKS or mappings.chosen(slot)]
    return {
        "lists": [_row(which, latest.get(which)) for which in ImportList],
        "mappings": [(slot, mappings.chosen(slot), uses.in_words(slot.key)) for slot in shown],
        "tax": in_words_of_tax(connection),
        "payments_here": InvoiceSettings.current().payments_here,
        "needed": sum(not slot.purpose.is_optional for slot in mappings.slots),
        "missing": len(mappings.missing()),
        "unfit": mappings.unfit(),
    }


def _row(which: ImportList, run: Run | None) -> dict[str, Any]:
    busy = run is not None and run.state in OPEN_RUNS
    return {
        "which": which,
        "becomes": BECOMES[which],
        "run": run,
        "busy": busy,
        "waits": run is not None and run.state == RunState.PLANNED and not has_expired(run),
        "did": _did(run) if run else "",
    }


def _did(run: Run) -> str:
    """What an import did; of one that did not get to its end only what it left undone is sure."""
    if run.state == RunState.DONE:
        return counts_in_words(run.report)
    if run.state == RunState.PLANNED:
        return "nothing yet"
    left = run.size - run.progress
    return f"{left:,} not imported" if run.is_over and run.planned_at and left else ""


class MappingsForm(forms.ModelForm):
    """What is copied and how, and a select for each slot. Proposals are filled in where nothing is chosen yet."""

    class Meta:
        model = Connection
        fields = OF_THE_CONNECTION
        widgets = {"go_live_date": DateInput}
        help_texts = {
            "go_live_date": "Nothing dated before this day is copied to QuickBooks. Empty: everything may be copied.",
            "copied_from_status": "Whatever is below it stays here until somebody moves it on.",
            "jobs_are_customers": (
                "A customer at QuickBooks for each job, below that of its client. Hours, costs and invoices go there. "
                "No: everything goes to the client's own customer."
            ),
            "receipts_are_copied": "The file goes to QuickBooks after its expense, and is found there with it.",
            "name_rule": "QuickBooks takes a name only once over customers, vendors and employees.",
            "long_run_minutes": "Whoever pressed “Next” for a long run gets a mail when it ends. Empty: nobody.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mappings = Mappings(self.instance)
        self.uses = Uses(self.instance, self.mappings.chosen_keys)
        self.proposed: list[Slot] = []
        self.fields["invoice_numbers"].help_text = _numbering(self.instance)
        for slot in self.mappings.slots:
            self._add(slot)

    def _add(self, slot: Slot) -> None:
        nothing = "— none —" if slot.purpose.is_optional else "— not chosen —"
        if usual := FALLBACKS.get(slot.purpose):
            nothing = f"— {usual.label[0].lower()}{usual.label[1:]} —"
        chosen = self.mappings.chosen(slot)
        likely = chosen or self.mappings.proposal(slot)
        if likely and not chosen:
            self.proposed.append(slot)
        self.fields[slot.name] = forms.TypedChoiceField(
            label=slot.label,
            choices=[("", nothing), *_grouped(self.mappings.choices(slot))],
            coerce=int,
            empty_value=None,
            required=False,
            initial=likely and likely.pk,
            help_text=" ".join(filter(None, (_used_for(slot), self._waiting(slot)))),
            error_messages={"invalid_choice": _wrong(slot.purpose)},
        )

    def _waiting(self, slot: Slot) -> str:
        """What a change will affect."""
        waiting = self.uses.in_words(slot.key)
        return f"Not copied yet: {waiting}." if waiting else ""

    def changes(self) -> list[str]:
        """What was changed, with what that affects: the form is valid, and not saved yet."""
        before = {slot: self.mappings.chosen(slot) for slot in self.mappings.slots}
        changed = [slot for slot, choice in before.items() if self.cleaned_data[slot.name] != (choice and choice.pk)]
        return [f"{slot.label} ({waiting})" for slot in changed if (waiting := self.uses.in_words(slot.key))]

    def groups(self) -> list[dict[str, Any]]:
        """The fields in the sections of the page."""
        slots = self.mappings.slots
        items = [slot for slot in slots if slot.purpose.takes_item and not slot.owner]
        costs = [slot for slot in slots if slot.purpose in (Purpose.MILEAGE_ACCOUNT, Purpose.CATEGORY_ACCOUNT)]
        paid = [slot for slot in slots if slot.purpose.value.startswith("paid_from")]
        tracked = [slot for slot in slots if slot.purpose.takes in ("klass", "department")]
        groups: list[dict[str, Any]] = [
            {"title": "Items on invoices", "rows": [self._row(slot) for slot in items]},
            *(self._special(purpose, title) for purpose, title in SPECIAL_ITEMS.items()),
            {"title": "Accounts for costs", "rows": [self._row(slot) for slot in costs], "anchor": "category_account"},
            {"title": "What expenses are paid from", "rows": [self._row(slot) for slot in paid]},
            {"title": "Payments", "rows": self._rows_of(Purpose.DEPOSIT_ACCOUNT), "intro": _payments()},
            {"title": "Class and location", "rows": [self._row(slot) for slot in tracked]},
        ]
        return [group for group in groups if group["rows"]]

    def _special(self, purpose: Purpose, title: str) -> dict[str, Any]:
        intro = f"{USED_FOR[purpose]} Choose only where it is not the usual one, “{FALLBACKS[purpose].label}”."
        rows = self._rows_of(purpose)
        is_used = any(row["field"].value() or row["field"].errors for row in rows)
        return {
            "title": title, "rows": rows, "intro": intro, "anchor": purpose.value, "folds": True, "is_used": is_used,
        }  # fmt: skip

    def _rows_of(self, purpose: Purpose) -> list[dict[str, Any]]:
        return [self._row(slot) for slot in self.mappings.slots if slot.purpose == purpose]

    def _row(self, slot: Slot) -> dict[str, Any]:
        field: BoundField = self[slot.name]
        unfit = slot in self.mappings.unfit()
        missing = slot in self.mappings.missing()
        state = "proposed" if slot in self.proposed else "missing" if missing else ""
        return {"slot": slot, "field": field, "state": "unfit" if unfit else state}

    def save(self, commit: bool = True) -> Connection:
        """Store the choices. Of the connection these columns alone: tokens and lease change by themselves."""
        self.mappings.save({slot: self.cleaned_data[slot.name] for slot in self.mappings.slots})
        if self.instance.go_live_date:
            self.instance.copies_everything = False
        self.instance.save(update_fields=(*OF_THE_CONNECTION, "copies_everything"))
        return self.instance


def linked_lists(connection: Connection) -> list[dict[str, Any]]:
    """The payment methods and terms here, with the QBO ID of each: "" for what is not linked. Two queries."""
    rows = []
    for kind in (Kind.PAYMENT_METHOD, Kind.TERM):
        links = Link.objects.filter(connection=connection, **{kind.value: OuterRef("pk")})
        records: Any = kind.model._default_manager.annotate(at_qbo=Subquery(links.values("qbo_id")[:1]))
        rows += [
            {"name": each.name, "what": kind.label, "is_active": each.is_active, "qbo_id": each.at_qbo or ""}
            for each in records
        ]
    return rows


def _used_for(slot: Slot) -> str:
    """What it is used for; said once over the slots that are chosen one by one."""
    return "" if slot.owner else USED_FOR[slot.purpose]


def in_words_of_tax(connection: Connection) -> str:
    """What becomes of sales tax, which QuickBooks says when a copy begins (qbo-api.md §8.9, §8.12)."""
    if not connection.uses_sales_tax:
        return "Sales tax is switched off at QuickBooks: no line is taxed."
    if connection.automated_tax:
        return "QuickBooks finds the rate by itself (automated sales tax); lines say whether they are taxable."
    if connection.tax_code:
        return "Taxable lines are taxed by the code that QuickBooks uses for your company."
    return "Lines say whether they are taxable. Which code QuickBooks uses is asked when a copy begins."


def _payments() -> str:
    """Where payments are recorded, which the company's own settings say."""
    if InvoiceSettings.current().payments_here:
        return "Payments are recorded here: those of an invoice are offered whenever it is copied."
    return "Payments are recorded in QuickBooks, so none is copied. Section 4 of Settings can change that."


def _numbering(connection: Connection) -> str:
    """What the choice of numbers means in this company."""
    if connection.numbers_itself:
        return "Your QuickBooks can number by itself: then each copy says which number it was given there."
    return "Your QuickBooks leaves numbers to people (“Custom transaction numbers”), so it takes ours either way."


def _grouped(choices: list[Choice]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Items and accounts under their types."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for choice in choices:
        label = choice.full_name if choice.is_active else f"{choice.full_name} – inactive at QuickBooks"
        groups.setdefault(choice.type or "Other", []).append((choice.pk, label))
    return sorted(groups.items())


def _wrong(purpose: Purpose) -> str:
    if purpose.takes in ("klass", "department"):
        return "Choose one from the list. It may have changed at QuickBooks since you opened this page."
    noun, types = "an item" if purpose.takes_item else "an account", " or ".join(sorted(types_for(purpose)))
    return f"Choose {noun} of type {types} from the list. It may have changed at QuickBooks since you opened this page."


class MappingsView(QboMixin, FormView):
    """Which item or account at QuickBooks stands for what, and the go-live date."""

    template_name = "qbo_sync/mappings.html"
    form_class = MappingsForm

    @cached_property
    def connection(self) -> Connection | None:
        return Connection.active()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.connection else self._unconnected()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.connection else self._unconnected()

    def _unconnected(self) -> HttpResponse:
        messages.error(self.request, NOT_CONNECTED)
        return redirect("qbo:connect")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.connection}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.connection is None:
            return context
        return context | {"linked_lists": linked_lists(self.connection), "tax": in_words_of_tax(self.connection)}

    def form_valid(self, form: MappingsForm) -> HttpResponse:
        changes = form.changes()
        form.save()
        missing = len(Mappings(form.instance).missing())
        rest = f" {missing} still to be chosen." if missing else " Everything is chosen."
        if changes:
            rest += f" What is not copied yet goes by your change: {'; '.join(changes)}. What is copied stays as it is."
        messages.success(self.request, f"Saved.{rest}")
        return super().form_valid(form)

    def get_success_url(self) -> str:
        """Back to the first steps while there are some, for that is where one came from."""
        return reverse("qbo:settings" if Guide(Connection.active()).is_finished else "qbo:guide")
