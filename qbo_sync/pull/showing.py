"""What the page of an import says of its rows, before and after it is carried out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from qbo_sync.directory.rows import address_lines, text
from qbo_sync.models import ImportList, ImportRow, Kind, Link, Run
from qbo_sync.pull import answers, choosing
from qbo_sync.pull.applying import candidate
from qbo_sync.pull.catalog import PEOPLE
from qbo_sync.pull.choosing import Option
from qbo_sync.pull.planning import not_wanted

CSV_HEAD = ("Name at QuickBooks", "QBO ID", "What", "Here", "Note")
CSV_CHUNK = 1000
NO_JOBS = "Sub-customers are not taken in."
INACTIVE = "It is inactive at QuickBooks."


@dataclass(frozen=True)
class Shown:
    """A row as it is shown.

    Args:
        here: what the record of ours is called that it is linked with, or will be; "" where there is none.
        url: that record's page; "" where it has none.
        options: what a person may choose for it; none where there is nothing to choose.
        others: which of ours it may be besides, each with why, how sure and what differs.
        reached_by: its e-mail, phone and address at QuickBooks, where somebody is to choose.
    """

    row: ImportRow
    note: str
    here: str = ""
    url: str = ""
    options: Sequence[Option] = ()
    others: Sequence[dict[str, Any]] = ()
    reached_by: Sequence[str] = ()


def shown(run: Run, rows: Sequence[ImportRow]) -> list[Shown]:
    """These rows; the number of queries does not grow with them."""
    links = _links(run, rows)
    may_choose = choosing.is_open(run)
    left = set(run.rows.filter(not_wanted(run), pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [_shown(run, row, links.get(row.qbo_id), may_choose=may_choose, is_left=row.pk in left) for row in rows]


def csv_rows(run: Run, rows: QuerySet[ImportRow]) -> Iterator[Sequence[str]]:
    """The rows as CSV, a thousand at a time."""
    yield CSV_HEAD
    for start in range(0, rows.count(), CSV_CHUNK):
        for each in shown(run, list(rows[start : start + CSV_CHUNK])):
            yield each.row.name, each.row.qbo_id, each.row.get_outcome_display(), each.here, each.note


def _links(run: Run, rows: Sequence[ImportRow]) -> dict[str, Link]:
    which = ImportList(run.import_list)
    if which not in PEOPLE:
        return {}
    ids = [row.qbo_id for row in rows]
    links = Link.objects.filter(connection=run.connection_id, entity=PEOPLE[which].entity, qbo_id__in=ids)
    return {
        str(link.qbo_id): link for link in links.select_related("client", "organization", "associate", "job__client")
    }


def _shown(run: Run, row: ImportRow, link: Link | None, *, may_choose: bool, is_left: bool) -> Shown:
    if link:
        record = getattr(link, link.kind)
        return Shown(row, row.note, str(record), record.get_absolute_url())
    if row.is_open and is_left:
        return Shown(row, " ".join(filter(None, (row.note if row.is_job else "", *_why_left(run, row)))))
    found = candidate(row)
    here, url = (found["name"], _url(found)) if found else ("", "")
    options = choosing.options(row, run) if may_choose else []
    others = [_told(each) for each in row.candidates if each is not found] if row.is_open else []
    return Shown(row, row.note, here, url, options, others, _reached_by(row) if row.candidates else ())


def _reached_by(row: ImportRow) -> list[str]:
    """How somebody tells who that is: e-mail, phone and address, as far as QuickBooks has them."""
    ways = (text(row.values, "PrimaryEmailAddr", "Address"), text(row.values, "PrimaryPhone", "FreeFormNumber"))
    return [way for way in (*ways, ", ".join(address_lines(row.values))) if way]


def _why_left(run: Run, row: ImportRow) -> Iterator[str]:
    if row.is_job and not run.with_jobs:
        yield NO_JOBS
    if row.is_inactive and not run.with_inactive:
        yield INACTIVE


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """One of ours as it is told after its name: “Ann Lund: the same phone”."""
    return found | {"url": _url(found), "why": found["why"][:1].lower() + found["why"][1:]}


def _url(found: dict[str, Any]) -> str:
    record: Any = Kind(found["kind"]).model(pk=found["pk"])
    return record.get_absolute_url()


def answers_of(run: Run) -> list[Option]:
    """What all rows of one outcome may be answered at once."""
    given = choosing.new_ones(run) | {answers.LEAVE_OUT: choosing.LEAVE_OUT}
    return [Option(answer, label) for answer, label in given.items()]
