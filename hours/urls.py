"""The pages of this app."""

from django.urls import URLPattern, path

from hours import approval_views, entry_views, report_views, unpaid_views, views
from hours.models import Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry

app_name = "hours"


def _entry(prefix: str, name: str, model: type[Entry], listing_key: str) -> list[URLPattern]:
    """The pages of one entry that are alike for every kind."""
    delete = entry_views.FlatFeeDeleteView if model is FlatFee else entry_views.EntryDeleteView
    approval = approval_views.ApprovalView
    return [
        path(f"{prefix}<int:pk>/delete/", delete.as_view(model=model, listing_key=listing_key), name=f"delete_{name}"),
        path(f"{prefix}<int:pk>/approve/", approval.as_view(model=model), name=f"approve_{name}"),
        path(f"{prefix}<int:pk>/unapprove/", approval.as_view(model=model, approving=False), name=f"unapprove_{name}"),
    ]


urlpatterns = [
    path("", views.HistoryView.as_view(listing_key="hours"), name="hours"),
    path("approvals/", approval_views.ApprovalsView.as_view(), name="approvals"),
    *(
        path(f"reports/{key}/", report_views.ReportView.as_view(key=key), name=f"{key}_report")
        for key in report_views.REPORTS
    ),
    path("reports/without-rate/", unpaid_views.WithoutRateView.as_view(), name="without_rate"),
    path("record/", views.RecordHoursView.as_view(), name="record"),
    path("<int:pk>/", entry_views.HourEntryView.as_view(), name="hour_entry"),
    path("<int:pk>/edit/", entry_views.HourEntryUpdateView.as_view(), name="edit_hour_entry"),
    *_entry("", "hour_entry", HourEntry, "hours"),
    path("mileage/", views.HistoryView.as_view(listing_key="mileage"), name="mileage"),
    path("mileage/<int:pk>/", entry_views.MileageEntryView.as_view(), name="mileage_entry"),
    path("mileage/<int:pk>/edit/", entry_views.MileageEntryUpdateView.as_view(), name="edit_mileage_entry"),
    *_entry("mileage/", "mileage_entry", MileageEntry, "mileage"),
    path("expenses/", views.HistoryView.as_view(listing_key="expenses"), name="expenses"),
    path("expenses/record/", views.RecordExpenseView.as_view(), name="record_expense"),
    path("expenses/<int:pk>/", entry_views.ExpenseEntryView.as_view(), name="expense_entry"),
    path("expenses/<int:pk>/receipt/", entry_views.ReceiptView.as_view(), name="receipt"),
    path("expenses/<int:pk>/edit/", entry_views.ExpenseEntryUpdateView.as_view(), name="edit_expense_entry"),
    *_entry("expenses/", "expense_entry", ExpenseEntry, "expenses"),
    path("flat-fees/", views.HistoryView.as_view(listing_key="flat_fees"), name="flat_fees"),
    path("flat-fees/record/", views.RecordFlatFeeView.as_view(), name="record_flat_fee"),
    path("flat-fees/<int:pk>/", entry_views.FlatFeeView.as_view(), name="flat_fee"),
    path("flat-fees/<int:pk>/edit/", entry_views.FlatFeeUpdateView.as_view(), name="edit_flat_fee"),
    *_entry("flat-fees/", "flat_fee", FlatFee, "flat_fees"),
]
