"""Jobs as sub-customers of their client, where the company has chosen that (qbo-api.md §8.1)."""

from typing import Any

import pytest

from clients.models import Job
from hours.models import HourEntry
from qbo_sync.entities.names import job_name
from qbo_sync.models import Connection
from qbo_sync.push import choices
from qbo_sync.push.candidates import candidates
from tests.factories import ClientFactory, ExpenseEntryFactory, HourEntryFactory, JobFactory, MileageEntryFactory
from tests.quickbooks import QuickBooks, map_everything
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours, planned, qbo_id, told, work


@pytest.fixture
def jobs(connection: Connection) -> Connection:
    connection.jobs_are_customers = True
    connection.save()
    return connection


@pytest.fixture
def job(db: None) -> Job:
    return JobFactory(name="Downsizing", client__name="Zoe Young")


def below(quickbooks: QuickBooks) -> list[tuple[str, str, bool]]:
    """Name, parent's QBO ID and Job of the sub-customers that are ours."""
    rows = quickbooks.query("select * from Customer where FullyQualifiedName LIKE 'Zoe Young:%'")
    return [(row["DisplayName"], row["ParentRef"]["value"], row["Job"]) for row in rows]


@pytest.mark.parametrize(
    ("client", "job", "name"),
    [
        ("Zoe Young", "Downsizing", "Zoe Young – Downsizing"),
        ("Young: Zoe", "Phase\t2", "Young Zoe – Phase 2"),
        ("Z" * 255, "Downsizing", f"{'Z' * 87} – Downsizing"),
        ("Zoe Young", "D" * 100, "D" * 100),
        ("Zoe Young", "D" * 91, f"Zoe Yo – {'D' * 91}"),
    ],
)
def test_its_name_stays_whole_behind_its_client_s(client: str, job: str, name: str) -> None:
    assert job_name(client, job) == name
    assert len(name) <= 100


def test_a_job_comes_along_after_its_client(jobs: Connection, quickbooks: QuickBooks, job: Job) -> None:
    entry = HourEntryFactory(job=job)
    map_everything(jobs, quickbooks)

    run = copied(jobs, entry)

    assert told(run) == dict.fromkeys(
        ["Zoe Young", "Zoe Young – Downsizing", str(entry.associate), str(entry)], ("done", "", "")
    )
    assert below(quickbooks) == [("Zoe Young – Downsizing", qbo_id(job.client), True)]


def test_everything_of_a_job_goes_to_its_customer(jobs: Connection, quickbooks: QuickBooks, job: Job) -> None:
    hours = HourEntryFactory(job=job)
    invoice = invoice_for_hours(hours)
    on = {"job": job, "associate": hours.associate}
    expense, miles = ExpenseEntryFactory(**on), MileageEntryFactory(**on)
    map_everything(jobs, quickbooks)

    run = copied(jobs, invoice, expense, miles)

    assert set(run.steps.values_list("state", "message")) == {("done", "")}
    [activity], [sold] = quickbooks.query("select * from TimeActivity"), quickbooks.query("select * from Invoice")
    spent = quickbooks.query("select * from Purchase where DocNumber LIKE 'SMM-%'")
    lines = [line["AccountBasedExpenseLineDetail"] for purchase in spent for line in purchase["Line"]]
    references = [activity["CustomerRef"], sold["CustomerRef"], *(line["CustomerRef"] for line in lines)]
    assert [reference["value"] for reference in references] == [qbo_id(job)] * 4
    assert activity["BillableStatus"] == "HasBeenBilled"


def test_without_the_setting_everything_goes_to_the_client(
    connection: Connection, quickbooks: QuickBooks, job: Job
) -> None:
    entry = HourEntryFactory(job=job)
    map_everything(connection, quickbooks)

    copied(connection, entry)

    [activity] = quickbooks.query("select * from TimeActivity")
    assert (activity["CustomerRef"]["value"], below(quickbooks)) == (qbo_id(job.client), [])
    words = "Jobs are not copied as sub-customers: the QuickBooks settings say so."
    assert told(planned(connection, job)) == {"Zoe Young – Downsizing": ("in_the_way", words, "")}


def test_once_the_setting_is_off_new_work_goes_to_the_client_again(
    jobs: Connection, quickbooks: QuickBooks, job: Job
) -> None:
    map_everything(jobs, quickbooks)
    copied(jobs, job)
    Connection.objects.update(jobs_are_customers=False)
    later = HourEntryFactory(job=job)

    copied(Connection.objects.get(), later)

    [activity] = quickbooks.query("select * from TimeActivity")
    assert activity["CustomerRef"]["value"] == qbo_id(job.client)


def test_a_job_of_our_own_company_is_nobody_s(jobs: Connection) -> None:
    own = JobFactory(client=ClientFactory(is_own_company=True), type=Job.Type.ADMINISTRATIVE_OVERHEAD, name="Office")

    words = "This is a job of our own company: it is nobody's customer."
    assert list(told(planned(jobs, own)).values()) == [("in_the_way", words, "")]


def test_two_jobs_of_one_name_are_both_in_the_way(jobs: Connection, job: Job) -> None:
    planned_both = told(planned(jobs, job, JobFactory(name="Downsizing", client=job.client)))

    assert {row[0] for label, row in planned_both.items() if "–" in label} == {"in_the_way"}


def test_one_that_somebody_made_at_quickbooks_is_offered(jobs: Connection, quickbooks: QuickBooks, job: Job) -> None:
    run = copied(jobs, job.client)
    by_hand = quickbooks.create(
        "Customer", DisplayName="Zoe Young – Downsizing", Job=True, ParentRef={"value": qbo_id(job.client)}
    )

    run = copied(jobs, job)

    step = run.steps.get(kind="job")
    [choice] = candidates(step)
    offered = choice.candidate
    assert (step.state, offered.qbo_id, offered.sure, offered.why) == (
        "needs_choice", by_hand["Id"], True, "The same name",
    )  # fmt: skip
    assert choices.link(step, entity="Customer", qbo_id=by_hand["Id"], actor=step.run.asked_by) == ""
    assert qbo_id(job) == by_hand["Id"]


@pytest.mark.parametrize("how", [{"drop": "after"}, {"drop": "before"}, {"status": 500}], ids=str)
def test_it_is_there_once_whatever_becomes_of_the_answer(
    jobs: Connection, quickbooks: QuickBooks, job: Job, how: dict[str, Any]
) -> None:
    quickbooks.behave(rules=[{"match": {"entity": "Customer", "nth": 2, "path": "/batch"}, "then": how}])

    run = copied(jobs, job, JobFactory(client=job.client, name="Phase 2"))
    for _ in range(3):
        work(jobs)

    assert {row[0] for row in told(run).values()} == {"done"} | {"linked"} & {row[0] for row in told(run).values()}
    assert [name for name, *_ in below(quickbooks)] == ["Zoe Young – Downsizing", "Zoe Young – Phase 2"]


def test_hours_of_many_jobs_take_as_many_queries_as_of_one(
    jobs: Connection, quickbooks: QuickBooks, django_assert_max_num_queries: Any
) -> None:
    entries: list[HourEntry] = [HourEntryFactory() for _ in range(30)]
    map_everything(jobs, quickbooks)

    with django_assert_max_num_queries(25):
        planned(jobs, *entries)
