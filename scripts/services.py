"""What the tests can use on this machine beside Python: PostgreSQL, Redis, a browser, and what PDFs need."""

import os
import shutil
from ctypes.util import find_library

import psycopg2
import redis

POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/smmware"
REDIS_URL = "redis://127.0.0.1:6379/9"
WAIT_SECONDS = 3
KNOWN = {
    "postgres": "PostgreSQL does not answer at {postgres}. Start it, or set SMMWARE_TEST_DATABASE_URL=postgres://…",
    "redis": "Redis does not answer at {redis}. Start it, or set SMMWARE_TEST_BROKER_URL=redis://…",
    "browser": "There is no chromium. Install it (Debian: apt-get install chromium), or set CHROMIUM_PATH=/path/to/it",
    "pdf": "There is no Pango, so no PDF. Install it (Debian: apt-get install {pdf})",
}
PDF_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
PDF_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")


def required_services() -> set[str]:
    """The names in SMMWARE_TEST_REQUIRE, whose absence is a failure, not a reason to skip.

    Raises ValueError for a name that is none of `KNOWN`.
    """
    names = {name.strip() for name in os.environ.get("SMMWARE_TEST_REQUIRE", "").split(",") if name.strip()}
    if unknown := names - set(KNOWN):
        raise ValueError(f"SMMWARE_TEST_REQUIRE knows {', '.join(KNOWN)}, not {', '.join(sorted(unknown))}.")
    return names


def postgres_url() -> str:
    return os.environ.get("SMMWARE_TEST_DATABASE_URL") or POSTGRES_URL


def redis_url() -> str:
    return os.environ.get("SMMWARE_TEST_BROKER_URL") or REDIS_URL


def chromium_path() -> str | None:
    """Where Debian's chromium is, or the one that CHROMIUM_PATH names."""
    return shutil.which(os.environ.get("CHROMIUM_PATH") or "chromium")


def makes_pdfs() -> bool:
    """Whether the system libraries are there that WeasyPrint draws with."""
    return all(find_library(name) for name in PDF_LIBRARIES)


def postgres_answers() -> bool:
    server = postgres_url().rpartition("/")[0]
    try:
        psycopg2.connect(f"{server}/postgres", connect_timeout=WAIT_SECONDS).close()
    except psycopg2.OperationalError:
        return False
    return True


def redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(redis_url(), socket_connect_timeout=WAIT_SECONDS).ping())
    except redis.RedisError:
        return False


def found_services() -> set[str]:
    """Which of `KNOWN` there are on this machine, asked just now."""
    there = {"postgres": postgres_answers(), "redis": redis_answers(), "browser": chromium_path() is not None}
    there["pdf"] = makes_pdfs()
    return {name for name, answer in there.items() if answer}


def why_missing(name: str) -> str:
    """What is missing and what to do, in a sentence."""
    return KNOWN[name].format(postgres=postgres_url(), redis=redis_url(), pdf=PDF_PACKAGES)
