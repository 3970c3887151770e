"""Admin→Settings: job codes, and the custom fields of client profiles."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.views.generic import View

from clients import custom_fields
from clients.models import CustomField, JobCode
from clients.settings_forms import CustomFieldForm, JobCodeForm
from smmware.core.listings import ListingView
from smmware.core.permissions import Access, Area, check_may
from smmware.core.records import Back, RecordCreateView, RecordDeleteView, RecordUpdateView
from smmware.core.sections import SectionAddView, SectionRowMixin

CUSTOM_FIELDS_URL = reverse_lazy("client_settings:custom_fields")


class JobCodeListView(ListingView):
    listing_key = "job_codes"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=Back("Settings", reverse("settings")), **kwargs)


class JobCodeMixin(SectionRowMixin):
    model = JobCode
    form_class: Any = JobCodeForm
    listing_key = "job_codes"


class JobCodeCreateView(JobCodeMixin, RecordCreateView):
    title = "Add job code"


class JobCodeUpdateView(JobCodeMixin, RecordUpdateView):
    title = "Edit job code"
    template_name = "core/section_row_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("client_settings:delete_job_code", args=[self.object.pk])
        return super().get_context_data(delete_url=url, **kwargs)


class JobCodeDeleteView(RecordDeleteView):
    area = Area.SETTINGS
    model = JobCode
    listing_key = "job_codes"


class CustomFieldsView(SectionAddView):
    """The fields in their order, and a form to add one."""

    section = "client_settings:custom_fields"
    template_name = "clients/custom_fields.html"
    form_class: Any = CustomFieldForm
    success_url = CUSTOM_FIELDS_URL

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(custom_fields=custom_fields.in_order(), **kwargs)

    def said(self, saved: CustomField) -> str:
        return f"{saved} is added: every client profile has it now."


class CustomFieldMixin:
    """From a field one comes back to all of them."""

    area = Area.SETTINGS
    model = CustomField

    def back(self) -> Back:
        return Back("Custom Fields", str(CUSTOM_FIELDS_URL))

    def get_success_url(self) -> str:
        return str(CUSTOM_FIELDS_URL)


class CustomFieldUpdateView(CustomFieldMixin, RecordUpdateView):
    form_class: Any = CustomFieldForm
    title = "Rename custom field"


class CustomFieldDeleteView(CustomFieldMixin, RecordDeleteView):
    template_name = "clients/custom_field_delete.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count, examples = custom_fields.lost_with(self.object)
        return super().get_context_data(lost=count, examples=examples, **kwargs)


class CustomFieldMoveView(View):
    """Move a field one place up or down."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        check_may(request.user, Area.SETTINGS, Access.MANAGE)
        fields: QuerySet[CustomField] = CustomField.objects.all()
        custom_fields.move(field=get_object_or_404(fields, pk=pk), steps=1 if "down" in request.POST else -1)
        return HttpResponseRedirect(str(CUSTOM_FIELDS_URL))
