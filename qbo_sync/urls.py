"""Every QuickBooks page."""

from django.urls import path

from qbo_sync.views import again, connect, copies, imports, renumber, rewrites, runs, settings, steering, unlink, voids

app_name = "qbo"
urlpatterns = [
    path("connect/", connect.ConnectView.as_view(), name="connect"),
    path("connect/start/", connect.ConnectStartView.as_view(), name="connect_start"),
    path("connect/callback/", connect.CallbackView.as_view(), name="callback"),
    path("connect/disconnect/", connect.DisconnectView.as_view(), name="disconnect"),
    path("settings/", settings.SettingsView.as_view(), name="settings"),
    path("settings/mappings/", settings.MappingsView.as_view(), name="mappings"),
    path("settings/import/<str:which>/", imports.ImportView.as_view(), name="import"),
    path("imports/<int:pk>/", imports.ImportReportView.as_view(), name="import_report"),
    path("imports/<int:pk>/cancel/", imports.ImportCancelView.as_view(), name="import_cancel"),
    path("runs/", runs.RunListView.as_view(), name="runs"),
    path("runs/<int:pk>/", copies.RunView.as_view(), name="run"),
    path("runs/<int:pk>/csv/", copies.RunCsvView.as_view(), name="run_csv"),
    path("runs/<int:pk>/next/", steering.NextView.as_view(), name="run_next"),
    path("runs/<int:pk>/pause/", steering.PauseView.as_view(), name="run_pause"),
    path("runs/<int:pk>/cancel/", steering.CancelView.as_view(), name="run_cancel"),
    path("runs/<int:pk>/again/", again.AgainView.as_view(), name="run_again"),
    path("runs/<int:pk>/choices/<int:step>/", copies.ChoicesView.as_view(), name="choices"),
    path("runs/<int:pk>/choices/<int:step>/link/", copies.LinkChoiceView.as_view(), name="choice_link"),
    path("runs/<int:pk>/choices/<int:step>/create/", copies.CreateChoiceView.as_view(), name="choice_create"),
    path("runs/<int:pk>/choices/<int:step>/leave-out/", copies.LeaveOutChoiceView.as_view(), name="choice_leave_out"),
    path("runs/<int:pk>/choices/", copies.AllChoicesView.as_view(), name="choices_all"),
    path("runs/<int:pk>/steps/<int:step>/number/", renumber.RenumberView.as_view(), name="renumber"),
    path("runs/<int:pk>/reverse/", rewrites.ReverseRunView.as_view(), name="run_reverse"),
    path("runs/<int:pk>/compare/<int:step>/", rewrites.CompareView.as_view(), name="compare"),
    path("runs/<int:pk>/compare/<int:step>/send/", rewrites.SendOursView.as_view(), name="send_ours"),
    path("runs/<int:pk>/compare/<int:step>/keep/", rewrites.KeepTheirsView.as_view(), name="keep_theirs"),
    path("update/<str:kind>/<int:pk>/", rewrites.UpdateRecordView.as_view(), name="update_record"),
    path("take-back/<str:kind>/<int:pk>/", rewrites.TakeBackView.as_view(), name="take_back"),
    path("void/<int:pk>/", voids.VoidTooView.as_view(), name="void_too"),
    path("unlink/<int:pk>/", unlink.UnlinkView.as_view(), name="unlink"),
    path("add/<str:kind>/<int:pk>/", copies.AddRecordView.as_view(), name="add_record"),
    path("add-all/<str:key>/", copies.AddAllView.as_view(), name="add_all"),
]
