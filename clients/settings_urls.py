"""The pages of this app under Admin→Settings."""

from django.urls import path

from clients import settings_views as views
from clients.settings_forms import JobCodeForm
from clients.settings_listings import JOB_CODES
from smmware.core.section_rows import pages_of

app_name = "client_settings"
urlpatterns = [
    *pages_of(JOB_CODES, JobCodeForm, prefix="job-codes", one="job_code"),
    path("custom-fields/", views.CustomFieldsView.as_view(), name="custom_fields"),
    path("custom-fields/<int:pk>/", views.CustomFieldUpdateView.as_view(), name="edit_custom_field"),
    path("custom-fields/<int:pk>/move/", views.CustomFieldMoveView.as_view(), name="move_custom_field"),
    path("custom-fields/<int:pk>/delete/", views.CustomFieldDeleteView.as_view(), name="delete_custom_field"),
]
