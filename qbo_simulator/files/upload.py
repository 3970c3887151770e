"""`POST /upload`: files with or without what is to be known of them, several in one request."""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData
from werkzeug.wrappers import Response

from qbo_simulator import entities, faults
from qbo_simulator.engine import write
from qbo_simulator.engine.books import Books, Record
from qbo_simulator.exchange import Exchange
from qbo_simulator.faults import Fault
from qbo_simulator.files import addresses
from qbo_simulator.xml import read

PART = re.compile(r"file_(metadata|content)_(\w+)")
LARGEST = 100 * 1024 * 1024


@dataclass
class Part:
    """One part of a multipart body."""

    name: str
    headers: Headers
    filename: str | None = None
    content: bytes = b""


@dataclass
class Upload:
    """One file of a request: `file_content_01` and, where it was sent, `file_metadata_01`."""

    metadata: Part | None = None
    content: Part | None = None
    body: Record = field(default_factory=dict)


def answer(books: Books, exchange: Exchange) -> dict[str, Any]:
    """Each file becomes an attachment; each is answered for itself, with its own Fault where it is refused.

    Metadata is an Attachable; without it name and type come from the file's part.  A part may be base64, as its
    Content-Transfer-Encoding says.  Raises 500 for a GET, 400 where there is no file.
    """
    if exchange.request.method != "POST":
        raise faults.unsupported_operation("read")
    uploads: dict[str, Upload] = {}
    for part in parts(exchange):
        match = PART.fullmatch(part.name)
        if match:
            setattr(uploads.setdefault(match[2], Upload()), match[1], part)
    if not uploads:
        raise faults.malformed("The request carries no file_content part")
    return {"AttachableResponse": [one_answer(books, upload) for upload in uploads.values()]}


def parts(exchange: Exchange) -> list[Part]:
    """The parts of the body; lines may end as in HTTP or by a line feed alone.  Raises 400 where it has none."""
    boundary = exchange.request.mimetype_params.get("boundary", "")
    decoder = MultipartDecoder(boundary.encode(), max_form_memory_size=None)
    found: list[Part] = []
    try:
        decoder.receive_data(exchange.request.get_data())
        decoder.receive_data(None)
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                found.append(Part(event.name or "", event.headers, getattr(event, "filename", None)))
            elif isinstance(event, Data):
                found[-1].content += event.data
    except (ValueError, IndexError):
        raise faults.malformed("The multipart body cannot be read") from None
    return found


def one_answer(books: Books, upload: Upload) -> dict[str, Any]:
    try:
        with books.attempt():
            return {"Attachable": attached(books, upload)}
    except Fault as fault:
        return {"Fault": fault.body()}


def attached(books: Books, upload: Upload) -> Record:
    """Keep a file and its attachment."""
    if upload.content is None:
        raise faults.missing("file_content")
    content = decoded(upload.content)
    if len(content) > LARGEST:
        raise faults.business(f"The file is larger than {LARGEST // 1024 // 1024} MB.", "file_content")
    entity = entities.REGISTRY["Attachable"]
    record = write.create(books, entity, {**from_part(upload.content), **described(upload.metadata)})
    books.touch(entity.name, record["Id"], lambda kept: kept.update(Size=len(content)), token=False)
    books.database.run(
        "INSERT INTO attached_file (realm, id, content) VALUES (?, ?, ?)", books.realm, int(record["Id"]), content
    )
    return write.rendered(books, entity, dict(books.peek(entity.name, record["Id"])))


def decoded(part: Part) -> bytes:
    if part.headers.get("Content-Transfer-Encoding", "").lower() != "base64":
        return part.content
    try:
        return base64.b64decode(part.content)
    except binascii.Error:
        raise faults.malformed("The file is not base64, as its part says") from None


def from_part(part: Part) -> Record:
    """What a file's own part says of it."""
    body = {"FileName": part.filename, "ContentType": part.headers.get("Content-Type")}
    return {name: value for name, value in body.items() if value}


def described(part: Part | None) -> Record:
    """The Attachable sent along.  Raises 2010 where it cannot be read."""
    if part is None:
        return {}
    try:
        body = json.loads(part.content)
    except ValueError:
        body = read.body(part.content.strip(), {"attachable": entities.REGISTRY["Attachable"]})
    if not isinstance(body, dict):
        raise faults.unreadable()
    return {name: value for name, value in body.items() if value not in (None, "") and name not in ("Id", "SyncToken")}


def download(books: Books, exchange: Exchange) -> Response:
    """`GET /download/{id}`: the file's temporary address, as plain text.  Raises 610 where there is no such file."""
    record = books.get("Attachable", exchange.parts["id"] or "")
    if record is None or "Size" not in record:
        raise faults.not_found()
    return Response(addresses.temporary(books, record), content_type="text/plain;charset=UTF-8")
