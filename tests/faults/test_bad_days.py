"""Whatever QuickBooks does to a day's copying: nothing is doubled, nothing is lost, and a person can read why."""

import pytest

from qbo_sync.models import Attempt
from qbo_sync.models.states import AttemptState
from tests.faults.days import DAYS, LATER, REFUSED_ONCE, Day
from tests.faults.office import WHOLE, Office, linked


@pytest.mark.either
@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.name)
def test_the_day_ends_as_it_must(office: Office, day: Day) -> None:
    invoice = office.invoice()
    office.quickbooks.behave(**day.behaviour)

    run = office.copy(invoice, between=day.then, awaited=day.counted)
    office.at_peace()

    assert (run.state, office.books(), linked()) == (day.state, day.books, day.books)
    said = [run.message, *run.steps.values_list("message", flat=True)]
    assert any(day.says in sentence for sentence in said), said
    if day.books != WHOLE:
        assert day.says
        assert all(sentence for sentence in run.steps.filter(state="blocked").values_list("message", flat=True))
    assert day.counted in ("", *office.injected), office.injected
    assert all(office.fired), "A rule of the day never came into play."
    assert not Attempt.objects.filter(state__in=(AttemptState.SENT, AttemptState.UNKNOWN)).exists()


def test_what_was_refused_goes_with_an_id_of_its_own(office: Office) -> None:
    """Otherwise a QuickBooks that keeps refusals with their ids would refuse it for ever."""
    invoice = office.invoice()
    office.quickbooks.behave(**REFUSED_ONCE, requestid_keeps_errors=True)
    assert office.copy(invoice).steps.filter(state="refused").count() == 1

    run = office.copy(invoice)

    office.at_peace()
    assert (run.state, office.books(), linked()) == ("done", WHOLE, WHOLE)
    ids = list(Attempt.objects.values_list("request_id", flat=True))
    assert len(ids) == len(set(ids))


def test_the_tokens_of_a_refresh_are_kept_whole(office: Office) -> None:
    office.quickbooks.behave(**LATER, token_length="largest", refresh_rotation="each", refresh_expires_in="full")

    run = office.copy(office.invoice())

    office.connection.refresh_from_db()
    assert run.state == "done"
    assert (len(office.connection.access_token or ""), len(office.connection.refresh_token or "")) == (4096, 512)
