"""What tests of qbo_sync share."""

from collections.abc import Iterator

import pytest

from smmware.celery import app


@pytest.fixture
def eagerly() -> Iterator[None]:
    """Tasks are carried out at once, in the same process."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before
