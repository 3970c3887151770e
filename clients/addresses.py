"""The addresses of a client: a history in which one at most is current (domain.md §4)."""

from django.db import transaction

from clients.models import Address

Designation = Address.Designation


@transaction.atomic
def put(*, address: Address) -> Address:
    """Save a new or edited address, and bump its client (design.md §3).

    Where it is the current one, the one that was current steps back: it is the original, or else just another.
    """
    address.client.touch()  # first: of two who make an address the current one, the second waits here
    if address.designation == Designation.CURRENT:
        _step_back(address)
    address.save()
    return address


@transaction.atomic
def remove(*, address: Address) -> None:
    """Delete an address, and bump its client."""
    address.delete()
    address.client.touch()


def _step_back(address: Address) -> None:
    others = Address.objects.filter(client=address.client_id).exclude(pk=address.pk)
    has_original = others.filter(designation=Designation.ORIGINAL).exists()
    before = Designation.OTHER if has_original else Designation.ORIGINAL
    others.filter(designation=Designation.CURRENT).update(designation=before)
