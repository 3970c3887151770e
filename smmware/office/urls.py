"""Home, signing in and out, and Admin→Settings."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from smmware.office import history_views, search, views

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("sign-in/", views.SignInView.as_view(), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("password/", views.ChangePasswordView.as_view(), name="password_change"),
    path("settings/", views.SettingsView.as_view(), name="settings"),
    path("settings/basic/", views.BasicSettingsView.as_view(), name="settings_basic"),
    path("settings/invoices/", views.InvoiceSettingsView.as_view(), name="settings_invoices"),
    path("reports/", views.ReportsView.as_view(), name="reports"),
    path("search/", search.SearchView.as_view(), name="search"),
    path("history/<str:kind>/<int:pk>/", history_views.HistoryView.as_view(), name="history"),
]
