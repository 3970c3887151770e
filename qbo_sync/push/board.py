"""What is under way: the runs being served, and the batches of theirs that are in flight."""

from concurrent.futures import Future
from dataclasses import dataclass, field

from django.conf import settings

from qbo_sync.api.batch import MAX_ITEMS, BatchAnswer
from qbo_sync.models import Attempt, Step
from qbo_sync.push.graph import RunGraph


@dataclass(frozen=True)
class Flight:
    """A batch on its way."""

    graph: RunGraph
    steps: list[Step]
    attempt: Attempt
    names: bool

    @property
    def positions(self) -> list[int]:
        return [step.position for step in self.steps]


@dataclass
class Board:
    """What is under way: the graphs of the runs being served, and the batches in flight until they are recorded."""

    graphs: dict[int, RunGraph] = field(default_factory=dict)
    flights: dict[Future[BatchAnswer], Flight] = field(default_factory=dict)

    def may_send(self, graph: RunGraph, *, names: bool) -> bool:
        """Whether a batch of this graph should go now: it is full, or nothing in flight could fill it.

        Names are needed by names alone, and go one batch at a time: where they may go, none is in flight.
        """
        ready = graph.ready(names=names)
        a_names_batch_flies = any(flight.names for flight in self.flights.values())
        under_way = sum(not answer.done() for answer in self.flights)
        free = under_way < settings.QBO_SENDERS and not (names and a_names_batch_flies)
        return free and (ready >= MAX_ITEMS or (ready > 0 and (names or not self.flies(graph))))

    def flies(self, graph: RunGraph) -> bool:
        """Whether a batch of this graph is in flight."""
        return any(flight.graph is graph for flight in self.flights.values())

    def shortest_first(self) -> list[RunGraph]:
        return sorted(self.graphs.values(), key=lambda graph: (graph.size, graph.run.pk))
