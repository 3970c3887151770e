"""Every QuickBooks URL, asked by each of the five levels with and without “QBO Admin?”, signed out, and switched off.

design.md §6, last paragraph. The patterns are enumerated, so that a new one cannot be forgotten: it needs a row here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from qbo_sync import urls
from qbo_sync.models import Connection, ImportList, RuledOut, Run, Step
from qbo_sync.models.states import RunState, StepState
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, ClientFactory, CompanyFactory

LEVELS = [Level(value) for value in Level.values]


@dataclass(frozen=True)
class Asked:
    """How a URL is asked, and what a QBO Admin of any level gets: a page, or a redirect after a command.

    `arguments` and the values of `data` name what the URL is about.
    """

    method: str
    status: int
    arguments: tuple[str, ...] = ()
    data: dict[str, str] = field(default_factory=dict)


PAGE, COMMAND = 200, 302
URLS: dict[str, Asked] = {
    "standing": Asked("get", PAGE),
    "connect": Asked("get", PAGE),
    "connect_start": Asked("post", COMMAND),
    "callback": Asked("get", COMMAND),
    "other_company": Asked("get", COMMAND),  # nobody came back with another one: test_other_company
    "disconnect": Asked("get", PAGE),
    "guide": Asked("get", PAGE),
    "guide_accept": Asked("post", COMMAND),
    "guide_import_lists": Asked("post", COMMAND),
    "guide_imports": Asked("get", PAGE),
    "guide_go_live": Asked("post", COMMAND),
    "guide_test": Asked("post", COMMAND),
    "settings": Asked("get", PAGE),
    "mappings": Asked("get", PAGE),
    "import": Asked("post", COMMAND, ("import_list",)),
    "import_report": Asked("get", PAGE, ("import_run",)),
    "import_csv": Asked("get", PAGE, ("import_run",)),
    "import_choose": Asked("post", COMMAND, ("import_run",)),
    "import_ask": Asked("post", COMMAND, ("import_run",)),
    "import_link_likely": Asked("post", COMMAND, ("import_run",)),
    "import_choose_all": Asked("post", COMMAND, ("import_run",)),
    "import_take_in": Asked("post", COMMAND, ("import_run",)),
    "import_next": Asked("post", COMMAND, ("import_run",)),
    "import_cancel": Asked("post", COMMAND, ("import_run",)),
    "runs": Asked("get", PAGE),
    "run": Asked("get", PAGE, ("run",)),
    "run_csv": Asked("get", PAGE, ("run",)),
    "run_next": Asked("post", COMMAND, ("run",)),
    "run_pause": Asked("post", COMMAND, ("run",)),
    "run_cancel": Asked("post", COMMAND, ("run",)),
    "run_again": Asked("post", COMMAND, ("run",)),
    "choices": Asked("get", PAGE, ("run", "step")),
    "choice_link": Asked("post", COMMAND, ("run", "step")),
    "choice_never": Asked("post", COMMAND, ("run", "step")),
    "choice_undo": Asked("post", COMMAND, ("ruled_out",), {"step": "step"}),
    "choice_create": Asked("post", COMMAND, ("run", "step")),
    "choice_leave_out": Asked("post", COMMAND, ("run", "step")),
    "run_choices": Asked("get", PAGE, ("run",)),
    "waiting": Asked("get", PAGE),
    "link_invoices": Asked("get", PAGE),
    "accept": Asked("get", PAGE),
    "choices_all": Asked("post", COMMAND, ("run",)),
    "renumber": Asked("get", 404, ("run", "step")),  # the step is no invoice whose number is taken: test_renumber
    "run_reverse": Asked("post", COMMAND, ("run",)),
    "compare": Asked("get", 404, ("run", "step")),  # the run is none of “Update QBO”: test_after_the_copy
    "send_ours": Asked("post", 404, ("run", "step")),
    "keep_theirs": Asked("post", 404, ("run", "step")),
    "update_record": Asked("post", COMMAND, ("kind", "client")),
    "take_back": Asked("post", COMMAND, ("kind", "client")),
    "void_too": Asked("post", 404, ("step",)),  # there is no voided invoice of that number: test_voids
    "move": Asked("get", 404, ("step",)),  # nor is there one: test_moving
    "unlink": Asked("get", 404, ("step",)),  # there is no link of that number: test_after_the_copy
    "name_check": Asked("get", PAGE, ("kind",)),
    "add_record": Asked("post", COMMAND, ("kind", "client")),
    "add_all": Asked("post", COMMAND, ("listing",)),
}


@pytest.fixture
def switched_on(db: None) -> Company:
    return CompanyFactory(integration=Company.Integration.QBO)


@pytest.fixture
def arguments(owner: Associate) -> dict[str, Any]:
    """What the URLs are about: a connection, a run with a step that needs a choice, an import, a client."""
    client, now = ClientFactory(), timezone.now()
    connection = Connection.objects.create(
        environment="simulator", realm_id="4620816365000000001", company_name="Sandbox Company",
        state=Connection.State.RECONNECT, is_active=True, connected_by=owner, connected_at=now,
    )  # fmt: skip
    run = Run.objects.create(
        connection=connection, type=Run.Type.PUSH, title="Add QBO", asked_by=owner, created_at=now, size=1
    )
    step = Step.objects.create(
        run=run, position=0, kind="client", record_id=client.pk, entity="Customer", label=client.name,
        version_seen=client.version, state=StepState.NEEDS_CHOICE,
    )  # fmt: skip
    imported = Run.objects.create(
        connection=connection, type=Run.Type.IMPORT, title="Import Clients", import_list=ImportList.CLIENTS,
        state=RunState.DONE, asked_by=owner, created_at=now,
    )  # fmt: skip
    ruled_out = RuledOut.objects.create(
        connection=connection, kind="client", record_id=client.pk, entity="Customer", qbo_id="1", ruled_out_by=owner
    )
    return {
        "ruled_out": ruled_out.pk, "run": run.pk, "step": step.pk, "import_run": imported.pk,
        "import_list": "clients", "kind": "client", "client": client.pk, "listing": "clients",
    }  # fmt: skip


def statuses(browser: Client, arguments: dict[str, Any]) -> dict[str, int]:
    """What each URL answers. Commands come after pages, so that the run is still there to be looked at."""
    return {name: ask(browser, name, asked.method, arguments).status_code for name, asked in URLS.items()}


def ask(browser: Client, name: str, method: str, arguments: dict[str, Any]) -> Any:
    asked = URLS[name]
    url = reverse(f"qbo:{name}", args=[arguments[argument] for argument in asked.arguments])
    return getattr(browser, method)(url, {name: arguments.get(value, value) for name, value in asked.data.items()})


def test_every_pattern_has_a_row() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == set(URLS)


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_a_qbo_admin_of_any_level_opens_all(
    level: Level, switched_on: Company, arguments: dict[str, Any], client_for: Callable[[Associate], Client]
) -> None:
    admin = AssociateFactory(level=level, qbo_admin=True)
    assert statuses(client_for(admin), arguments) == {name: asked.status for name, asked in URLS.items()}


@pytest.mark.either
@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_nobody_else_opens_any(
    level: Level, switched_on: Company, arguments: dict[str, Any], client_for: Callable[[Associate], Client]
) -> None:
    """A Company Owner without “QBO Admin?” neither: they set it for themselves first."""
    person = AssociateFactory(level=level, qbo_admin=False)
    assert statuses(client_for(person), arguments) == dict.fromkeys(URLS, 403)


@pytest.mark.either
@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
@pytest.mark.parametrize("qbo_admin", [True, False], ids=["QBO Admin", "no QBO Admin"])
def test_switched_off_none_is_there(
    level: Level,
    qbo_admin: bool,
    company: Company,
    arguments: dict[str, Any],
    client_for: Callable[[Associate], Client],
) -> None:
    person = AssociateFactory(level=level, qbo_admin=qbo_admin)
    assert statuses(client_for(person), arguments) == dict.fromkeys(URLS, 404)


def test_signed_out_one_signs_in_first(
    switched_on: Company, arguments: dict[str, Any], client_for: Callable[[Associate | None], Client]
) -> None:
    visitor = client_for(None)
    answers = {name: ask(visitor, name, asked.method, arguments) for name, asked in URLS.items()}
    sign_in = reverse("login")
    assert {name: (answer.status_code, answer.url.partition("?")[0]) for name, answer in answers.items()} == (
        dict.fromkeys(URLS, (302, sign_in))
    )


def test_a_command_is_not_a_link(
    switched_on: Company, arguments: dict[str, Any], client_for: Callable[[Associate], Client]
) -> None:
    """What commands is asked by POST only: a GET never writes (design.md §4)."""
    commands = [name for name, asked in URLS.items() if asked.method == "post"]
    browser = client_for(AssociateFactory(level=Level.BASIC_USER, qbo_admin=True))
    before = list(Run.objects.values_list("pk", "state"))
    answers = {name: ask(browser, name, "get", arguments).status_code for name in commands}
    assert answers == dict.fromkeys(commands, 405)
    assert list(Run.objects.values_list("pk", "state")) == before
