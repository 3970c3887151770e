"""The categories, until Settings has a page for them. Organizations and contacts have their own screens."""

from django.contrib import admin

from organizations.models import Category


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    search_fields = ["name"]
