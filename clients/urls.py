"""The pages of this app."""

from django.urls import path

from clients import job_views, views

app_name = "clients"
urlpatterns = [
    path("", views.ClientListView.as_view(), name="list"),
    path("add/", views.ClientCreateView.as_view(), name="add"),
    path("<int:pk>/", views.ClientView.as_view(), name="detail"),
    path("<int:pk>/edit/", views.ClientUpdateView.as_view(), name="edit"),
    path("<int:pk>/delete/", views.ClientDeleteView.as_view(), name="delete"),
    path("<int:pk>/promote/", views.PromoteView.as_view(), name="promote"),
    path("<int:pk>/addresses/add/", views.AddressCreateView.as_view(), name="add_address"),
    path("addresses/<int:pk>/edit/", views.AddressUpdateView.as_view(), name="edit_address"),
    path("addresses/<int:pk>/delete/", views.AddressDeleteView.as_view(), name="delete_address"),
    path("inquiries/", views.InquiryListView.as_view(), name="inquiries"),
    path("inquiries/add/", views.InquiryCreateView.as_view(), name="add_inquiry"),
    path("jobs/", job_views.JobListView.as_view(), name="jobs"),
    path("jobs/add/", job_views.JobCreateView.as_view(), name="add_job"),
    path("jobs/<int:pk>/", job_views.JobView.as_view(), name="job"),
    path("jobs/<int:pk>/edit/", job_views.JobUpdateView.as_view(), name="edit_job"),
    path("jobs/<int:pk>/delete/", job_views.JobDeleteView.as_view(), name="delete_job"),
]
