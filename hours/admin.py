"""Expense categories and flat fee presets, until Settings has pages for them. Entries have their own screens."""

from django.contrib import admin

from hours.models import ExpenseCategory, FlatFeePreset


@admin.register(ExpenseCategory)
class ExpenseCategoryAdmin(admin.ModelAdmin):
    search_fields = ["name"]


@admin.register(FlatFeePreset)
class FlatFeePresetAdmin(admin.ModelAdmin):
    list_display = ["label", "amount", "taxable"]
