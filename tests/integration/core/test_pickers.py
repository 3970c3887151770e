"""A list that may be long is chosen from by typing: no page carries thousands of options, and nobody is told more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from lxml import html

from associates.models import Associate
from clients.models import Client, Job
from smmware.core import pickers
from tests.factories import ClientFactory, ContactFactory, JobFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
LEVELS = ("basic", "lead", "admin", "senior_admin", "owner")


def jobs(count: int) -> list[Job]:
    """So many open jobs, each of a client of its own."""
    clients = Client.objects.bulk_create(
        [Client(name=f"Client {number:04d}", stage=Client.Stage.CLIENT) for number in range(count)]
    )
    return Job.objects.bulk_create([Job(client=client, name="Move") for client in clients])


def field(page: Any, name: str) -> Any:
    """A select of a page."""
    (select,) = html.fromstring(page.content).xpath(f"//main//select[@name='{name}']")
    return select


def options(select: Any) -> list[tuple[str, str, bool]]:
    """Value and words of each option, and whether it is chosen."""
    return [(each.get("value"), each.text.strip(), "selected" in each.attrib) for each in select.iter("option")]


def found(browser: Browser, source: str, typed: str = "") -> list[str]:
    return [each["text"] for each in browser.get(f"/choices/{source}/", {"q": typed}).json()["records"]]


@pytest.fixture
def browser(admin: Associate, client_for: Callable[[Associate], Browser]) -> Browser:
    return client_for(admin)


def test_a_short_list_is_all_there(browser: Browser) -> None:
    jobs(pickers.SHORT)
    select = field(browser.get("/hours/record/"), "job")
    assert [words for _, words, _ in options(select)][:2] == ["Choose …", "Client 0000 – Move"]
    assert (len(options(select)), select.get("data-picker")) == (pickers.SHORT + 1, None)


def test_of_a_long_one_only_what_is_chosen(browser: Browser) -> None:
    *_, last = jobs(pickers.SHORT + 1)
    select = field(browser.get(f"/hours/record/?job={last.pk}"), "job")
    assert options(select) == [("", "Choose …", False), (f"{last.pk}", "Client 0030 – Move", True)]
    assert select.get("data-picker") == "/choices/open-jobs/"
    assert select.get("data-picker-none") is None  # a job there must be


@pytest.mark.parametrize("wrong", ["abc", "0", "999999999", "9" * 30, "-1", "²"])
def test_what_is_no_record_is_not_chosen(browser: Browser, wrong: str) -> None:
    jobs(pickers.SHORT + 1)
    page = browser.get("/hours/record/", {"job": wrong})
    assert [words for _, words, _ in options(field(page, "job"))] == ["Choose …"]


@pytest.mark.parametrize(
    ("url", "name", "none"),
    [
        ("/hours/record/", "job", None), ("/invoices/add/", "job", None), ("/invoices/", "job", "Any job"),
        ("/invoices/", "client", "Any client"), ("/hours/", "client", "Any client"), ("/hours/", "job", "Any job"),
        ("/clients/jobs/", "client", "Any client"), ("/clients/jobs/add/", "client", None),
        ("/hours/expenses/record/", "job", None), ("/hours/flat-fees/record/", "job", None), ("/", "job", None),
    ],
)  # fmt: skip
def test_no_page_grows_with_the_company(browser: Browser, url: str, name: str, none: str | None) -> None:
    jobs(100)
    browser.get(url)  # what is read once and kept
    sizes = []
    for more in (0, 400):
        jobs(more)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(url)
        sizes.append((len(queries), len(options(field(page, name)))))
    assert sizes[0] == sizes[1]
    assert field(page, name).get("data-picker-none") == none


def test_vendors_and_contacts_too(browser: Browser) -> None:
    for _ in range(pickers.SHORT + 1):
        ContactFactory(organization=OrganizationFactory())
    for url, name in (
        ("/hours/expenses/record/", "vendor"),
        ("/clients/add/", "representative"),
        ("/organizations/contacts/add/", "organization"),
        ("/organizations/contacts/", "organization"),
    ):
        assert field(browser.get(url), name).get("data-picker"), url


def test_every_word_finds(browser: Browser) -> None:
    JobFactory(client__name="Ann Ray", name="Move to Birch Hill")
    JobFactory(client__name="Ann Ray", name="Clear-out")
    JobFactory(client__name="Bea Ray", name="Move")
    assert found(browser, "jobs", "ann move") == ["Ann Ray – Move to Birch Hill"]
    assert found(browser, "jobs", "RAY") == [
        "Ann Ray – Clear-out", "Ann Ray – Move to Birch Hill", "Bea Ray – Move",
    ]  # fmt: skip
    assert found(browser, "jobs", "<script>") == []


def test_the_first_of_many_and_that_there_are_more(browser: Browser) -> None:
    jobs(pickers.FOUND + 1)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get("/choices/jobs/", {"q": "client"}).json()
    assert (len(answer["records"]), answer["more"]) == (pickers.FOUND, True)
    assert len(queries) <= 4  # who asks, the company, the records
    jobs_of_one = browser.get("/choices/jobs/", {"q": "0003"}).json()
    assert (len(jobs_of_one["records"]), jobs_of_one["more"]) == (1, False)


def test_what_a_form_refuses_is_not_offered(browser: Browser) -> None:
    JobFactory(name="Closed", status=Job.Status.CLOSED)
    JobFactory(name="Office", type=Job.Type.ADMINISTRATIVE_OVERHEAD, client__is_own_company=True)
    gone = JobFactory(name="Of somebody gone", client__name="Gone", client__is_active=False)
    ClientFactory(name="Still asking", stage=Client.Stage.INQUIRY)
    assert "Closed" not in " ".join(found(browser, "open-jobs"))
    assert "Office" not in " ".join(found(browser, "billable-jobs"))
    assert gone.client.name in found(browser, "clients")
    assert gone.client.name not in found(browser, "clients-in-use")
    assert "Still asking" not in found(browser, "clients")


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("jobs", [1] * 5), ("open-jobs", [1] * 5), ("clients", [1] * 5), ("clients-in-use", [1] * 5),
        ("organizations", [1] * 5), ("contacts", [1] * 5), ("billable-jobs", [0, 0, 1, 1, 1]),
    ],
)  # fmt: skip
def test_who_is_offered_what(
    cast: dict[str, Associate], client_for: Callable[[Associate], Browser], source: str, seen: list[int]
) -> None:
    JobFactory()
    ContactFactory(organization=OrganizationFactory())
    assert [len(found(client_for(cast[level]), source)) for level in LEVELS] == seen


def test_every_source_is_tried() -> None:
    assert {*pickers._sources} == {
        "jobs", "open-jobs", "billable-jobs", "clients", "clients-in-use", "organizations", "contacts",
    }  # fmt: skip


def test_a_list_that_is_none(browser: Browser) -> None:
    assert browser.get("/choices/passwords/").status_code == 404


def test_it_is_only_read(browser: Browser) -> None:
    assert browser.post("/choices/jobs/").status_code == 405


def test_signed_out_nobody_is_told_anything(client: Browser) -> None:
    JobFactory(client__name="Ann Ray")
    answer = client.get("/choices/jobs/")
    assert (answer.status_code, b"Ann" in answer.content) == (302, False)
