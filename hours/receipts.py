"""The file of a receipt: held to what it says it is, by its content; stored where no web server reaches it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.text import slugify
from PIL import Image

from hours.models import Entry, ExpenseEntry

MAX_BYTES = 10 * 1024 * 1024
PDF = "PDF"
ENDINGS = {"JPEG": ("jpg", "jpeg"), "PNG": ("png",), "WEBP": ("webp",), PDF: ("pdf",)}
CONTENT_TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf",
}  # fmt: skip
ACCEPTED = ",".join(sorted({*CONTENT_TYPES.values()}))  # kinds, not endings: a phone offers its camera then
NOT_A_RECEIPT = "This is no picture (JPEG, PNG, WebP) and no PDF. Take a picture of the receipt, or scan it as a PDF."
# A receipt is shown by the browser as what it is and nothing else: no script in it, nothing that it loads.
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def checked(file: UploadedFile) -> UploadedFile:
    """The uploaded file under a plain name. Raises ValidationError where it is too big or not what it says it is."""
    if (file.size or 0) > MAX_BYTES:
        raise ValidationError(
            f"The file is {(file.size or 0) / 1024**2:.1f} MB: up to {MAX_BYTES // 1024**2} MB are taken."
        )
    kind = _kind(file)
    path = PurePath(str(file.name))
    ending = path.suffix.lower().lstrip(".")
    if ending not in ENDINGS[kind]:
        raise ValidationError(f"“{path.name}” is not what it says: its content is {kind}. Save it as {kind} first.")
    file.name = f"{slugify(path.stem)[:40] or 'receipt'}.{ending}"
    return file


@contextmanager
def kept_if_saved(entry: Entry) -> Iterator[None]:
    """Around the transaction that saves an entry: where it fails, the file of a new receipt is deleted again.

    Django stores a file before the row that names it; without the row nobody would ever find it.
    """
    receipt: Any = entry.receipt if isinstance(entry, ExpenseEntry) else None
    is_new = bool(receipt) and not receipt._committed
    try:
        yield
    except BaseException:
        if is_new and receipt._committed:
            receipt.storage.delete(str(receipt.name))
        raise


def response(entry: ExpenseEntry) -> FileResponse:
    """The file for a browser. Raises FileNotFoundError where it is gone."""
    name = PurePath(str(entry.receipt.name)).name
    content_type = CONTENT_TYPES[name.rpartition(".")[2].lower()]
    # A browser's own PDF viewer runs under no such policy: PDFs are saved, pictures shown.
    saved = content_type == "application/pdf"
    answer = FileResponse(entry.receipt.open("rb"), as_attachment=saved, content_type=content_type, filename=name)
    for header, value in SAFE_HEADERS.items():
        answer[header] = value
    return answer


def _kind(file: UploadedFile) -> str:
    """What the content is: one of ENDINGS. Raises ValidationError for anything else."""
    file.seek(0)
    start = file.read(1024)
    file.seek(0)
    if start.startswith(b"%PDF-"):
        return PDF
    try:
        with Image.open(file, formats=[kind for kind in ENDINGS if kind != PDF]) as picture:
            picture.verify()
            return str(picture.format)
    except Exception as error:
        raise ValidationError(NOT_A_RECEIPT) from error
    finally:
        file.seek(0)
