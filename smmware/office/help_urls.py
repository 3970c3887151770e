"""The pages of the manual."""

from django.urls import path

from smmware.office import help_views

urlpatterns = [
    path("", help_views.HelpIndexView.as_view(), name="help"),
    path("<slug:slug>/", help_views.HelpPageView.as_view(), name="help_page"),
]
