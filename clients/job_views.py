"""Jobs."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from clients.access import jobs_for, manages_jobs, sees_charges, views_clients
from clients.forms import JobForm
from clients.listings import JOB_TONES
from clients.models import Job
from smmware.core.display import day, link, money, pill
from smmware.core.extensions import Action, Panel
from smmware.core.listings import ListingView
from smmware.core.permissions import Area
from smmware.core.records import RecordCreateView, RecordDeleteView, RecordUpdateView, RecordView


class JobListView(ListingView):
    listing_key = "jobs"


class JobView(RecordView):
    area = Area.JOBS
    listing_key = "jobs"
    object: Job

    def get_queryset(self) -> QuerySet[Job]:
        return jobs_for(self.request.user).prefetch_related("client__addresses")

    def facts(self) -> list[tuple[str, Any]]:
        job = self.object
        facts: list[tuple[str, Any]] = [
            ("Client", link(job.client) if views_clients(self.request.user) else job.client),
            ("Type", job.get_type_display()),
            ("Status", pill(job.get_status_display(), JOB_TONES.get(Job.Status(job.status), "neutral"))),
            ("Team leads", ", ".join(str(lead) for lead in job.leads.all())),
            ("Starts", day(job.starts_on)),
        ]
        if sees_charges(self.request.user):
            facts.append(
                ("Rate", f"{money(job.charge_rate)} an hour" if job.charge_rate is not None else "By job code")
            )
        return facts

    def own_actions(self) -> list[Action]:
        if not manages_jobs(self.request.user):
            return []
        pages = (("Edit", "edit_job"), ("Delete", "delete_job"))
        return [Action(label, reverse(f"clients:{page}", args=[self.object.pk]), method="get") for label, page in pages]

    def own_panels(self) -> list[Panel]:
        return [Panel("Where to go", "clients/addresses.html", {"addresses": self.object.client.addresses.all()})]


class JobFormMixin:
    area = Area.JOBS
    model = Job
    form_class: Any = JobForm
    listing_key = "jobs"


class JobCreateView(JobFormMixin, RecordCreateView):
    title = "Add job"

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "client": self.request.GET.get("client")}


class JobUpdateView(JobFormMixin, RecordUpdateView):
    title = "Edit job"


class JobDeleteView(RecordDeleteView):
    area = Area.JOBS
    model = Job
    listing_key = "jobs"
