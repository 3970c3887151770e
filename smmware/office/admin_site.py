"""Django's admin for Company Owners, entered through the office's own page for signing in."""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse


class OfficeAdminSite(AdminSite):
    site_header = "SMMware site administration"
    site_title = "SMMware"
    index_title = "Records and permission flags"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever is signed in without access hears so, instead of being asked to sign in as somebody else."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def for_owners(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied("The site administration is for Company Owners.")
            return inner(request, *args, **kwargs)

        return for_owners

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one page for signing in, which counts failed attempts: nobody gets here without having passed it."""
        return HttpResponseRedirect(reverse("admin:index"))
