"""The Associate Manager and the Associate Profile."""

from django.urls import path

from associates import views

app_name = "associates"
urlpatterns = [
    path("", views.AssociateListView.as_view(), name="list"),
    path("add/", views.AssociateCreateView.as_view(), name="add"),
    path("<int:pk>/", views.AssociateView.as_view(), name="detail"),
    path("<int:pk>/edit/", views.AssociateUpdateView.as_view(), name="edit"),
    path("<int:pk>/sign-in/", views.SignInDetailsView.as_view(), name="sign_in"),
    path("<int:pk>/delete/", views.AssociateDeleteView.as_view(), name="delete"),
    path("<int:pk>/rates/", views.HourlyRateCreateView.as_view(), name="add_rate"),
]
