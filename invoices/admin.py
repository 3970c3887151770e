"""Terms and payment methods, until Settings has pages for them. Invoices have their own screens."""

from django.contrib import admin

from invoices.models import PaymentMethod, Term


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    list_display = ["name", "due_days", "is_active"]


@admin.register(PaymentMethod)
class PaymentMethodAdmin(admin.ModelAdmin):
    list_display = ["name", "is_active"]
