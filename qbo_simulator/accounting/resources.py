"""Who answers what: the resources of a company that are no entity, and what can be done with one document."""

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from qbo_simulator import entities
from qbo_simulator.accounting import batch, changes, taxservice
from qbo_simulator.engine.books import Books
from qbo_simulator.engine.schema import Entity
from qbo_simulator.exchange import Exchange
from qbo_simulator.files import upload
from qbo_simulator.paper import actions
from qbo_simulator.query import run
from qbo_simulator.reports import answer as reports

# the body of an answer without `time`, or a whole answer that has no envelope
Answer = dict[str, Any] | Response


def queried(books: Books, exchange: Exchange) -> Answer:
    return {"QueryResponse": run.answer(books, exchange.statement, entities.BY_LOWER_NAME)}


# what stands behind the realm and is no entity → who answers it
RESOURCES: dict[str, Callable[[Books, Exchange], Answer]] = {
    "query": queried,
    "batch": batch.answer,
    "cdc": changes.answer,
    "taxservice": taxservice.answer,
    "upload": upload.answer,
    "download": upload.download,
    "reports": reports.answer,
}
# what stands behind an entity's id → who answers it
ACTIONS: dict[str, Callable[[Books, Entity, Exchange], Answer]] = {"pdf": actions.pdf, "send": actions.send}
