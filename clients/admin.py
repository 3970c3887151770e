"""Custom fields and job codes, until Settings has pages for them. Clients and jobs have their own screens."""

from django.contrib import admin

from clients.models import CustomField, JobCode


@admin.register(CustomField)
class CustomFieldAdmin(admin.ModelAdmin):
    list_display = ["label", "position"]


@admin.register(JobCode)
class JobCodeAdmin(admin.ModelAdmin):
    list_display = ["label", "charge_rate", "pay_rate", "lowest_level", "is_active"]
    list_filter = ["is_active", "lowest_level"]
