"""Every page of the simulator's own, at its address."""

from collections.abc import Callable, Iterator

from werkzeug.wrappers import Request, Response

from qbo_simulator.pages import guard
from qbo_simulator.pages.byhand import ByHand
from qbo_simulator.pages.controls import Controls
from qbo_simulator.pages.desk import Desk, MissingError
from qbo_simulator.pages.overview import Overview
from qbo_simulator.pages.records import Records
from qbo_simulator.pages.render import ASSETS, asset
from qbo_simulator.pages.requests import Requests

View = Callable[..., Response]
Route = tuple[str, View, tuple[str, ...]]  # path, what answers there, methods
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


def routes(desk: Desk) -> Iterator[Route]:
    """The routes of all pages.  A POST that did not stand on a page of ours is refused before anything is done."""
    for path, view, methods in views(desk):
        yield path, answered(desk, view), methods
    for name in ASSETS:
        yield f"/_simulator/{name}", lambda request, name=name: asset(name), GET


def views(desk: Desk) -> list[Route]:
    overview, records, requests, controls, by_hand = (
        Overview(desk), Records(desk), Requests(desk), Controls(desk), ByHand(desk),
    )  # fmt: skip
    company = "/company/<realm>"
    return [
        ("/", overview.home, GET),
        (company, overview.company, GET),
        (f"{company}/do/revoke", by_hand.revoke, BOTH),
        (f"{company}/do/<mistake>", by_hand.company, BOTH),
        (f"{company}/<listing>", records.listing, GET),
        (f"{company}/<listing>/new", by_hand.new, BOTH),
        (f"{company}/<listing>/<id>", records.record, GET),
        (f"{company}/<listing>/<id>/<mistake>", by_hand.record, BOTH),
        ("/requests", requests.listing, GET),
        ("/requests/<int:number>", requests.one, GET),
        ("/controls", controls.show, GET),
        ("/controls", controls.change, POST),
        ("/controls/reset", controls.reset, POST),
    ]


def answered(desk: Desk, view: View) -> View:
    """The view behind its guard; what is missing or refused is told on a page."""

    def answer(request: Request, **values: str) -> Response:
        try:
            if request.method == "POST":
                guard.check(request)
            return view(request, **values)
        except MissingError:
            return desk.page(request, "missing.html", status=404)
        except guard.ForeignError as error:
            return desk.page(request, "foreign.html", status=403, why=str(error))

    return answer
