"""`make test`: the whole suite on the embedded default; where PostgreSQL and Redis answer, shared with them.

SMMWARE_TEST_REQUIRE=postgres,redis,browser,pdf makes what is missing a failure. Arguments go to pytest.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterable

from scripts.services import KNOWN, found_services, postgres_url, redis_url, required_services, why_missing

EMBEDDED, SERVICES = "On SQLite and the file broker", "On PostgreSQL and Redis"
# One more than the usual two cores: a journey mostly waits for the processes that it has started. The parts go one
# after the other: side by side they end no sooner, and tests that watch the clock fail where too much goes on at once.
PYTEST = [sys.executable, "-m", "pytest", "--numprocesses", "3", "--dist", "worksteal", "--quiet"]
# What is not tried twice (docs/decisions/0004): this knows no database or broker of ours, or is the embedded demo;
EMBEDDED_ONLY = (
    "tests/contract",
    "tests/unit/qbo_simulator",
    "tests/unit/scripts",
    "tests/unit/qbo_sync/api/test_against_simulator.py",
    "tests/integration/test_make_demo.py",
)
# and this asks screens what they say and do, or asks of plan and engine what becomes of single records. That each page
# opens, what lists, plans and badges ask the database, the engine itself and its recovery are tried on both. Tests that
# are marked `either` are left to PostgreSQL and Redis too.
EITHER = (
    "tests/browser",
    "tests/integration/associates/test_profile.py",
    "tests/integration/associates/test_raising.py",
    "tests/integration/clients/test_settings.py",
    "tests/integration/core/test_frame.py",
    "tests/integration/core/test_record_form.py",
    "tests/integration/core/test_remembered_filters.py",
    "tests/integration/hours/test_entries.py",
    "tests/integration/hours/test_receipts.py",
    "tests/integration/hours/test_recording.py",
    "tests/integration/hours/test_settings.py",
    "tests/integration/invoices/test_adding.py",
    "tests/integration/invoices/test_adding_more.py",
    "tests/integration/invoices/test_client_views.py",
    "tests/integration/invoices/test_invoices.py",
    "tests/integration/office/test_admin_site.py",
    "tests/integration/office/test_help.py",
    "tests/integration/office/test_home.py",
    "tests/integration/office/test_nothing_typed_is_lost.py",
    "tests/integration/office/test_settings.py",
    "tests/integration/office/test_signing_in.py",
    "tests/integration/qbo_sync/test_after_the_copy.py",
    "tests/integration/qbo_sync/test_again.py",
    "tests/integration/qbo_sync/test_choices.py",
    "tests/integration/qbo_sync/test_connect.py",
    "tests/integration/qbo_sync/test_copies.py",
    "tests/integration/qbo_sync/test_guide.py",
    "tests/integration/qbo_sync/test_home_card.py",
    "tests/integration/qbo_sync/test_imports.py",
    "tests/integration/qbo_sync/test_moving.py",
    "tests/integration/qbo_sync/test_name_check.py",
    "tests/integration/qbo_sync/test_old_invoices.py",
    "tests/integration/qbo_sync/test_other_company.py",
    "tests/integration/qbo_sync/test_push_command.py",
    "tests/integration/qbo_sync/test_renumber.py",
    "tests/integration/qbo_sync/test_settings.py",
    "tests/integration/qbo_sync/test_voids.py",
    "tests/integration/qbo_sync/test_waiting.py",
    "tests/integration/test_permissions.py",
    "tests/integration/test_who_may_open.py",
    "tests/unit/invoices/test_paper.py",
    "tests/unit/office_demo",
    "tests/unit/qbo_sync/pull/test_people.py",
    "tests/unit/qbo_sync/push/test_accepting.py",
    "tests/unit/qbo_sync/push/test_again.py",
    "tests/unit/qbo_sync/push/test_causes.py",
    "tests/unit/qbo_sync/push/test_choices.py",
    "tests/unit/qbo_sync/push/test_company_rules.py",
    "tests/unit/qbo_sync/push/test_covering.py",
    "tests/unit/qbo_sync/push/test_credit_memos.py",
    "tests/unit/qbo_sync/push/test_every_fault.py",
    "tests/unit/qbo_sync/push/test_fallback.py",
    "tests/unit/qbo_sync/push/test_in_the_way.py",
    "tests/unit/qbo_sync/push/test_invoices_there.py",
    "tests/unit/qbo_sync/push/test_jobs.py",
    "tests/unit/qbo_sync/push/test_numbers.py",
    "tests/unit/qbo_sync/push/test_payments.py",
    "tests/unit/qbo_sync/push/test_receipts.py",
    "tests/unit/qbo_sync/push/test_reversing.py",
    "tests/unit/qbo_sync/push/test_tries.py",
    "tests/unit/qbo_sync/push/test_updating.py",
    "tests/unit/qbo_sync/push/test_voiding.py",
)
NOTHING = 5  # what pytest answers where a choice of tests has none in a part
SAID = {0: "passed", NOTHING: "nothing to try"}
CHOICE = ("SMMWARE_TEST_DATABASE_URL", "SMMWARE_TEST_BROKER_URL")
# Without bytecode each of the run's many processes would compile everything anew: a third of its start.
NOT_HANDED_ON = (*CHOICE, "PYTHONDONTWRITEBYTECODE")


def main(arguments: list[str]) -> int:
    """Run the parts that this machine can run. Answers 0 where all pass."""
    found = found_services()
    for name in KNOWN:
        if name not in found:
            print(why_missing(name), flush=True)
    if missing := required_services() - found:
        print(f"Required by SMMWARE_TEST_REQUIRE, and missing: {', '.join(sorted(missing))}.")
        return 1
    chosen = parts(found)
    results = {part: run(part, chosen, arguments) for part in chosen}
    for part, status in results.items():
        print(f"{part}: {SAID.get(status, 'FAILED')}")
    return max(status for status in results.values() if status != NOTHING or {*results.values()} == {NOTHING})


def parts(found: set[str]) -> dict[str, dict[str, str]]:
    """The parts of the run by name, each with the variables that choose its database and broker."""
    chosen: dict[str, dict[str, str]] = {EMBEDDED: {}}
    if {"postgres", "redis"} <= found:
        chosen[SERVICES] = dict(zip(CHOICE, (postgres_url(), redis_url()), strict=True))
    return chosen


def selection(part: str, parts: Iterable[str]) -> list[str]:
    """What of the suite a part tries: all of it where it is the only one."""
    first, *others = parts
    if part != first:
        return [f"--ignore={path}" for path in EMBEDDED_ONLY]
    if others:
        return ["-m", "not services and not either", *(f"--ignore={path}" for path in EITHER)]
    return ["-m", "not services"]


def run(part: str, chosen: dict[str, dict[str, str]], arguments: list[str]) -> int:
    """Try one of the chosen parts. Answers pytest's exit status."""
    print(f"\n── {part}", flush=True)
    environment = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON} | chosen[part]
    started = time.monotonic()
    status = subprocess.run([*PYTEST, *selection(part, chosen), *arguments], env=environment, check=False).returncode
    print(f"{time.monotonic() - started:.0f} seconds", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
