"""The table of permission levels (domain.md §3), whole."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from associates.models import Associate
from smmware.core.permissions import PERMISSIONS, Access, Area, Level, access, check_may, may

N, S, V, R, O, M = Access  # noqa: E741 - none, self, view, review, others, manage

TABLE = {
    Area.ASSOCIATES: [V, V, M, M, M],
    Area.JOBS: [V, V, M, M, M],
    Area.CLIENTS: [V, V, M, M, M],
    Area.ORGANIZATIONS: [V, M, M, M, M],
    Area.ENTRIES: [S, O, O, O, O],
    Area.FLAT_FEES: [N, M, M, M, M],
    Area.APPROVAL: [N, M, M, M, M],
    Area.INVOICES: [N, R, M, M, M],
    Area.SETTINGS: [N, N, M, M, M],
    Area.ADMIN_SITE: [N, N, N, N, M],
}


def test_the_table_is_the_manuals() -> None:
    assert {area: list(levels.values()) for area, levels in PERMISSIONS.items()} == TABLE


@pytest.mark.parametrize("area", Area)
def test_nobody_signed_out_or_inactive_may_anything(area: Area) -> None:
    inactive = Associate(level=Level.COMPANY_OWNER, is_active=False)
    assert [access(AnonymousUser(), area), access(inactive, area)] == [N, N]


def test_may_and_check_may_agree() -> None:
    lead = Associate(level=Level.TEAM_LEAD)
    assert may(lead, Area.INVOICES, Access.REVIEW)
    check_may(lead, Area.INVOICES, Access.REVIEW)
    assert not may(lead, Area.INVOICES, Access.MANAGE)
    with pytest.raises(PermissionDenied):
        check_may(lead, Area.INVOICES, Access.MANAGE)
