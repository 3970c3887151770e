"""A plan and its end as lines for a terminal: the sums and causes of a run's page."""

from collections.abc import Iterator

from qbo_sync.models import Run
from qbo_sync.push import causes, feedback
from qbo_sync.push.feedback import KindSum, Summary
from smmware.core.display import hours, money

NOTHING = "–"


def run_in_words(run: Run) -> Iterator[str]:
    """The records of a run by kind and state, with hours and money, and what is in the way of which of them."""
    summary = feedback.summary(run)
    if not summary.kinds:
        yield "There is no such record."
        return
    yield from _table(summary)
    for cause in causes.causes(run):
        yield f"\n{_counted(cause)}: {'. '.join(filter(None, (cause.title, cause.sentence)))}"


def _table(summary: Summary) -> Iterator[str]:
    """Columns as wide as they need to be, figures to the right."""
    header = ["", "Records", "Brought along", *(label for _, label, _ in summary.states), "Hours", "Amount"]
    rows = [header, *(_row(kind, summary) for kind in summary.kinds)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *figures in rows:
        aligned = (figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *aligned))


def _row(kind: KindSum, summary: Summary) -> list[str]:
    counts = [kind.total, kind.brought_along, *(kind.by_state[state] for state, _, _ in summary.states)]
    sums = [hours(kind.minutes) if kind.minutes else NOTHING, money(kind.amount) if kind.amount else NOTHING]
    return [kind.kind.plural, *(f"{count:,}" if count else NOTHING for count in counts), *sums]


def _counted(cause: causes.Cause) -> str:
    """How much of the run meets with a cause: “2 records, 5 wait for them, 7.50 hours, $97.50”."""
    records = f"{cause.records:,} record{'' if cause.records == 1 else 's'}"
    waiting = f"{cause.held_up:,} wait for {'it' if cause.records == 1 else 'them'}" if cause.held_up else ""
    time, amount = f"{hours(cause.minutes)} hours" if cause.minutes else "", money(cause.amount) if cause.amount else ""
    return ", ".join(filter(None, (records, waiting, time, amount)))
