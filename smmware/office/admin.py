"""The company, and the records to be read, in the site administration. Short lists are each app's own."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from clients.models import Client, CustomField, Job, JobCode
from hours.models import ExpenseEntry, FlatFee, HourEntry, MileageEntry
from invoices.models import Invoice, InvoiceLine, Payment
from organizations.models import Category, Contact, Organization
from smmware.core.models import Change, Company

admin.site.unregister(Change)  # django-auditlog's page for its own table; ours are the “History” of each record


class ReadOnly:
    """To be looked at: the record's own screens hold its rules, and this site does not."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    list_select_related: ClassVar[bool | list[str]] = True


class InvoiceLineInline(ReadOnly, admin.TabularInline):
    model = InvoiceLine
    fields = ["position", "description", "quantity", "rate", "amount", "covered"]


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["name", "time_zone", "integration"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Company.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Client)
class ClientAdmin(ReadOnlyAdmin):
    list_display = ["name", "stage", "is_own_company", "is_active"]
    list_filter = ["stage", "is_active"]
    search_fields = ["name"]


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["name", "client", "type", "status"]
    list_filter = ["type", "status"]
    search_fields = ["name", "client__name"]


@admin.register(JobCode)
class JobCodeAdmin(ReadOnlyAdmin):
    list_display = ["label", "charge_rate", "pay_rate", "lowest_level", "is_active"]
    list_filter = ["is_active", "lowest_level"]


@admin.register(CustomField)
class CustomFieldAdmin(ReadOnlyAdmin):
    list_display = ["label", "position"]


@admin.register(Category)
class CategoryAdmin(ReadOnlyAdmin):
    search_fields = ["name"]


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    list_display = ["name", "category", "is_active"]
    list_select_related = ["category"]
    search_fields = ["name"]


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "organization"]
    list_select_related = ["organization"]
    search_fields = ["first_name", "last_name"]


@admin.register(HourEntry, MileageEntry, ExpenseEntry, FlatFee)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["date", "associate", "job", "description", "billable", "approved_at"]
    list_select_related = ["associate", "job__client"]
    date_hierarchy = "date"


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ["number", "job", "date", "status"]
    list_select_related = ["job__client"]
    list_filter = ["status", "kind"]
    search_fields = ["number"]
    inlines = [InvoiceLineInline]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["date", "invoice", "amount", "method"]
    list_select_related = ["invoice", "method"]
