"""What did not arrive, by cause: how many records, what waits for them, and what it comes to."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from qbo_sync.faults import LINKED_OTHERWISE
from qbo_sync.models import Connection, Reason, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.causes import LOST, alike, cause_of, causes, goes_again, in_common, may_go_again
from qbo_sync.push.choices import ASK, LEFT_OUT
from qbo_sync.push.prepare import CHANGED, ELSEWHERE, GONE
from tests.factories import AssociateFactory, ClientFactory, HourEntryFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours, planned

TOO_LONG = "A text is longer than QuickBooks takes. Shorten it. Its words: “String length specified: Min:0 Max:{}”"


@pytest.fixture
def run(mapped: Connection) -> Run:
    """A finished run of ten clients."""
    run = planned(mapped, *(ClientFactory(name=f"Zoe {number}") for number in range(10)))
    run.state = RunState.DONE
    run.save()
    return run


def say(run: Run, position: int, state: StepState, **said: Any) -> None:
    run.steps.filter(position=position).update(state=state, **said)


def test_records_that_were_refused_alike_are_one_cause(run: Run) -> None:
    for position, longest in enumerate((21, 21, 100)):
        say(run, position, StepState.REFUSED, fault_code="2050", mend="open", message=TOO_LONG.format(longest))
    say(run, 3, StepState.REFUSED, fault_code="6190", message="The subscription has ended.")

    found = causes(run)

    assert [(each.records, each.sentence) for each in found] == [
        (3, "A text is longer than QuickBooks takes. Shorten it. Its words: “String length specified: Min:0 …"),
        (1, "The subscription has ended."),
    ]
    assert set(run.steps.filter(found[0].steps).values_list("position", flat=True)) == {0, 1, 2}
    assert set(run.steps.filter(cause_of(run, found[1].key)).values_list("position", flat=True)) == {3}
    assert not run.steps.filter(cause_of(run, "nothing")).exists()


def test_two_mappings_that_are_missing_are_two_causes(run: Run) -> None:
    words = "“{}” is not chosen yet in the QuickBooks settings."
    for position, label in enumerate(("Hours", "Mileage", "Hours")):
        said = {"reason": Reason.MAPPING, "mend": "hours_item", "message": words.format(label)}
        say(run, position, StepState.IN_THE_WAY, **said)

    assert [(each.records, each.sentence) for each in causes(run)] == [
        (2, words.format("Hours")),
        (1, words.format("Mileage")),
    ]


def test_numbers_that_mean_the_same_are_one_cause(run: Run) -> None:
    for position, code in enumerate(("6200", "6210")):
        say(run, position, StepState.REFUSED, fault_code=code, mend="open", message="The books are closed. Open them.")

    [cause] = causes(run)

    assert (cause.records, cause.parts) == (2, ("The books are closed.", "Open them."))
    assert set(run.steps.filter(cause.steps).values_list("position", flat=True)) == {0, 1}


def test_what_happened_is_told_apart_from_what_to_do(run: Run) -> None:
    say(run, 0, StepState.REFUSED, message="It knows no “Smith & Co. of Ohio”. Look it up. Then try again.")
    say(run, 1, StepState.IN_THE_WAY, reason=Reason.INQUIRY, message="Promote it first.")
    say(run, 2, StepState.REFUSED, message="Without an end")

    assert {cause.parts for cause in causes(run)} == {
        ("It knows no “Smith & Co. of Ohio”.", "Look it up. Then try again."),
        ("Still an inquiry.", "Promote it first."),
        ("Without an end", ""),
    }


def test_a_lost_answer_says_so_and_what_is_copied_elsewhere_is_a_cause_too(run: Run) -> None:
    say(run, 0, StepState.UNKNOWN)
    say(run, 1, StepState.BLOCKED, message=ELSEWHERE)

    assert {(each.state, each.sentence, each.records, each.held_up) for each in causes(run)} == {
        ("unknown", LOST, 1, 0),
        ("blocked", ELSEWHERE, 1, 0),
    }


def test_what_waits_for_them_is_counted_with_its_money_and_hours(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours(hours=2)
    quickbooks.behave(rules=[{"match": {"entity": "Customer", "operation": "create"}, "then": {"fault": "2050"}}])

    [cause] = causes(copied(mapped, invoice))

    assert (cause.state, cause.records, cause.held_up) == ("refused", 1, 3)
    assert (cause.minutes, cause.amount) == (180, Decimal("195.00"))


def test_a_name_with_quotation_marks_does_not_hide_what_waits_for_it(mapped: Connection) -> None:
    entry = HourEntryFactory(job__client__name="The ”. Firm", job__client__stage="inquiry")

    [cause] = causes(planned(mapped, entry))

    assert (cause.reason, cause.records) == (Reason.INQUIRY, 1)


@pytest.mark.sandbox
def test_a_choice_holds_up_what_needs_it(mapped: Connection) -> None:
    run = copied(mapped, HourEntryFactory(job__client__name="Amy's Bird Sanctuary"))

    assert [(each.sentence, each.records, each.held_up, each.again) for each in causes(run)] == [(ASK, 1, 1, False)]


@pytest.mark.parametrize("records", [1, 30])
def test_it_takes_two_queries(mapped: Connection, quickbooks: QuickBooks, records: int) -> None:
    rule = {"match": {"entity": "Employee", "operation": "create"}, "then": {"fault": "2050"}, "times": 100}
    quickbooks.behave(rules=[rule])
    run = copied(mapped, *(HourEntryFactory(associate=AssociateFactory()) for _ in range(records)))

    with CaptureQueriesContext(
        database,
    ) as queries:
        [cause] = causes(run)

    assert (len(queries), cause.records, cause.held_up) == (2, records, records)


@pytest.mark.parametrize(
    ("state", "said", "again"),
    [
        (StepState.REFUSED, {"fault_code": "2050"}, True),
        (StepState.REFUSED, {"fault_code": LINKED_OTHERWISE}, False),
        (StepState.IN_THE_WAY, {}, True),
        (StepState.LEFT_OUT, {"message": CHANGED}, True),
        (StepState.LEFT_OUT, {"message": LEFT_OUT}, False),
        (StepState.LEFT_OUT, {"message": GONE}, False),
        (StepState.BLOCKED, {"message": ELSEWHERE}, True),
        (StepState.BLOCKED, {"message": "It waits."}, False),
        *(
            (state, {}, False)
            for state in ("ready", "needs_choice", "sending", "done", "linked", "unknown", "cancelled")
        ),
    ],
)
def test_what_may_go_again(run: Run, state: StepState, said: dict[str, str], again: bool) -> None:
    say(run, 0, state, **said)
    step = run.steps.get(position=0)

    assert (goes_again(run, step), may_go_again(run).filter(pk=step.pk).exists()) == (again, again)


@pytest.mark.parametrize(
    "values", [{"state": RunState.PLANNED}, {"state": RunState.CANCELLED}, {"type": Run.Type.UPDATE}]
)
def test_of_a_plan_and_of_what_was_cancelled_nothing_goes_again(run: Run, values: dict[str, str]) -> None:
    say(run, 0, StepState.REFUSED)
    Run.objects.update(**values)
    run.refresh_from_db()

    assert (goes_again(run, Step.objects.get(position=0)), may_go_again(run).exists()) == (False, False)


def test_words_without_what_is_of_one_record() -> None:
    assert alike("“Amy” is 21 long. Its words: “Object ‘Amy’ has 5 lines”") == (
        "… is … long. Its words: Object … has … lines”"
    )
    assert in_common([]) == ""
    assert in_common(["Ann is here.", "Bob is here.", "Bob Lee is there."]) == "… is …"
