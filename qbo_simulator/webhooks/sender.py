"""Gather events, send notifications, and try again on Intuit's schedule, on the simulator's clock (qbo-api.md §10.2).

Events and notifications are rows of the data file: an event is written with the change that it tells of, and a
notification stays until it was answered, so a restart loses none.  One that was sent but not yet crossed out when the
simulator was killed is sent again, as Intuit's may be.
"""

import threading
from typing import Any

import urllib3

from qbo_simulator.clock import Clock
from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.store.database import Database
from qbo_simulator.webhooks.bodies import Event, body_of, merged, signature

ANSWER_SECONDS = 3
RETRIES = (10, 20, 30, 300, 1200, 7200, 14400, 21600)  # seconds after each failure; then the last one for ever
IDLE_SECONDS, BUSY_SECONDS = 0.5, 0.05
OK = 200
MOST_KEPT = 500


class Sender:
    """The background thread that sends, and what it does in one turn."""

    def __init__(self, database: Database, clock: Clock, behaviour: Behaviour) -> None:
        self.database = database
        self.clock = clock
        self.behaviour = behaviour
        self.http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=ANSWER_SECONDS))
        self.woken = threading.Event()
        self.stopping = threading.Event()
        self.thread: threading.Thread | None = None
        behaviour.listeners.append(self.look)
        self.look()

    def look(self) -> None:
        """Run the thread from the moment an address is registered."""
        if self.behaviour["webhooks"]["url"] and self.thread is None and not self.stopping.is_set():
            self.thread = threading.Thread(target=self.run, name="webhooks", daemon=True)
            self.thread.start()
        self.woken.set()

    def run(self) -> None:
        while not self.stopping.is_set():
            worked = self.turn()
            self.woken.wait(BUSY_SECONDS if worked else IDLE_SECONDS)
            self.woken.clear()

    def stop(self) -> None:
        """End the thread; called before the data file is closed."""
        self.stopping.set()
        self.woken.set()
        if self.thread is not None:
            self.thread.join()
        self.http.clear()

    def turn(self) -> bool:
        """Make a notification of the events that are old enough, and deliver what is due.  Whether there is more."""
        webhooks = self.behaviour["webhooks"]
        if not webhooks["url"]:
            return False
        self.gather(webhooks)
        waiting = self.waiting()
        if not waiting:
            return self.has_events()
        head = waiting[-1 if webhooks["order"] == "reversed" else 0]
        if head[2] > self.clock.seconds():  # later ones wait behind the one that fails
            return True
        self.deliver(head, webhooks)
        return True

    def has_events(self) -> bool:
        with self.database.lock:
            return self.database.one("SELECT 1 FROM webhook_event LIMIT 1") is not None

    def gather(self, webhooks: dict[str, Any]) -> None:
        """The events since the last notification become the next one, once the first is old enough."""
        now = self.clock.seconds()
        with self.database.transaction():
            rows = self.database.all(
                "SELECT number, realm, entity, id, operation, deleted_id, at FROM webhook_event ORDER BY number"
            )
            if not rows or rows[0][6] + webhooks["merge_seconds"] > now:
                return
            events = merged([Event(*row) for row in rows])
            if webhooks["order"] == "reversed":
                events.reverse()
            self.database.run("DELETE FROM webhook_event WHERE number <= ?", rows[-1][0])
            self.database.run(
                "INSERT INTO webhook_notification (body, due, tries, answered, outcome) VALUES (?, ?, 0, 0, '')",
                body_of(events, webhooks["format"]), now,
            )  # fmt: skip

    def waiting(self) -> list[Any]:
        """(number, body, due, tries, answered) of what is not delivered yet, the oldest first."""
        with self.database.lock:
            return self.database.all(
                """SELECT number, body, due, tries, answered FROM webhook_notification
                   WHERE outcome != 'delivered' ORDER BY number"""
            )

    def deliver(self, notification: Any, webhooks: dict[str, Any]) -> None:
        """One POST; what became of it is written down."""
        number, body, _, tries, answered = notification
        outcome = self.post(body, webhooks)
        good = outcome == f"{OK}"
        delivered = good and answered + 1 >= webhooks["repeat"]
        failures = tries - answered
        pause = 0 if good else RETRIES[min(failures, len(RETRIES) - 1)]
        with self.database.transaction():
            self.database.run(
                """UPDATE webhook_notification SET due = ?, tries = tries + 1, answered = ?, outcome = ?
                   WHERE number = ?""",
                self.clock.seconds() + pause, answered + good, "delivered" if delivered else outcome, number,
            )  # fmt: skip
            self.database.run(
                "DELETE FROM webhook_notification WHERE number <= ? AND outcome = 'delivered'", number - MOST_KEPT
            )

    def post(self, body: bytes, webhooks: dict[str, Any]) -> str:
        """The status of the answer, or why there was none within three seconds."""
        headers = {
            "Content-Type": "application/json",
            "intuit-signature": signature(body, webhooks["verifier_token"]),
        }
        try:
            answer = self.http.request("POST", webhooks["url"], body=body, headers=headers, redirect=False)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            return type(error).__name__
        return str(answer.status)

    def shown(self) -> list[dict[str, Any]]:
        """The notifications that are kept, the oldest first, as the control plane shows them."""
        with self.database.lock:
            rows = self.database.all(
                "SELECT number, body, due, tries, outcome FROM webhook_notification ORDER BY number"
            )
        return [
            {"number": row[0], "body": row[1].decode(), "due": row[2], "tries": row[3], "outcome": row[4]}
            for row in rows
        ]
