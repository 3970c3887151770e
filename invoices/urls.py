"""The pages of this app."""

from django.urls import path

from invoices import add_views, client_views, month_views, more_views, payment_views, views, void_views

app_name = "invoices"
urlpatterns = [
    path("", views.InvoiceListView.as_view(), name="list"),
    path("add/", add_views.InvoiceAddView.as_view(), name="add"),
    path("months/", month_views.MonthsView.as_view(), name="months"),
    path("<int:pk>/", views.InvoiceView.as_view(), name="detail"),
    path("<int:pk>/edit/", views.InvoiceUpdateView.as_view(), name="edit"),
    path("<int:pk>/entries/add/", more_views.MoreEntriesView.as_view(), name="add_entries"),
    path("<int:pk>/lines/add/", more_views.LineCreateView.as_view(), name="add_line"),
    path("<int:pk>/move/", views.MoveView.as_view(), name="move"),
    path("<int:pk>/delete/", views.InvoiceDeleteView.as_view(), name="delete"),
    path("<int:pk>/void/", void_views.VoidView.as_view(), name="void"),
    path("<int:pk>/print/", client_views.PrintView.as_view(), name="print"),
    path("<int:pk>/pdf/", client_views.PdfView.as_view(), name="pdf"),
    path("<int:pk>/send/", client_views.SendView.as_view(), name="send"),
    path("<int:pk>/payments/add/", payment_views.PaymentCreateView.as_view(), name="add_payment"),
    path("payments/<int:pk>/edit/", payment_views.PaymentUpdateView.as_view(), name="edit_payment"),
    path("payments/<int:pk>/remove/", payment_views.PaymentRemoveView.as_view(), name="remove_payment"),
    path("lines/<int:pk>/edit/", views.LineUpdateView.as_view(), name="edit_line"),
    path("lines/<int:pk>/remove/", views.LineRemoveView.as_view(), name="remove_line"),
]
