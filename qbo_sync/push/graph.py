"""What of a run may be sent next: the order of its dependencies, kept in memory (graphlib)."""

from collections import Counter, deque
from graphlib import TopologicalSorter

from qbo_sync.api.batch import Item
from qbo_sync.entities import COPIED, Key
from qbo_sync.models import Kind, Run, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.context import mappings_of
from qbo_sync.push.uncollected import uncollected

SUSPECT = 2  # a record that failed so often goes alone, so that it cannot spoil a batch for others
FRESH_SECONDS = 2.0  # what was looked at longer ago is looked at anew before it is sent


class RunGraph:
    """The steps of one run that are still to be copied. It holds positions, kinds and ids only, no records."""

    @uncollected()
    def __init__(self, run: Run) -> None:
        self.run = run
        self.keys: dict[int, Key] = {}
        self.step_ids: dict[int, int] = {}
        self._children: dict[int, list[int]] = {}
        self._ready: dict[bool, deque[int]] = {True: deque(), False: deque()}
        self._aside: list[int] = []
        self._later: list[tuple[float, list[int]]] = []
        self._kept: deque[tuple[Step, Item]] = deque()
        self._kept_at = 0.0
        self.mappings = mappings_of(run.connection)
        self._sorter: TopologicalSorter[int] = TopologicalSorter()
        self._load()
        self._sorter.prepare()
        self._gather()

    def _load(self) -> None:
        """Needs that are not among the steps to be copied are met: blocking.recompute has seen to that."""
        rows = self.run.steps.filter(state=StepState.READY).values_list("pk", "position", "kind", "record_id", "needs")
        for step_id, position, kind, record_id, needs in rows.order_by("position"):
            self.keys[position], self.step_ids[position] = (Kind(kind), record_id), step_id
            open_needs = [need for need in needs if need in self.keys]
            self._sorter.add(position, *open_needs)
            for need in open_needs:
                self._children.setdefault(need, []).append(position)

    def _gather(self) -> None:
        """Whatever holds up most goes first; of the names one of each list in turn.

        Names go one batch at a time. What waits for a name of each list, as hours do for an associate and a client, is
        released sooner by a batch of both than by all associates before the first client.
        """
        ready = sorted(self._sorter.get_ready(), key=lambda position: -len(self._children.get(position, ())))
        passed, turns = Counter[Kind](), {}
        for position in ready:
            kind = self.keys[position][0]
            turns[position] = passed[kind] if COPIED[kind].is_name else 0
            passed[kind] += 1
        for position in sorted(ready, key=turns.__getitem__):
            self._queue(position).append(position)

    def _queue(self, position: int) -> deque[int]:
        return self._ready[COPIED[self.keys[position][0]].is_name]

    def ready(self, *, names: bool) -> int:
        """How many steps may be sent now, of the name lists or of all else."""
        return len(self._ready[names]) + (0 if names else len(self._kept))

    def take(self, limit: int, *, names: bool) -> list[int]:
        """Take up to `limit` positions out of what is ready; of a kind that goes alone, one."""
        queue = self._ready[names]
        taken: list[int] = []
        while queue and len(taken) < limit and not (taken and self._goes_alone(queue[0])):
            taken.append(queue.popleft())
            if self._goes_alone(taken[-1]):
                break
        return taken

    def _goes_alone(self, position: int) -> bool:
        return COPIED[self.keys[position][0]].goes_alone

    def keep(self, items: list[tuple[Step, Item]], now: float) -> None:
        """Keep for the next batches what was looked at and may go: several are looked at in one go."""
        self._kept.extend(items)
        self._kept_at = now

    def kept(self, count: int, now: float) -> list[tuple[Step, Item]]:
        """Take so many of what was kept a moment ago; nothing where there are fewer, or it is stale: look anew then."""
        if now - self._kept_at > FRESH_SECONDS or len(self._kept) < count:
            self.forget()
            return []
        return [self._kept.popleft() for _ in range(count)]

    def is_short(self, count: int) -> bool:
        """Whether fewer than `count` are kept although as many are ready."""
        return len(self._kept) < count <= self.ready(names=False)

    def forget(self) -> None:
        """Have all that was kept looked at anew."""
        self.put_back([step.position for step, _ in self._kept])
        self._kept.clear()

    def steps(self, taken: list[int]) -> list[Step]:
        """The steps taken, without those cancelled or answered otherwise since the graph was built; a suspect alone."""
        chosen = Step.objects.filter(pk__in=[self.step_ids[position] for position in taken], state=StepState.READY)
        by_position = {step.position: step for step in chosen}
        steps = [by_position[position] for position in taken if position in by_position]
        suspect = next((step for step in steps if step.tries >= SUSPECT), None)
        if suspect is None:
            return steps
        self.put_back([step.position for step in steps if step is not suspect])
        return [suspect]

    def put_back(self, positions: list[int]) -> None:
        """Give back positions that were not sent after all."""
        for position in reversed(positions):
            self._queue(position).appendleft(position)

    def set_aside(self, positions: list[int]) -> None:
        """Keep positions whose records are being sent by somebody else, until `look_again`."""
        self._aside.extend(positions)

    def look_again(self) -> None:
        """An answer has come back: what was set aside is looked at once more."""
        self.put_back(self._aside)
        self._aside = []

    def retry(self, positions: list[int], at: float) -> None:
        """Send these once more, but not before `at`, in seconds of the monotonic clock."""
        if positions:
            self._later.append((at, positions))

    def wake(self, now: float) -> None:
        """Whatever waited for this time is ready."""
        due = [positions for at, positions in self._later if at <= now]
        self._later = [(at, positions) for at, positions in self._later if at > now]
        for positions in due:
            self.put_back(positions)

    @property
    def waits(self) -> bool:
        """Whether some of it is to be sent once more after a pause."""
        return bool(self._later)

    def passed(self, positions: list[int]) -> None:
        """These are at QuickBooks now: what waited for them alone becomes ready."""
        if positions:
            self._sorter.done(*positions)
            self._gather()

    def held_up_by(self, position: int) -> list[int]:
        """Every position that depends on this one, near or far, and so cannot go."""
        found: dict[int, None] = {}
        queue = deque(self._children.get(position, ()))
        while queue:
            child = queue.popleft()
            if child not in found:
                found[child] = None
                queue.extend(self._children.get(child, ()))
        return list(found)

    @property
    def size(self) -> int:
        """How many steps were to be copied when the graph was built: short runs are served first."""
        return len(self.keys)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left that may be sent, unless a batch in flight releases it."""
        return not (self._aside or self._something_may_go)

    @property
    def waits_elsewhere(self) -> bool:
        """Whether all that is left is being sent by somebody else."""
        return bool(self._aside) and not self._something_may_go

    @property
    def _something_may_go(self) -> bool:
        return bool(self._later or self._kept or any(self._ready.values()))
