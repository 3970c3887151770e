"""Work lists: records that lack something that somebody should fill in, each to be completed in its own row.

The manual's “Post Import Actions”: QuickBooks cannot tell who referred a client, which username somebody gets, or what
kind of organization a vendor is. Apps declare their lists in AppConfig.ready(); what may stay open is left as it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from smmware.core.display import counted
from smmware.core.models import LeftAsItIs


@dataclass(frozen=True)
class WorkList:
    """Records to complete.

    Args:
        key: its name in addresses, such as "clients".
        title: its heading.
        noun: what the rows are, singular and plural, such as ("client", "clients").
        why: what to fill in and what for, in a sentence or two.
        model: whose records they are.
        records: all records that this person may complete, whether or not they lack anything.
        lacking: of such records, those that still lack something.
        lacks: what one of them lacks, in words such as ["username", "hourly rate"].
        forms: makes the forms of many rows, with what they share read once; `data` is what was sent for the one row.
        offered: whether the person who asks may complete any.
    """

    key: str
    title: str
    noun: tuple[str, str]
    why: str
    model: type[Model]
    records: Callable[[Any], QuerySet]
    lacking: Callable[[QuerySet], QuerySet]
    lacks: Callable[[Any], list[str]]
    forms: Callable[[Iterable[Any], Any, Any], list[Any]]
    offered: Callable[[HttpRequest], bool]

    def remaining(self, person: Any) -> QuerySet:
        """What is still to be done, without what somebody left as it is."""
        return self.lacking(self.records(person)).exclude(pk__in=self._left())

    def left(self, person: Any) -> QuerySet:
        """What lacks something and was left as it is."""
        return self.lacking(self.records(person)).filter(pk__in=self._left())

    def leave(self, record: Model, *, by: Any) -> None:
        """Take a record off the list as it is. Does nothing where it is off already."""
        LeftAsItIs.objects.get_or_create(work_list=self.key, record_id=record.pk, defaults={"by": by})

    def put_back(self, record: Model) -> None:
        """Put a record on the list again that was left as it is."""
        LeftAsItIs.objects.filter(work_list=self.key, record_id=record.pk).delete()

    def counted(self, count: int) -> str:
        """A number of its rows, in words: “12 clients”."""
        return counted(count, self.noun[count != 1])

    def _left(self) -> QuerySet:
        return LeftAsItIs.objects.filter(work_list=self.key).values("record_id")


_work_lists: list[WorkList] = []


def add_work_list(work_list: WorkList) -> WorkList:
    """Make a work list known. Raises ValueError for a second one under the same key."""
    if any(other.key == work_list.key for other in _work_lists):
        raise ValueError(f"There is a work list {work_list.key!r} already.")
    _work_lists.append(work_list)
    return work_list


def work_lists_for(request: HttpRequest) -> list[WorkList]:
    """The work lists that the person who asks may do."""
    return [work_list for work_list in _work_lists if work_list.offered(request)]


def work_list_of(model: type[Model], request: HttpRequest) -> WorkList | None:
    """The work list over records of this model, None where there is none for the person who asks."""
    return next((work_list for work_list in work_lists_for(request) if work_list.model is model), None)


def work_list_by_key(key: str) -> WorkList:
    """The work list with this key. Raises KeyError where there is none."""
    for work_list in _work_lists:
        if work_list.key == key:
            return work_list
    raise KeyError(key)
