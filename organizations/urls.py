"""The pages of this app."""

from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    path("", views.OrganizationListView.as_view(), name="list"),
    path("add/", views.OrganizationCreateView.as_view(), name="add"),
    path("<int:pk>/", views.OrganizationView.as_view(), name="detail"),
    path("<int:pk>/edit/", views.OrganizationUpdateView.as_view(), name="edit"),
    path("<int:pk>/delete/", views.OrganizationDeleteView.as_view(), name="delete"),
    path("contacts/", views.ContactListView.as_view(), name="contacts"),
    path("contacts/add/", views.ContactCreateView.as_view(), name="add_contact"),
    path("contacts/<int:pk>/", views.ContactView.as_view(), name="contact"),
    path("contacts/<int:pk>/edit/", views.ContactUpdateView.as_view(), name="edit_contact"),
    path("contacts/<int:pk>/delete/", views.ContactDeleteView.as_view(), name="delete_contact"),
]
