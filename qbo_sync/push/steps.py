"""Writing down the steps of a plan, since somebody waits for the page that shows them.

Twenty-five thousand by `bulk_create` take twice as long as all else that a plan does, most of it in preparing columns
that say nothing yet: what is not given here the database fills in by itself.
"""

import json
from collections.abc import Sequence
from typing import Any

from qbo_sync.models import Run, Step
from qbo_sync.push.walk import Draft
from smmware.core.inserting import insert_rows

COLUMNS = (
    "run_id", "position", "kind", "record_id", "entity", "label", "brought_along", "version_seen", "needs",
    "amount", "minutes", "state", "message", "reason", "mend",
)  # fmt: skip
TEXTS = ("entity", "label", "message", "reason", "mend")  # empty they are "", where the others are NULL


def insert(run: Run, drafts: Sequence[Draft]) -> None:
    """Insert a step for each draft, in the caller's transaction."""
    insert_rows(Step, COLUMNS, (_row(run, draft) for draft in drafts), texts=TEXTS)


def _row(run: Run, draft: Draft) -> list[Any]:
    kind, record_id = draft.key
    fate, amount = draft.fate, draft.amount
    return [
        run.pk, draft.position, kind.value, record_id, draft.entity.value, draft.label, not draft.asked, draft.version,
        json.dumps([needed.position for needed in draft.needed]), None if amount is None else str(amount),
        draft.minutes, fate.state.value, fate.message, str(fate.reason), str(fate.mend),
    ]  # fmt: skip
