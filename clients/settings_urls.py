"""The pages of this app under Admin→Settings."""

from django.urls import path

from clients import settings_views as views

app_name = "client_settings"
urlpatterns = [
    path("job-codes/", views.JobCodeListView.as_view(), name="job_codes"),
    path("job-codes/add/", views.JobCodeCreateView.as_view(), name="add_job_code"),
    path("job-codes/<int:pk>/", views.JobCodeUpdateView.as_view(), name="edit_job_code"),
    path("job-codes/<int:pk>/delete/", views.JobCodeDeleteView.as_view(), name="delete_job_code"),
    path("custom-fields/", views.CustomFieldsView.as_view(), name="custom_fields"),
    path("custom-fields/<int:pk>/", views.CustomFieldUpdateView.as_view(), name="edit_custom_field"),
    path("custom-fields/<int:pk>/move/", views.CustomFieldMoveView.as_view(), name="move_custom_field"),
    path("custom-fields/<int:pk>/delete/", views.CustomFieldDeleteView.as_view(), name="delete_custom_field"),
]
