"""The mail to whoever asked for a long run: once for each ending, whatever dies in between."""

import datetime as dt
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from associates.models import Associate
from qbo_sync import telling
from qbo_sync.models import Connection, ImportList, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.blocking import go_on
from qbo_sync.runs import moves
from qbo_sync.tasks import sweep
from tests.factories import AssociateFactory, CompanyFactory

BEGAN = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)  # nine in the morning, in Chicago
ENDED = BEGAN + dt.timedelta(minutes=12)
SOON = ENDED + dt.timedelta(seconds=20)


class Server(BaseEmailBackend):
    """A mail server; what it took, and whether a transaction was open meanwhile."""

    took: list[Any] = []
    in_transaction: list[bool] = []
    down = False

    def send_messages(self, email_messages: Any) -> int:
        Server.in_transaction.append(database.in_atomic_block)
        if Server.down:
            raise SMTPServerDisconnected("please run connect() first")
        Server.took.extend(email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def server(settings: Any) -> type[Server]:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    settings.SITE_URL = "https://office.example.com"
    Server.took, Server.in_transaction, Server.down = [], [], False
    return Server


@pytest.fixture
def olivia(transactional_db: None) -> Associate:
    CompanyFactory()
    return AssociateFactory(first_name="Olivia", email="olivia@example.com")


@pytest.fixture
def run(olivia: Associate) -> Run:
    """A copy of five records that took twelve minutes, of which two were refused."""
    connection = Connection.objects.create(
        environment="simulator", realm_id="1", company_name="Sandbox Company", state="connected", is_active=True
    )
    run = Run.objects.create(
        connection=connection, type=Run.Type.PUSH, title="QBO Add All: Clients", asked_by=olivia, created_at=BEGAN,
        queued_at=BEGAN, started_at=BEGAN, finished_at=ENDED, state=RunState.DONE,
    )  # fmt: skip
    for position, state in enumerate([StepState.DONE] * 3 + [StepState.REFUSED] * 2):
        Step.objects.create(
            run=run, position=position, kind="client", record_id=position, version_seen=1, state=state, label="a"
        )
    return run


def test_it_says_what_came_of_it(run: Run) -> None:
    telling.tell(now=SOON)

    [sent] = Server.took
    assert (sent.subject, sent.to) == ("QBO Add All: Clients: finished", ["olivia@example.com"])
    assert sent.body == (
        "Hello Olivia,\n"
        "\n"
        "“QBO Add All: Clients” at Sandbox Company is over: finished on Mar 2, 2026, 9:12 a.m., after 12\xa0minutes of "
        "work.\n"
        "\n"
        "Records: 3 copied, 2 refused by QuickBooks.\n"
        "\n"
        f"https://office.example.com/quickbooks/runs/{run.pk}/\n"
        "\n"
        "You get this mail because a run of yours took long. QuickBooks Online Settings say from how many minutes "
        "on.\n"
    )
    assert sent.extra_headers == {
        "Message-ID": f"<qbo-run-{run.pk}-1772464320000@office.example.com>",
        "Auto-Submitted": "auto-generated",
    }
    assert Server.in_transaction == [False]


def test_why_it_stopped_is_said_too(run: Run) -> None:
    Run.objects.update(state=RunState.FAILED, message="Renew it at QuickBooks, then press “Go on”.", title="A\nB")

    telling.tell(now=SOON)

    [sent] = Server.took
    assert sent.subject == "A B: stopped"
    assert "\nRenew it at QuickBooks, then press “Go on”.\n" in sent.body


def test_an_import_says_what_it_did(run: Run, olivia: Associate) -> None:
    Run.objects.all().update(told_of=ENDED)
    Run.objects.create(
        connection=run.connection, type=Run.Type.IMPORT, import_list=ImportList.CLIENTS, title="Import Clients",
        asked_by=olivia, created_at=BEGAN, queued_at=BEGAN, finished_at=ENDED, state=RunState.DONE,
        report={"counts": {"new": 1200, "left_alone": 3}},
    )  # fmt: skip

    telling.tell(now=SOON)

    [sent] = Server.took
    assert "Records: 1,200 new, 3 left alone.\n" in sent.body


NOT_TOLD: dict[str, dict[str, Any]] = {
    "a short one": {"queued_at": ENDED - dt.timedelta(minutes=9, seconds=59)},
    "a plan that was cancelled": {"queued_at": None, "state": RunState.CANCELLED},
    "one that is over since yesterday": {
        "queued_at": ENDED - dt.timedelta(days=3), "finished_at": ENDED - dt.timedelta(days=2),
    },
}  # fmt: skip


@pytest.mark.parametrize("values", NOT_TOLD.values(), ids=NOT_TOLD)
def test_of_some_nobody_is_told_and_they_are_not_looked_at_again(run: Run, values: dict[str, Any]) -> None:
    Run.objects.update(**values)

    telling.tell(now=SOON)

    assert (Server.took, list(telling.endings(SOON + dt.timedelta(days=1)))) == ([], [])


def an_import(run: Run, **values: Any) -> Run:
    """An import that was read in two minutes and shown, when a day had gone by."""
    Run.objects.all().update(told_of=ENDED)
    return Run.objects.create(
        connection=run.connection, type=Run.Type.IMPORT, import_list=ImportList.CLIENTS, title="Import Clients",
        asked_by=run.asked_by, created_at=BEGAN, queued_at=BEGAN, started_at=BEGAN, state=RunState.PLANNED,
        planned_at=BEGAN + dt.timedelta(minutes=2), waits_since=BEGAN + dt.timedelta(minutes=2), **values,
    )  # fmt: skip


@pytest.mark.parametrize("minutes", [9, 11])
def test_a_persons_pause_over_a_plan_is_no_work(run: Run, minutes: int, settings: Any) -> None:
    settings.QBO_PLAN_EXPIRES_SECONDS = 10**9
    asked = an_import(run)
    assert moves.queue(asked)
    asked.refresh_from_db()
    assert asked.queued_at is not None
    assert asked.queued_at > BEGAN + dt.timedelta(days=1)
    ended = asked.queued_at + dt.timedelta(minutes=minutes)
    Run.objects.filter(pk=asked.pk).update(state=RunState.DONE, finished_at=ended)

    telling.tell(now=ended)

    assert len(Server.took) == (minutes > 10)
    assert all(f"after {minutes}\xa0minutes of work." in message.body for message in Server.took)


def test_a_plan_that_is_cancelled_after_a_day_was_not_long(run: Run) -> None:
    assert moves.cancel(an_import(run))

    telling.tell(now=timezone.now())

    assert Server.took == []


def test_a_copy_that_is_cancelled_after_a_day_of_pause_was_not_long(run: Run) -> None:
    begun = timezone.now() - dt.timedelta(minutes=9)
    Run.objects.update(state=RunState.RUNNING, queued_at=begun, finished_at=None)
    run.refresh_from_db()
    assert moves.pause(run)
    assert moves.cancel(run)
    tomorrow = timezone.now() + dt.timedelta(days=1)
    Run.objects.update(finished_at=tomorrow)

    telling.tell(now=tomorrow)

    assert Server.took == []


def test_it_goes_to_whoever_pressed_next(run: Run) -> None:
    run.confirmed_by = AssociateFactory(first_name="Ada", email="ada@example.com")
    run.save()

    telling.tell(now=SOON)

    [sent] = Server.took
    assert (sent.to, sent.body.split("\n")[0]) == (["ada@example.com"], "Hello Ada,")


def test_what_is_not_over_is_left_alone(run: Run) -> None:
    Run.objects.update(finished_at=None, state=RunState.RUNNING)

    telling.tell(now=SOON)

    run.refresh_from_db()
    assert (Server.took, run.told_of) == ([], None)


@pytest.mark.parametrize(
    ("setting", "person"),
    [({"long_run_minutes": None}, {}), ({}, {"is_active": False}), ({}, {"email": ""}), ({"long_run_minutes": 13}, {})],
    ids=["switched off", "gone", "without address", "not long enough"],
)
def test_whether_and_from_when_on_is_a_setting_and_it_needs_somebody_to_read_it(
    run: Run, setting: dict[str, Any], person: dict[str, Any]
) -> None:
    Connection.objects.filter(is_active=True).update(**setting or {"long_run_minutes": 10})
    if person:
        Associate.objects.update(**person)

    telling.tell(now=SOON)
    Connection.objects.update(long_run_minutes=1)
    telling.tell(now=SOON + dt.timedelta(minutes=10))

    assert Server.took == []


def test_it_is_told_once(run: Run) -> None:
    for minutes in (0, 1, 10, 100):
        telling.tell(now=SOON + dt.timedelta(minutes=minutes))

    run.refresh_from_db()
    assert (len(Server.took), run.told_of, run.tell_after) == (1, ENDED, None)


def test_two_workers_at_once_tell_it_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one comes while the first speaks with the mail server."""
    send = mail.EmailMessage.send

    def meanwhile(message: Any, *args: Any) -> int:
        if not Server.in_transaction:
            Server.in_transaction.append(False)
            telling.tell(now=SOON)
        return send(message, *args)

    monkeypatch.setattr(mail.EmailMessage, "send", meanwhile)

    telling.tell(now=SOON)

    assert len(Server.took) == 1


class Killed(BaseException):
    """The worker is gone, at once."""


def test_a_worker_that_dies_over_it_leaves_it_to_the_next(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(mail.EmailMessage, "send", die)
        with pytest.raises(Killed):
            telling.tell(now=SOON)

    telling.tell(now=SOON + dt.timedelta(minutes=4))
    assert Server.took == []
    telling.tell(now=SOON + telling.TRY_AGAIN)
    telling.tell(now=SOON + telling.TRY_AGAIN * 3)
    assert len(Server.took) == 1


def test_one_that_died_before_it_noted_the_mail_is_followed_by_the_same_message(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    update, calls = BaseDatabaseWrapper.cursor, []

    def dies_after_the_mail(self: Any, *args: Any, **values: Any) -> Any:
        if Server.took and not calls:
            calls.append(1)
            raise Killed
        return update(self, *args, **values)

    with monkeypatch.context() as patched:
        patched.setattr(BaseDatabaseWrapper, "cursor", dies_after_the_mail)
        with pytest.raises(Killed):
            telling.tell(now=SOON)
    telling.tell(now=SOON + telling.TRY_AGAIN)

    assert len({message.extra_headers["Message-ID"] for message in Server.took}) == 1
    run.refresh_from_db()
    assert run.told_of == ENDED


def test_a_mail_server_that_is_down_is_asked_again_later_and_once_for_all(run: Run) -> None:
    other = Run.objects.get()
    other.pk = None
    other.save()
    Server.down = True

    telling.tell(now=SOON)
    telling.tell(now=SOON)

    assert len(Server.in_transaction) == 2  # a second look asked for the second run alone, not again for the first
    Server.down = False
    telling.tell(now=SOON + telling.TRY_AGAIN)
    assert len(Server.took) == 2


def test_a_run_that_goes_on_ends_a_second_time(run: Run) -> None:
    """Its time begins anew with the person's choice: a short second part is not told of, a long one is."""
    telling.tell(now=SOON)
    run.steps.filter(state=StepState.REFUSED).update(state=StepState.READY)
    Run.objects.update(finished_at=ENDED)
    go_on(run)
    run.refresh_from_db()
    assert (run.state, run.finished_at) == (RunState.QUEUED, None)
    assert run.queued_at is not None

    later = run.queued_at + dt.timedelta(minutes=3)
    Run.objects.update(state=RunState.DONE, finished_at=later)
    telling.tell(now=later)
    assert len(Server.took) == 1

    longer = run.queued_at + dt.timedelta(minutes=30)
    Run.objects.update(finished_at=longer)
    telling.tell(now=longer)
    assert len(Server.took) == 2


def test_the_sweep_has_it_told(run: Run, eagerly: None) -> None:
    now = timezone.now()
    Run.objects.update(queued_at=now - dt.timedelta(minutes=20), finished_at=now)

    sweep()
    sweep()

    assert len(Server.took) == 1


def test_a_run_that_is_cancelled_after_long_is_told_of(run: Run) -> None:
    Run.objects.update(state=RunState.PAUSED, finished_at=None)
    run.refresh_from_db()
    assert moves.cancel(run)
    Run.objects.update(finished_at=ENDED)

    telling.tell(now=SOON)

    assert [message.subject for message in Server.took] == ["QBO Add All: Clients: cancelled"]
