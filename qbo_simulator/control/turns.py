"""What only one request at a time may do: use a request id, write a name (qbo-api.md §5, §7.2)."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from qbo_simulator import faults
from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.exchange import Exchange

NAMES = ("Customer", "Vendor", "Employee")
ONE_AT_A_TIME = "You can only add or edit one name at a time. Please try again."
PATIENCE = 120  # seconds; Intuit's own time-out of a request


class Turns:
    """Who is at it at present.  A turn is over when the answer has left, latency included."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.changed = threading.Condition()
        self.held: set[Hashable] = set()

    @contextmanager
    def turn(self, exchange: Exchange) -> Iterator[None]:
        """The turn of a request whose company is in order.

        Raises Fault 600 for a request id whose first request is still under way, or waits for that one, as the switch
        says.  Writes of names that find another one under way are marked to be answered with 6000.
        """
        taken = [key for key in (self.request_id(exchange), self.names(exchange)) if key is not None]
        try:
            yield
        finally:
            with self.changed:
                self.held.difference_update(taken)
                self.changed.notify_all()

    def request_id(self, exchange: Exchange) -> Hashable | None:
        if not exchange.idempotent:
            return None
        key = ("requestid", exchange.parts["realm"], exchange.requestid)
        with self.changed:
            if key in self.held and self.behaviour["requestid_concurrent"] == "refuse":
                raise faults.duplicate_request_id()
            self.changed.wait_for(lambda: key not in self.held, PATIENCE)
            self.held.add(key)
        return key

    def names(self, exchange: Exchange) -> Hashable | None:
        """The turn to write names, or None where the request writes none or has to do without."""
        places = [
            place for place, each in enumerate(exchange.operations) if each.writes and each.entity.title() in NAMES
        ]
        if not places or not self.behaviour["one_name_at_a_time"]:
            return None
        key = ("names", exchange.parts["realm"])
        with self.changed:
            if key not in self.held:
                self.held.add(key)
                return key
        for place in places:
            exchange.faulted.setdefault(place, faults.business(ONE_AT_A_TIME))
        return None
