"""Jobs: every page, for every level."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from associates.models import Associate
from clients.models import Client, Job
from tests.factories import AddressFactory, AssociateFactory, ClientFactory, HourEntryFactory, JobFactory

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
LEVELS = {"owner": 200, "senior_admin": 200, "admin": 200, "lead": 403, "basic": 403}


@pytest.fixture
def office(admin: Associate, client_for: ClientFor) -> Browser:
    return client_for(admin)


def test_who_may_open_what(cast: dict[str, Associate], client_for: ClientFor) -> None:
    job = JobFactory()
    viewed = [("jobs", None), ("job", job.pk)]
    managed = [("add_job", None), ("edit_job", job.pk), ("delete_job", job.pk)]
    for name, person in cast.items():
        browser = client_for(person)
        answers = {
            page: browser.get(reverse(f"clients:{page}", args=[pk] if pk else [])).status_code
            for page, pk in [*viewed, *managed]
        }
        assert answers == {page: 200 for page, _ in viewed} | {page: LEVELS[name] for page, _ in managed}


def test_what_may_not_be_opened_may_not_be_posted_to(lead: Associate, client_for: ClientFor) -> None:
    job = JobFactory(name="Move")
    for page, pk in [("add_job", None), ("edit_job", job.pk), ("delete_job", job.pk)]:
        url = reverse(f"clients:{page}", args=[pk] if pk else [])
        assert client_for(lead).post(url, {"name": "Mine", "client": job.client_id}).status_code == 403
    assert list(Job.objects.values_list("name", flat=True)) == ["Move"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Move", "Sorting"]),
        ("q=ray", ["Sorting"]),
        ("status=closed", ["Sorting"]),
        ("type=move", ["Move"]),
        ("client={client}", ["Sorting"]),
        ("leads={lead}", ["Move"]),
        ("starts_from=2026-03-02", ["Move"]),
        ("starts_to=2026-03-01", []),
        ("starts_to=2026-03-02", ["Move"]),
        ("starts_to=soon", []),
        ("client=4711", []),
    ],
)
def test_jobs_filtered(office: Browser, lead: Associate, query: str, found: list[str]) -> None:
    JobFactory(name="Move", client__name="Ann", starts_on=dt.date(2026, 3, 2)).leads.add(lead)
    other = JobFactory(name="Sorting", client__name="Walter Ray", type=Job.Type.ORGANIZING, status=Job.Status.CLOSED)
    page = office.get(f"{reverse('clients:jobs')}?{query.format(client=other.client_id, lead=lead.pk)}")
    assert [row.record.name for row in page.context["table"].rows] == found


def test_the_listing_takes_as_many_queries_for_30_rows_as_for_one(
    office: Browser, lead: Associate, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for rows in (1, 29):
        for job in JobFactory.create_batch(rows):
            job.leads.add(lead)
        with django_assert_max_num_queries(12) as queries:
            office.get(f"{reverse('clients:jobs')}?paging=off")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def csv(browser: Browser) -> list[str]:
    answer: Any = browser.get(f"{reverse('clients:jobs')}?export=csv")
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_rates_are_not_for_basic_users(lead: Associate, basic: Associate, client_for: ClientFor) -> None:
    job = JobFactory(name="Move", client__name="Ann", charge_rate=Decimal("81.50"), starts_on=dt.date(2026, 3, 2))
    job.leads.add(lead)
    assert csv(client_for(lead)) == [
        "Job,Client,Type,Status,Team leads,Starts,Rate",
        "Move,Ann,Move management,Open,Lena Lead,2026-03-02,81.50",
    ]
    assert csv(client_for(basic)) == [
        "Job,Client,Type,Status,Team leads,Starts",
        "Move,Ann,Move management,Open,Lena Lead,2026-03-02",
    ]
    facts = [
        {label: str(value) for label, value in client_for(person).get(job.get_absolute_url()).context["facts"]}
        for person in (lead, basic)
    ]
    base = {
        "Client": f'<a href="{job.client.get_absolute_url()}">Ann</a>',
        "Type": "Move management",
        "Status": '<span class="pill pill-good">Open</span>',
        "Team leads": "Lena Lead",
        "Starts": "Mar 2, 2026",
    }
    assert facts == [base | {"Rate": "$81.50 an hour"}, base]


def test_a_jobs_page_says_where_to_go(basic: Associate, client_for: ClientFor) -> None:
    job = JobFactory(client=AddressFactory().client)
    assert "12 Elm Street" in client_for(basic).get(job.get_absolute_url()).content.decode()


def test_add_a_job(office: Browser, lead: Associate) -> None:
    client = ClientFactory()
    url = reverse("clients:add_job")
    assert office.get(f"{url}?client={client.pk}").context["form"]["client"].value() == str(client.pk)
    office.post(
        url,
        {
            "client": client.pk, "name": "Move", "type": "move", "status": "open", "charge_rate": "81.5",
            "starts_on": "2026-03-02", "leads": [lead.pk],
        },
    )  # fmt: skip
    job = Job.objects.get()
    assert (job.client, job.name, job.type, job.status, job.charge_rate, job.starts_on, list(job.leads.all())) == (
        client,
        "Move",
        "move",
        "open",
        Decimal("81.50"),
        dt.date(2026, 3, 2),
        [lead],
    )


@pytest.mark.parametrize("wrong", ["9" * 30, "999999999", "abc", "-1", "²"])
def test_who_can_be_no_team_lead_is_refused_next_to_the_field(office: Browser, wrong: str) -> None:
    job = {"client": ClientFactory().pk, "name": "Move", "type": "move", "status": "open"}
    errors = office.post(reverse("clients:add_job"), {**job, "leads": [wrong]}).context["form"].errors
    assert list(errors) == ["leads"]
    assert wrong in errors["leads"][0]


def test_nonsense_is_refused_next_to_the_field(office: Browser) -> None:
    answer = office.post(
        reverse("clients:add_job"), {"client": "", "name": "", "type": "move", "status": "open", "charge_rate": "-1"}
    )
    assert answer.context["form"].errors == {
        "client": ["This field is required."],
        "name": ["This field is required."],
        "charge_rate": ["Ensure this value is greater than or equal to 0."],
    }


@pytest.mark.parametrize("year", [1900, 2099])
def test_a_slip_in_the_year_is_said(office: Browser, year: int) -> None:
    answer = office.post(reverse("clients:add_job"), {"starts_on": f"{year}-02-01"})
    assert answer.context["form"].errors["starts_on"][0].endswith("look at the year.")


@pytest.mark.parametrize(("own", "job_type"), [(True, "move"), (False, "administrative"), (False, "materials")])
def test_overhead_belongs_to_our_own_company(office: Browser, own: bool, job_type: str) -> None:
    client = ClientFactory(is_own_company=own)
    answer = office.post(
        reverse("clients:add_job"), {"client": client.pk, "name": "Coffee", "type": job_type, "status": "open"}
    )
    assert answer.context["form"].errors == {
        "type": ["Administrative and Materials Overhead are jobs of our own company, and only they are."]
    }


def test_jobs_are_for_active_clients(office: Browser) -> None:
    active = ClientFactory(name="Ann")
    ClientFactory(name="Bea", is_active=False)
    ClientFactory(name="Ida", stage=Client.Stage.INQUIRY)
    form = office.get(reverse("clients:add_job")).context["form"]
    assert list(form.fields["client"].queryset) == [active]


def test_edit_a_job_keeps_the_lead_who_left(office: Browser, lead: Associate) -> None:
    gone = AssociateFactory(is_active=False)
    job = JobFactory()
    job.leads.add(gone)
    url = reverse("clients:edit_job", args=[job.pk])
    office.post(
        url,
        {
            "client": job.client_id, "name": "Renamed", "type": "move", "status": "closed", "leads": [gone.pk, lead.pk],
            "seen_version": 1,
        },
    )  # fmt: skip
    job.refresh_from_db()
    assert (job.name, job.status, set(job.leads.all())) == ("Renamed", "closed", {gone, lead})


def test_delete_what_nothing_depends_on(office: Browser) -> None:
    free, busy = JobFactory(), HourEntryFactory().job
    assert office.post(reverse("clients:delete_job", args=[free.pk])).status_code == 302
    answer = office.post(reverse("clients:delete_job", args=[busy.pk]))
    assert "it is still used by 1 hour entry" in answer.content.decode()
    assert list(Job.objects.all()) == [busy]


def test_who_leads_jobs_is_not_deleted(office: Browser, lead: Associate) -> None:
    job = JobFactory()
    job.leads.add(lead)
    url = reverse("associates:delete", args=[lead.pk])
    assert "They lead 1 job. Choose another lead there first." in office.get(url).content.decode()
    assert office.post(url).status_code == 403
    job.leads.clear()
    assert office.post(url).status_code == 302
    assert not Associate.objects.filter(pk=lead.pk).exists()
