"""The pages of all work lists."""

from django.urls import path

from smmware.core.work_list_views import WorkListsView, WorkListView

urlpatterns = [
    path("", WorkListsView.as_view(), name="work_lists"),
    path("<slug:key>/", WorkListView.as_view(), name="work_list"),
    path("<slug:key>/<int:pk>/", WorkListView.as_view(), name="work_list_row"),
]
