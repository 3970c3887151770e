"""What is looked at when all of a run is sent: asked of QuickBooks in bulk, and said on the steps."""

from qbo_sync.api.company import CompanyClient
from qbo_sync.models import Run
from qbo_sync.push.covering import cover
from qbo_sync.push.fallback import fall_back
from qbo_sync.push.numbering import offer_numbers
from qbo_sync.push.read_back import read_back
from qbo_sync.runs.lease import Lease


def look_after(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Hours that are billed, links that were not taken, numbers that are taken. Raises QboError where it cannot ask."""
    cover(run, client, lease)
    read_back(run, client, lease)
    fall_back(run, client, lease)
    offer_numbers(run, client, lease)
