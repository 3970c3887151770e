"""What is to be done with a row of an import: the words that its `answer` is kept in.

"" is not decided yet; “new:client” makes a new record of that kind, “link:client:12” links the row with that record of
ours, “leave_out” leaves it out, on later imports too.
"""

from django.db.models import Case, CharField, Q, Value, When

from qbo_sync.models import Kind, Outcome

LEAVE_OUT = "leave_out"
NEW, LINK = "new", "link"


def new(kind: Kind) -> str:
    """A new record of this kind is made."""
    return f"{NEW}:{kind.value}"


def link(kind: str, record_id: int) -> str:
    """The row is linked with this record of ours."""
    return f"{LINK}:{kind}:{record_id}"


def kind_to_make(answer: str) -> Kind | None:
    """Of which kind a new record is made; None where none is."""
    what, _, kind = answer.partition(":")
    return Kind(kind) if what == NEW else None


def linked_with(answer: str) -> tuple[Kind, int] | None:
    """Kind and id of the record of ours that the row is linked with; None where it is not."""
    what, _, key = answer.partition(":")
    kind, _, pk = key.partition(":")
    return (Kind(kind), int(pk)) if what == LINK else None


def is_link(answer: str) -> bool:
    """Whether the row is linked with a record of ours."""
    return answer.startswith(f"{LINK}:")


def outcome(answer: str) -> Outcome:
    """What an open row comes to by this answer."""
    return _OUTCOMES[answer.split(":")[0]]


_OUTCOMES = {"": Outcome.CHOICE, NEW: Outcome.NEW, LINK: Outcome.LINKED, LEAVE_OUT: Outcome.LEFT}
OUTCOME_OF_ANSWER = Case(  # the same for the database
    When(answer="", then=Value(Outcome.CHOICE.value)),
    When(answer=LEAVE_OUT, then=Value(Outcome.LEFT.value)),
    When(Q(answer__startswith=f"{LINK}:"), then=Value(Outcome.LINKED.value)),
    default=Value(Outcome.NEW.value),
    output_field=CharField(),
)
