"""Which address opens which page. Each app has its own list."""

from django.contrib import admin
from django.urls import include, path

from smmware.core.picker_views import ChoicesView

handler403 = "smmware.office.refusals.permission_denied"
urlpatterns = [
    path("", include("smmware.office.urls")),
    path("help/", include("smmware.office.help_urls")),
    path("settings/", include("clients.settings_urls")),
    path("settings/", include("organizations.settings_urls")),
    path("settings/", include("hours.settings_urls")),
    path("associates/", include("associates.urls")),
    path("organizations/", include("organizations.urls")),
    path("clients/", include("clients.urls")),
    path("hours/", include("hours.urls")),
    path("invoices/", include("invoices.urls")),
    path("quickbooks/", include("qbo_sync.urls")),
    path("choices/<slug:source>/", ChoicesView.as_view(), name="choices"),
    path("work-lists/", include("smmware.core.work_list_urls")),
    path("admin/", admin.site.urls),
]
