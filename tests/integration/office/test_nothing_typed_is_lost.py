"""Signed out while typing, a page too old, a record locked meanwhile: what was typed is still there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from associates.models import Associate
from clients.models import Client
from hours import recording
from invoices.models import Invoice
from smmware.core.forms import CHANGED_MEANWHILE
from tests.factories import PASSWORD, ClientFactory, HourEntryFactory, InvoiceLineFactory, JobFactory

pytestmark = pytest.mark.django_db
OURS = {"Origin": "http://testserver"}
NOTES = "Two cats; the key is with the neighbour.\nCall after 10."


def sign_in_from(browser: Browser, page: Any, **more: str) -> Any:
    """Fill in the sign-in form of a page, with what it carries along."""
    carried = {"next": page.context["next"], "typed_before": page.context["sealed"]}
    return browser.post("/sign-in/", {"username": "ada", "password": PASSWORD} | carried | more)


def shown(page: Any, *names: str) -> list[Any]:
    return [page.context["form"][name].value() for name in names]


def test_signed_out_meanwhile(admin: Associate) -> None:
    browser, client = Browser(), ClientFactory(is_active=True, notes="")
    url = f"/clients/{client.pk}/edit/"
    page = browser.post(url, {"name": "Ann Ray", "notes": NOTES, "acts_as_reference": "True", "seen_version": "1"})
    assert (page.status_code, "You were signed out meanwhile" in page.content.decode()) == (403, True)
    assert NOTES not in page.content.decode()  # it is nobody's until somebody has signed in
    assert sign_in_from(browser, page).headers["Location"] == url
    form = browser.get(url)
    assert shown(form, "name", "notes", "acts_as_reference", "is_active") == ["Ann Ray", NOTES, "True", False]
    assert "What you typed is back" in form.content.decode()
    assert Client.objects.get().notes == ""
    assert shown(browser.get(url), "name", "notes") == [client.name, ""]  # once


def test_a_wrong_password_in_between_loses_nothing(admin: Associate) -> None:
    browser = Browser()
    page = browser.post("/clients/add/", {"name": "Ann Ray", "notes": NOTES})
    page = sign_in_from(browser, page, password="wrong")
    assert sign_in_from(browser, page).status_code == 302
    assert shown(browser.get("/clients/add/"), "name", "notes") == ["Ann Ray", NOTES]


def test_who_was_faster_meanwhile_is_told_all_the_same(admin: Associate) -> None:
    browser, client = Browser(), ClientFactory()
    url = f"/clients/{client.pk}/edit/"
    page = browser.post(url, {"name": "Ann Ray", "seen_version": client.version})
    client.save()
    sign_in_from(browser, page)
    form = browser.get(url).context["form"]
    sent = {"name": form["name"].value(), "seen_version": form["seen_version"].value()}
    assert browser.post(url, sent).context["form"].non_field_errors() == [CHANGED_MEANWHILE]


def test_hours_that_were_typed_come_back_with_their_job(admin: Associate) -> None:
    browser, job = Browser(), JobFactory()
    HourEntryFactory(associate=admin)  # the latest job would be offered
    sent = {"job": job.pk, "date": "2026-03-01", "minutes": "1:30", "description": "Attic"}
    sign_in_from(browser, browser.post("/hours/record/", sent))
    page = browser.get("/hours/record/")
    assert shown(page, "job", "date", "minutes", "description", "billable") == [
        str(job.pk), "2026-03-01", "1:30", "Attic", False,
    ]  # fmt: skip


def test_which_entries_were_ticked_comes_back_too(admin: Associate) -> None:
    browser, job = Browser(), JobFactory(client__stage="client")
    billed, left = (f"hour_entry-{HourEntryFactory(job=job).pk}" for _ in range(2))
    sent = {"job": job.pk, "kind": "itemized", "shown": [billed, left], "entries": [billed], "public_note": NOTES}
    sign_in_from(browser, browser.post("/invoices/add/", sent))
    page = browser.get("/invoices/add/")
    assert shown(page, "job", "public_note") == [str(job.pk), NOTES]
    assert {row.key: row.chosen for row in page.context["form"].choosing.rows} == {billed: True, left: False}


@pytest.mark.parametrize(
    ("page", "status", "sent"),
    [
        ("send", "tl_approved", {"to": "ann@example.com", "subject": "Ours", "letter": NOTES}),
        ("void", "sent", {"reason": "Billed to the sister by mistake"}),
    ],
)
def test_what_is_not_the_usual_letter_comes_back(
    admin: Associate, page: str, status: str, sent: dict[str, str]
) -> None:
    browser, invoice = Browser(), InvoiceLineFactory(invoice__status=status).invoice
    url = f"/invoices/{invoice.pk}/{page}/"
    sign_in_from(browser, browser.post(url, sent))
    assert shown(browser.get(url), *sent) == [*sent.values()]
    assert Invoice.objects.get().status == status


@pytest.mark.parametrize("sent", [{}, {"seen_version": "1"}])
def test_where_nothing_was_typed_one_is_just_asked_to_sign_in(client: Browser, sent: dict[str, str]) -> None:
    answer = client.post("/clients/add/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/clients/add/")


def test_a_password_goes_nowhere(admin: Associate, basic: Associate) -> None:
    browser = Browser()
    secret = "quiet-harbour-lamp"
    page = browser.post(
        f"/associates/{basic.pk}/sign-in/", {"username": "rosa", "password1": secret, "password2": secret}
    )
    sign_in_from(browser, page)
    assert browser.session["typed_before"]["values"] == {"username": ["rosa"]}


def test_what_nobody_signed_is_not_taken(admin: Associate) -> None:
    browser = Browser()
    page = browser.post("/clients/add/", {"name": "Ann Ray"})
    sign_in_from(browser, page, typed_before="eyJwYXRoIjoiLyJ9:forged")
    assert "typed_before" not in browser.session


def test_a_page_older_than_the_last_sign_in(admin: Associate) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(admin)
    page = browser.post("/clients/add/", {"name": "Ann Ray", "notes": NOTES}, headers=OURS)
    assert (page.status_code, page.context["again"]) == (403, "/clients/add/")
    assert shown(browser.get("/clients/add/"), "name", "notes") == ["Ann Ray", NOTES]


@pytest.mark.parametrize("headers", [{"Origin": "http://elsewhere.example"}, {}])
def test_of_what_another_site_sends_nothing_is_kept(admin: Associate, headers: dict[str, str]) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(admin)
    page = browser.post("/clients/add/", {"name": "Call 555-0100 now"}, headers=headers)
    assert (page.status_code, page.context["again"]) == (403, "")
    assert "555-0100" not in page.content.decode()
    assert "typed_before" not in browser.session


def test_locked_while_somebody_wrote(admin: Associate, client_for: Callable[[Associate], Browser]) -> None:
    entry = HourEntryFactory()
    recording.approve(entries=[entry], by=admin, at=timezone.now())
    sent = {"job": entry.job_id, "minutes": "2:00", "description": "Attic <b>and</b> cellar", "seen_version": "1"}
    page = client_for(admin).post(f"/hours/{entry.pk}/edit/", sent)
    assert page.status_code == 403
    assert page.context["typed"] == [("Hours", "2:00"), ("Description", "Attic <b>and</b> cellar")]
    assert "Attic &lt;b&gt;and&lt;/b&gt; cellar" in page.content.decode()
