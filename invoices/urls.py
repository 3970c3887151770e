"""The pages of this app."""

from django.urls import path

from invoices import views

app_name = "invoices"
urlpatterns = [
    path("", views.InvoiceListView.as_view(), name="list"),
    path("add/", views.InvoiceAddView.as_view(), name="add"),
    path("<int:pk>/", views.InvoiceView.as_view(), name="detail"),
    path("<int:pk>/edit/", views.InvoiceUpdateView.as_view(), name="edit"),
    path("<int:pk>/move/", views.MoveView.as_view(), name="move"),
    path("<int:pk>/delete/", views.InvoiceDeleteView.as_view(), name="delete"),
    path("lines/<int:pk>/edit/", views.LineUpdateView.as_view(), name="edit_line"),
    path("lines/<int:pk>/remove/", views.LineRemoveView.as_view(), name="remove_line"),
]
