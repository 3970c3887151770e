"""Clients, inquiries and where they live."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from clients import addresses
from clients.access import clients_for, manages_clients, manages_jobs, views_jobs
from clients.forms import AddressForm, ClientForm, InquiryForm
from clients.listings import CLIENTS, INQUIRIES, JobTable
from clients.models import Address, Client, CustomFieldValue
from smmware.core.display import dial, link, write_to, yes_no
from smmware.core.extensions import Action, Panel
from smmware.core.listings import ListingView
from smmware.core.permissions import Access, Area, check_may
from smmware.core.records import Back, RecordCreateView, RecordDeleteView, RecordUpdateView, RecordView
from smmware.core.tables import table_panel


class ClientListView(ListingView):
    listing_key = "clients"


class InquiryListView(ListingView):
    listing_key = "inquiries"


class InItsListing:
    """The way back from an inquiry is to the inquiries, from a client to the Client Manager."""

    object: Any

    def back(self) -> Back:
        listing = INQUIRIES if self.object.is_inquiry else CLIENTS
        return Back(listing.title, reverse(listing.url_name))


class ClientView(InItsListing, RecordView):
    """A client's or inquiry's profile: the base of it for everybody, the whole for those who manage clients."""

    area = Area.CLIENTS
    object: Client

    def get_queryset(self) -> QuerySet[Client]:
        values = Prefetch("custom_values", CustomFieldValue.objects.select_related("field"))
        return clients_for(self.request.user).select_related("representative").prefetch_related("addresses", values)

    def facts(self) -> list[tuple[str, Any]]:
        client = self.object
        base: list[tuple[str, Any]] = [
            ("Phone", dial(client.phone)),
            ("Mobile", dial(client.mobile)),
            ("E-mail", write_to(client.email)),
            ("Client representative", link(client.representative)),
            ("Stage", client.get_stage_display()),
            ("Active", yes_no(client.is_active)),
        ]
        return [*base, *self._whole_profile()] if manages_clients(self.request.user) else base

    def _whole_profile(self) -> list[tuple[str, Any]]:
        client = self.object
        return [
            ("Company", client.company_name),
            ("Referred by", client.referred_by),
            ("Act as reference", yes_no(client.acts_as_reference)),
            ("Our own company", "Yes" if client.is_own_company else ""),
            *((value.field.label, value.value) for value in client.custom_values.all()),
            ("Notes", client.notes),
        ]

    def own_actions(self) -> list[Action]:
        if not manages_clients(self.request.user):
            return []
        return [*self._promotion(), *self._page("Edit", "edit"), *self._job_page(), *self._page("Delete", "delete")]

    def _promotion(self) -> list[Action]:
        client = self.object
        return [Action("Promote to Client", reverse("clients:promote", args=[client.pk]))] if client.is_inquiry else []

    def _job_page(self) -> list[Action]:
        if self.object.is_inquiry or not manages_jobs(self.request.user):
            return []
        return [Action("Add job", f"{reverse('clients:add_job')}?client={self.object.pk}", method="get")]

    def _page(self, label: str, name: str) -> list[Action]:
        return [Action(label, reverse(f"clients:{name}", args=[self.object.pk]), method="get")]

    def own_panels(self) -> list[Panel]:
        context = {"addresses": self.object.addresses.all(), "manages": manages_clients(self.request.user)}
        panels = [Panel("Addresses", "clients/addresses.html", context)]
        if views_jobs(self.request.user) and not self.object.is_inquiry:
            rows = self.object.jobs.select_related("client").prefetch_related("leads")
            table = JobTable(rows, request=self.request, exclude=("client",), orderable=False)
            panels.append(table_panel("Jobs", table, "There is no job for this client yet."))
        return panels


class ClientCreateView(RecordCreateView):
    area = Area.CLIENTS
    listing_key = "clients"
    form_class: type[InquiryForm] = ClientForm
    title = "Add client"
    stage = Client.Stage.CLIENT

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Client(stage=self.stage)}


class InquiryCreateView(ClientCreateView):
    listing_key = "inquiries"
    form_class = InquiryForm
    title = "Add inquiry"
    stage = Client.Stage.INQUIRY


class ClientUpdateView(RecordUpdateView):
    area = Area.CLIENTS
    model = Client
    form_class: type[InquiryForm] = ClientForm
    title = "Edit client"

    def get_object(self, queryset: QuerySet | None = None) -> Client:
        client = super().get_object(queryset)
        self.title = "Edit inquiry" if client.is_inquiry else "Edit client"
        return client

    def get_form_class(self) -> type[InquiryForm]:
        return InquiryForm if self.object.is_inquiry else ClientForm


class ClientDeleteView(InItsListing, RecordDeleteView):
    area = Area.CLIENTS
    model = Client

    def get_success_url(self) -> str:
        return self.back().url


class PromoteView(View):
    """“Promote to Client”."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        check_may(request.user, Area.CLIENTS, Access.MANAGE)
        client = get_object_or_404(Client, pk=pk)
        client.promote()
        messages.success(request, f"{client} is a client now.")
        return HttpResponseRedirect(client.get_absolute_url())


class AddressMixin:
    """An address is edited on its client's behalf."""

    area = Area.CLIENTS
    needed = Access.MANAGE
    model = Address

    @cached_property
    def client(self) -> Client:
        address = getattr(self, "object", None)
        return address.client if address else get_object_or_404(Client, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def back(self) -> Back:
        return Back(str(self.client), self.client.get_absolute_url())

    def get_success_url(self) -> str:
        return self.client.get_absolute_url()


class AddressCreateView(AddressMixin, RecordCreateView):
    form_class = AddressForm
    title = "Add address"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Address(client=self.client)}


class AddressUpdateView(AddressMixin, RecordUpdateView):
    form_class = AddressForm
    title = "Edit address"


class AddressDeleteView(AddressMixin, RecordDeleteView):
    def delete_record(self) -> None:
        addresses.remove(address=self.object)
