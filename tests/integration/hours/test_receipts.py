"""The receipt of an expense: taken only where it is what it says, shown only to those who may see the expense."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image

from associates.models import Associate
from clients.models import Job
from hours import recording
from hours.models import ExpenseEntry
from hours.receipts import MAX_BYTES, NOT_A_RECEIPT
from tests.factories import AssociateFactory, ExpenseCategoryFactory, ExpenseEntryFactory, JobFactory

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
PDF = b"%PDF-1.7\n%%EOF"
URL = "/hours/expenses/record/"


def picture(kind: str = "JPEG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (4, 3), "white").save(content, kind)
    return content.getvalue()


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def browser(basic: Associate, client_for: ClientFor) -> Browser:
    return client_for(basic)


def typed(name: str, content: bytes, **more: Any) -> dict[str, Any]:
    file = SimpleUploadedFile(name, content)
    facts = {"job": JobFactory().pk, "date": "2026-03-02", "amount": "31.20", "paid_from": "associate"}
    return {**facts, "category": ExpenseCategoryFactory().pk, "receipt": file, **more}


@pytest.mark.parametrize(
    ("name", "content", "stored", "content_type"),
    [
        ("IMG 0012.JPG", picture(), "img-0012", "image/jpeg"),
        ("../../etc/Ünïcode.png", picture("PNG"), "unicode", "image/png"),
        ("scan.webp", picture("WEBP"), "scan", "image/webp"),
        ("….pdf", PDF, "receipt", "application/pdf"),
    ],
)
def test_a_receipt_is_kept_and_shown_safely(
    browser: Browser, name: str, content: bytes, stored: str, content_type: str
) -> None:
    assert browser.post(URL, typed(name, content)).status_code == 302
    entry = ExpenseEntry.objects.get()
    assert Path(entry.receipt.name).stem == stored
    answer: Any = browser.get(reverse("hours:receipt", args=[entry.pk]))
    assert b"".join(answer.streaming_content) == content
    headers = ("Content-Type", "X-Content-Type-Options", "Cache-Control", "Cross-Origin-Resource-Policy")
    assert [answer.headers[header] for header in headers] == [
        content_type, "nosniff", "private, no-store", "same-origin",
    ]  # fmt: skip
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    disposition = "attachment" if content_type == "application/pdf" else "inline"
    assert answer.headers["Content-Disposition"].startswith(f"{disposition}; filename=")
    assert (
        f'href="{reverse("hours:receipt", args=[entry.pk])}"' in browser.get(entry.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("receipt.jpg", b"<script>alert(1)</script>", NOT_A_RECEIPT),
        ("receipt.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", NOT_A_RECEIPT),
        ("receipt.gif", picture("GIF"), NOT_A_RECEIPT),
        ("receipt.jpg", picture()[:20], NOT_A_RECEIPT),
        ("receipt.pdf", picture(), "“receipt.pdf” is not what it says: its content is JPEG. Save it as JPEG first."),
        ("receipt.jpg", PDF, "“receipt.jpg” is not what it says: its content is PDF. Save it as PDF first."),
        ("receipt.exe", picture("PNG"), "“receipt.exe” is not what it says: its content is PNG. Save it as PNG first."),
        ("receipt.pdf", PDF + bytes(MAX_BYTES), "The file is 10.0 MB: up to 10 MB are taken."),
        ("receipt.pdf", b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_receipt_is_refused_next_to_the_field(
    browser: Browser, name: str, content: bytes, sentence: str
) -> None:
    answer = browser.post(URL, typed(name, content))
    assert answer.context["form"].errors == {"receipt": [sentence]}
    assert not ExpenseEntry.objects.exists()


def test_a_file_is_asked_for_again_where_something_else_was_wrong(browser: Browser) -> None:
    again = "Choose the file again"
    assert again in browser.post(URL, typed("a.pdf", PDF, amount="-1")).content.decode()
    assert again not in browser.post(URL, typed("a.pdf", b"no receipt")).content.decode()
    without = {name: value for name, value in typed("a.pdf", PDF, amount="-1").items() if name != "receipt"}
    assert again not in browser.post(URL, without).content.decode()


def test_who_may_see_it(basic: Associate, lead: Associate, client_for: ClientFor) -> None:
    client_for(basic).post(URL, typed("a.pdf", PDF))
    url = reverse("hours:receipt", args=[ExpenseEntry.objects.get().pk])
    other = AssociateFactory()
    assert [client_for(person).get(url).status_code for person in (basic, lead, other, None)] == [200, 200, 404, 302]


def test_without_a_receipt_or_without_its_file_there_is_nothing(lead: Associate, client_for: ClientFor) -> None:
    for entry in (ExpenseEntryFactory(), ExpenseEntryFactory(receipt="receipts/2026/03/gone.pdf")):
        assert client_for(lead).get(reverse("hours:receipt", args=[entry.pk])).status_code == 404


@pytest.mark.parametrize("change", ["another", "without", "delete", "none"])
def test_a_file_goes_with_what_used_it(browser: Browser, django_capture_on_commit_callbacks: Any, change: str) -> None:
    facts = typed("a.pdf", PDF)
    browser.post(URL, facts)
    entry = ExpenseEntry.objects.get()
    name = entry.receipt.name
    facts = {**facts, "seen_version": entry.version}
    del facts["receipt"]
    more: dict[str, Any] = {
        "another": {"receipt": SimpleUploadedFile("b.jpg", picture())}, "without": {"without_receipt": "on"},
    }.get(change, {})  # fmt: skip
    page = "delete_expense_entry" if change == "delete" else "edit_expense_entry"
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(reverse(f"hours:{page}", args=[entry.pk]), facts | more).status_code == 302
    assert default_storage.exists(name) is (change == "none")
    left = [Path(entry.receipt.name).name for entry in ExpenseEntry.objects.all()]
    assert left == {"another": ["b.jpg"], "without": [""], "delete": [], "none": ["a.pdf"]}[change]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["record", "edit"])
def test_no_file_stays_of_what_was_not_saved(tmp_path: Path, change: str) -> None:
    """The job is deleted between the form's checks and the end of the transaction: the database refuses the row."""
    entry, job = ExpenseEntryFactory(receipt=SimpleUploadedFile("old.pdf", PDF)), JobFactory()
    before = stored_files(tmp_path)
    if change == "record":
        entry = ExpenseEntryFactory.build(associate=entry.associate, category=entry.category)
    entry.job, entry.receipt = job, SimpleUploadedFile("new.pdf", PDF)
    Job.objects.filter(pk=job.pk).delete()
    with pytest.raises(IntegrityError):
        (recording.add if change == "record" else recording.change)(entry=entry)
    assert stored_files(tmp_path) == before
    assert [Path(each.receipt.name).name for each in ExpenseEntry.objects.all()] == ["old.pdf"]


def stored_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
