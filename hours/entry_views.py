"""The page of one entry: shown, changed, deleted. Whose entry one may not see does not exist for them."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from clients.access import sees_charges
from hours import receipts, recording
from hours.access import entries_for, sees_pay, time_settings
from hours.amounts import charge_of
from hours.approval import may_approve, may_take_back
from hours.display import receipt_link
from hours.forms import EntryForm, ExpenseEntryForm, FlatFeeForm, HourEntryForm, MileageEntryForm
from hours.models import Distance, Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry
from smmware.core.display import day, link, moment, money, yes_no
from smmware.core.extensions import Action, edit_vetoes
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin, RecordDeleteView, RecordUpdateView, RecordView


class EntryMixin:
    """What the pages of all entries share: who may open them, and which entries there are for them."""

    area = Area.ENTRIES
    needed = Access.SELF
    model: type[Entry] = HourEntry
    request: HttpRequest

    def get_queryset(self) -> QuerySet:
        return entries_for(self.request.user, self.model)


class EntryView(EntryMixin, RecordView):
    """An entry's page."""

    page: str  # the name of its URL; those of edit, delete and approval are made of it
    object: Any

    def facts(self) -> list[tuple[str, Any]]:
        entry = self.object
        facts = [
            ("Date", day(entry.date)),
            ("Person", link(entry.associate)),
            ("Client", link(entry.job.client)),
            ("Job", link(entry.job, entry.job.name)),
            *self.measured(),
            *(self.charged() if sees_charges(self.request.user) else []),
            *(self.paid() if sees_pay(self.request.user, entry) else []),
            ("Description", entry.description),
        ]
        return [*facts, ("Billable", yes_no(entry.billable)), *self._approval()]

    def measured(self) -> list[tuple[str, Any]]:
        """What was recorded, for everybody who sees the entry."""
        return []

    def charged(self) -> list[tuple[str, Any]]:
        """What the client pays, for those who may know."""
        return [("Charge", money(charge_of(self.object)))]

    def paid(self) -> list[tuple[str, Any]]:
        """What the associate is paid, for those who may know."""
        return []

    def _approval(self) -> list[tuple[str, Any]]:
        entry = self.object
        locks = " ".join(edit_vetoes(entry))
        if not entry.is_approved:
            waits = time_settings(self.request).approval_is_on
            return [("Approved", "Not yet" if waits else ""), ("Locked", locks)]
        return [("Approved", f"By {entry.approved_by}, {moment(entry.approved_at)}"), ("Locked", locks)]

    def own_actions(self) -> list[Action]:
        return [*self._approval_actions(), *([] if edit_vetoes(self.object) else self._change_actions())]

    def _change_actions(self) -> list[Action]:
        return [Action("Edit", self._url("edit"), method="get"), Action("Delete", self._url("delete"), method="get")]

    def _approval_actions(self) -> list[Action]:
        who, entry, settings = self.request.user, self.object, time_settings(self.request)
        if not entry.is_approved:
            return [Action("Approve", self._url("approve"))] if may_approve(who, entry, settings) else []
        if recording.unapprove_vetoes(entry) or not may_take_back(who, entry, settings):
            return []
        return [Action("Take approval back", self._url("unapprove"))]

    def _url(self, verb: str) -> str:
        return reverse(f"hours:{verb}_{self.page}", args=[self.object.pk])


class EntryUpdateView(EntryMixin, RecordUpdateView):
    """Change an entry that is not locked."""

    form_class: Any = EntryForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.request.user}


class EntryDeleteView(EntryMixin, RecordDeleteView):
    """Delete an entry that is not locked."""

    def delete_record(self) -> None:
        recording.remove(entry=self.object)


class HourEntryView(EntryView):
    listing_key = "hours"
    model = HourEntry
    page = "hour_entry"

    def measured(self) -> list[tuple[str, Any]]:
        code = self.object.job_code
        return [("Hours", self.object.hours), ("Job code", code.label if code else "")]

    def charged(self) -> list[tuple[str, Any]]:
        return [("Charge rate", f"{money(self.object.charge_rate)} an hour"), *super().charged()]

    def paid(self) -> list[tuple[str, Any]]:
        return [("Pay rate", f"{money(self.object.pay_rate)} an hour")]


class MileageEntryView(EntryView):
    listing_key = "mileage"
    model = MileageEntry
    page = "mileage_entry"

    def measured(self) -> list[tuple[str, Any]]:
        return [(Distance(self.object.unit).label, self.object.miles)]

    def charged(self) -> list[tuple[str, Any]]:
        formula = _formula(self.object, self.object.charge_included_miles, self.object.charge_rate)
        return [("Charge formula", formula), *super().charged()]

    def paid(self) -> list[tuple[str, Any]]:
        formula = _formula(self.object, self.object.pay_included_miles, self.object.pay_rate)
        return [("Pay formula", formula), ("Paid back", money(self.object.pay_amount))]


class ExpenseEntryView(EntryView):
    listing_key = "expenses"
    model = ExpenseEntry
    page = "expense_entry"

    def measured(self) -> list[tuple[str, Any]]:
        entry = self.object
        return [
            ("Amount", money(entry.amount)),
            ("Category", entry.category),
            ("Vendor", link(entry.vendor)),
            ("Paid from", entry.get_paid_from_display()),
            ("Receipt", receipt_link(entry)),
        ]


class ReceiptView(EntryMixin, AreaMixin, View):
    """The file of an expense's receipt, for whoever may see the expense."""

    model = ExpenseEntry

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        entry = get_object_or_404(self.get_queryset().exclude(receipt=""), pk=pk)
        try:
            return receipts.response(entry)
        except FileNotFoundError as error:
            raise Http404(f"The receipt of {entry} is missing on this machine.") from error


class FlatFeeMixin:
    area = Area.FLAT_FEES
    needed = Access.MANAGE
    listing_key = "flat_fees"
    model: type[Entry] = FlatFee


class FlatFeeView(FlatFeeMixin, EntryView):
    page = "flat_fee"

    def measured(self) -> list[tuple[str, Any]]:
        return [("Amount", money(self.object.amount)), ("Taxable", yes_no(self.object.taxable))]


class HourEntryUpdateView(EntryUpdateView):
    listing_key = "hours"
    model = HourEntry
    form_class = HourEntryForm
    title = "Edit hours"


class MileageEntryUpdateView(EntryUpdateView):
    listing_key = "mileage"
    model = MileageEntry
    form_class = MileageEntryForm
    title = "Edit mileage"


class ExpenseEntryUpdateView(EntryUpdateView):
    listing_key = "expenses"
    model = ExpenseEntry
    form_class = ExpenseEntryForm
    title = "Edit expense"


class FlatFeeUpdateView(FlatFeeMixin, EntryUpdateView):
    form_class = FlatFeeForm
    title = "Edit flat fee"


class FlatFeeDeleteView(FlatFeeMixin, EntryDeleteView):
    pass


def _formula(entry: MileageEntry, included: Any, rate: Any) -> str:
    beyond = f" beyond {included.normalize():f}" if included else ""
    return f"${rate} a {Distance(entry.unit).one}{beyond}"
