"""Sending what an attempt wrote down: a batch, or a file with what is said of it. Safe in a thread of its own."""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.files.storage import default_storage

from qbo_sync.api.batch import BatchAnswer, file_in
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import Fault, Refused, Unreachable
from qbo_sync.faults import NO_FILE
from qbo_sync.models import Attempt


def in_time(client: CompanyClient, attempt: Attempt) -> Callable[[], BatchAnswer]:
    """How another thread sends an attempt that was written down this very moment, its slot taken before.

    A process that was frozen longer than its lease has a successor: it raises Unreachable then, and sends nothing.
    """
    written_at = time.monotonic()

    def send() -> BatchAnswer:
        if time.monotonic() - written_at > settings.QBO_LEASE_SECONDS:
            raise Unreachable("The request was held up for too long and not sent.")
        return _transmit(client, attempt.body, attempt.request_id)

    return send


def _transmit(client: CompanyClient, body: str, request_id: str) -> BatchAnswer:
    """Send `body` as it was written down (`qbo_sync.api.batch.batch_body`) under its request id.

    Errors: those of `CompanyClient.batch`; Refused where its file is gone.
    """
    name = file_in(body)
    if not name:
        return client.batch(body, request_id=request_id, slot_taken=True)
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Refused(faults=[Fault(code=NO_FILE, detail="The file of the receipt is missing here.")]) from error
    return client.upload(body, content, request_id=request_id, slot_taken=True)
