"""`make test`: the whole suite on the embedded default, and again on PostgreSQL and Redis where both answer.

SMMWARE_TEST_REQUIRE=postgres,redis,browser,pdf makes what is missing a failure. Arguments go to pytest.
"""

import os
import subprocess
import sys
import time

from scripts.services import KNOWN, found_services, postgres_url, redis_url, required_services, why_missing

# One more than the usual two cores: a journey mostly waits for the processes that it has started.
PYTEST = [sys.executable, "-m", "pytest", "--numprocesses", "3", "--dist", "worksteal", "--quiet"]
# What knows neither our database nor our broker need not be asked twice.
ONCE = ("tests/contract", "tests/unit/qbo_simulator", "tests/unit/scripts", "tests/integration/test_make_demo.py")
CHOICE = ("SMMWARE_TEST_DATABASE_URL", "SMMWARE_TEST_BROKER_URL")


def main(arguments: list[str]) -> int:
    """Run the parts that this machine can run. Answers 0 where all pass."""
    found = found_services()
    for name in KNOWN:
        if name not in found:
            print(why_missing(name), flush=True)
    if missing := required_services() - found:
        print(f"Required by SMMWARE_TEST_REQUIRE, and missing: {', '.join(sorted(missing))}.")
        return 1
    results = {part: run(part, chosen, arguments) for part, chosen in parts(found).items()}
    for part, status in results.items():
        print(f"{part}: {'passed' if status == 0 else 'FAILED'}")
    return max(results.values())


def parts(found: set[str]) -> dict[str, dict[str, str]]:
    """The parts of the run by name, each with the variables that choose its database and broker."""
    chosen: dict[str, dict[str, str]] = {"On SQLite and the file broker": {}}
    if {"postgres", "redis"} <= found:
        chosen["On PostgreSQL and Redis"] = dict(zip(CHOICE, (postgres_url(), redis_url()), strict=True))
    return chosen


def run(part: str, chosen: dict[str, str], arguments: list[str]) -> int:
    print(f"\n── {part}", flush=True)
    environment = {name: value for name, value in os.environ.items() if name not in CHOICE} | chosen
    selection = [f"--ignore={path}" for path in ONCE] if chosen else ["-m", "not services"]
    started = time.monotonic()
    status = subprocess.run([*PYTEST, *selection, *arguments], env=environment, check=False).returncode
    print(f"{time.monotonic() - started:.0f} seconds", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
