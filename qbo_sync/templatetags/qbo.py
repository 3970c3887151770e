"""What the pages of a copy need beyond Django's own tags."""

from django import template
from django.utils.safestring import SafeString

from qbo_sync.matching import Sure
from qbo_sync.models import Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.causes import Cause
from qbo_sync.push.feedback import RUN_TONES, WORDS, KindSum, state_label
from smmware.core.display import pill

register = template.Library()

TONES = {
    StepState.DONE: "good",
    StepState.LINKED: "good",
    StepState.READY: "info",
    StepState.SENDING: "info",
    StepState.NEEDS_CHOICE: "warn",
    StepState.UNKNOWN: "warn",
    StepState.BLOCKED: "warn",
    StepState.IN_THE_WAY: "warn",
    StepState.REFUSED: "bad",
}
SURE_TONES = {Sure.EXACT: "good", Sure.LIKELY: "warn", Sure.POSSIBLE: "neutral"}


@register.simple_tag
def run_pill(run: Run) -> SafeString:
    """The state of a run as a soft pill."""
    return pill(run.get_state_display(), RUN_TONES.get(RunState(run.state), "neutral"))


@register.simple_tag
def step_pill(step: Step) -> SafeString:
    """The state of a step as a soft pill."""
    return pill(state_label(step), TONES.get(StepState(step.state), "neutral"))


@register.simple_tag
def cause_pill(run: Run, cause: Cause) -> SafeString:
    """The state in which a cause leaves its records, as a soft pill."""
    return pill(WORDS[Run.Type(run.type)].state(cause.state), TONES.get(cause.state, "neutral"))


@register.simple_tag
def sure_pill(sure: str) -> SafeString:
    """How sure a match is, as a soft pill."""
    return pill(str(Sure(sure).label), SURE_TONES[Sure(sure)])


@register.filter
def in_state(kind: KindSum, state: str) -> int:
    """How many records of a kind are in this state."""
    return kind.by_state[state]
