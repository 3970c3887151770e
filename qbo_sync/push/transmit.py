"""Sending what an attempt wrote down: a batch, or a file with what is said of it. Safe in a thread of its own."""

from django.core.files.storage import default_storage

from qbo_sync.api.batch import BatchAnswer, file_in
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import Fault, Refused

NO_FILE = "no_file"  # no code of Intuit's: the file is not ours to send any more


def transmit(client: CompanyClient, body: str, *, request_id: str, slot_taken: bool = False) -> BatchAnswer:
    """Send `body` as it was written down (`qbo_sync.api.batch.batch_body`) under its request id.

    Errors: those of `CompanyClient.batch`; Refused where its file is gone.
    """
    name = file_in(body)
    if not name:
        return client.batch(body, request_id=request_id, slot_taken=slot_taken)
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Refused(faults=[Fault(code=NO_FILE, detail="The file of the receipt is missing here.")]) from error
    return client.upload(body, content, request_id=request_id, slot_taken=slot_taken)
