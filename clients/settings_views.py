"""Admin→Settings: the custom fields of client profiles."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.views.generic import View

from clients import custom_fields
from clients.models import CustomField
from clients.settings_forms import CustomFieldForm
from smmware.core.permissions import Access, Area, check_may
from smmware.core.records import Back, RecordDeleteView, RecordUpdateView
from smmware.core.sections import SectionAddView

CUSTOM_FIELDS_URL = reverse_lazy("client_settings:custom_fields")


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
