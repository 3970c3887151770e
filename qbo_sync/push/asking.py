"""What a listing as filtered asks for: “QBO Add All” and `manage.py qbo_push` take the same records."""

from django.http import HttpRequest

from qbo_sync.entities import COPIED
from qbo_sync.models import Kind
from smmware.core.listings import Listing, listings_of


def kind_of(listing: Listing) -> Kind:
    """The kind of the records of a listing. Raises KeyError where they are not copied."""
    kind = Kind.of(listing.model())
    if kind not in COPIED:
        raise KeyError(kind)
    return kind


def copied_listings() -> dict[str, Listing]:
    """Every listing whose records are copied, by its key."""
    return {listing.key: listing for kind in COPIED for listing in listings_of(kind.model)}


def asked_for(listing: Listing, request: HttpRequest, filters: str) -> dict[Kind, set[int]]:
    """The records of all pages of a listing as filtered by the query string `filters`, for the person who asks.

    Raises PermissionDenied and ValueError as `Listing.filtered` does.
    """
    rows = listing.filtered(request, filters)
    return {kind_of(listing): set(rows.order_by().values_list("pk", flat=True))}
