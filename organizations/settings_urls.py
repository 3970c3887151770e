"""The pages of this app under Admin→Settings."""

from django.urls import path

from organizations import settings_views as views

app_name = "organization_settings"
urlpatterns = [
    path("categories/", views.CategoryListView.as_view(), name="categories"),
    path("categories/add/", views.CategoryCreateView.as_view(), name="add_category"),
    path("categories/<int:pk>/", views.CategoryUpdateView.as_view(), name="edit_category"),
    path("categories/<int:pk>/delete/", views.CategoryDeleteView.as_view(), name="delete_category"),
]
