"""Several who do something at the same moment, each over a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection


def at_once(*attempts: Callable[[], Any]) -> list[Any]:
    """What each attempt answers, or the sentence with which it is refused."""
    start = Barrier(len(attempts))

    def run(attempt: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=60)
            return attempt()
        except ValidationError as error:
            return error.messages
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, attempt) for attempt in attempts]]
